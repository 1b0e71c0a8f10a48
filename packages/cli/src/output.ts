import { Option } from "commander";
import type { Io } from "./io.ts";

export type OutputFormat = "json" | "table";

export function outputOption(): Option {
  return new Option("--output <format>", "how to print the answer").choices(["json", "table"]).default("table");
}

/** Values of one thing, or of many of its kind. */
export type Row = Readonly<Record<string, string | number | boolean | Date | undefined>>;

/** Prints one thing: JSON, or a line for each of its values. */
export function printOne(io: Io, format: OutputFormat, row: Row): void {
  if (format === "json") return printJson(io, row);
  const width = Math.max(...Object.keys(row).map((name) => name.length));
  for (const [name, value] of Object.entries(row)) io.stdout.write(`${name.padEnd(width)}  ${text(value)}\n`);
}

/** Prints one thing that has lists in it: JSON as it was answered, or a line for each value of `row`. */
export function printAnswer(io: Io, format: OutputFormat, answer: unknown, row: Row): void {
  if (format === "json") printJson(io, answer);
  else printOne(io, format, row);
}

/** What a command prints that has nothing to tell. */
export function printDone(io: Io, format: OutputFormat): void {
  if (format === "json") io.stdout.write("{}\n");
}

/** Prints a list: JSON, or a table with a line of headings. */
export function printMany(io: Io, format: OutputFormat, rows: readonly Row[], columns: readonly string[]): void {
  if (format === "json") return printJson(io, rows);
  const lines = [columns, ...rows.map((row) => columns.map((column) => text(row[column])))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? "").length)));
  for (const line of lines)
    io.stdout.write(
      `${line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
}

export function printJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

function text(value: Row[string]): string {
  return value instanceof Date ? value.toISOString() : String(value ?? "-");
}
