import type { Io } from "../io.ts";
import { printItem, type OutputFormat, type Row } from "../output.ts";

/** Prints one thing that has lists in it: JSON as it was answered, or a line for each value of `row`. */
export function printAnswer(io: Io, output: OutputFormat, answer: object, row: Row): void {
  const columns = Object.entries(row).map(([heading, value]) => ({
    heading,
    of: () => (value instanceof Date ? value.toISOString() : value),
  }));
  printItem(io, { output }, answer, columns);
}
