import { Option } from "commander";
import { formatBytes, plainCell, showCell, type Cell, type CellStyle } from "./cells.ts";
import type { Io } from "./io.ts";

export type OutputFormat = "json" | "table" | "ndjson" | "text";

export function outputOption(): Option {
  return new Option("--output <format>", "how to print the answer")
    .choices(["table", "json", "ndjson", "text"])
    .default("table");
}

/** Values of one thing, or of many of its kind. */
export type Row = Readonly<Record<string, string | number | boolean | Date | undefined>>;

/** One value of a thing. JSON shows the whole thing instead. */
export interface Column<T> {
  readonly heading: string;
  readonly of: (item: T) => Cell;
  /** Numbers stand to the right; those of bytes have units. */
  readonly kind?: "bytes" | "count";
}

export interface View {
  readonly output: OutputFormat;
  /** Sizes in bytes. */
  readonly bytes?: boolean;
  /** Cells whole, whatever the width of the terminal. */
  readonly wide?: boolean;
}

/** Rows by which the widths of a table are found; later ones may stand out of line, but nothing waits for them. */
const MEASURED_ROWS = 500;
const LEAST_WIDTH = 8;
const GAP = "  ";

/** Prints one thing: JSON, or a line for each of its values. */
export function printOne(io: Io, output: OutputFormat, row: Row): void {
  printItem(io, { output }, row, valuesOf(Object.keys(row)));
}

/** What a command prints that has nothing to tell. */
export function printDone(io: Io, output: OutputFormat): void {
  if (isJson(output)) io.stdout.write("{}\n");
}

/** Prints a list: JSON, or a table with a line of headings. */
export function printMany(io: Io, output: OutputFormat, rows: readonly Row[], columns: readonly string[]): void {
  const shown = valuesOf(columns);
  if (isJson(output)) return writeAll(io, output, rows);
  if (output === "text") for (const row of rows) writePlain(io, row, shown);
  else writeTable(io, { output, wide: true }, { rows, columns: shown });
}

/** Prints one thing: JSON as it is, a line for each column, or all of them on one line. */
export function printItem<T>(io: Io, view: View, item: T, columns: readonly Column<T>[]): void {
  if (view.output === "json") io.stdout.write(`${JSON.stringify(item, undefined, 2)}\n`);
  else if (view.output === "ndjson") io.stdout.write(`${JSON.stringify(item)}\n`);
  else if (view.output === "text") writePlain(io, item, columns);
  else {
    const width = Math.max(...columns.map(({ heading }) => heading.length));
    const style = { isExact: true, now: now(io) };
    for (const column of columns) {
      io.stdout.write(`${column.heading.padEnd(width)}${GAP}${shown(item, column, { view, style })}\n`);
    }
  }
}

/** Prints a list as it comes: a JSON array, JSON lines, tab-separated values, or a table fitted to the terminal. */
export async function printList<T>(
  io: Io,
  view: View,
  { items, columns }: { readonly items: AsyncIterable<T> | Iterable<T>; readonly columns: readonly Column<T>[] },
): Promise<void> {
  if (isJson(view.output)) return writeJsonList(io, view.output, items);
  if (view.output === "text") {
    for await (const item of items) writePlain(io, item, columns);
    return;
  }
  let rows: T[] = [];
  let widths: readonly number[] | undefined;
  for await (const item of items) {
    rows.push(item);
    if (rows.length < MEASURED_ROWS) continue;
    widths = writeTable(io, view, { rows, columns, ...(widths === undefined ? {} : { widths }) });
    rows = [];
  }
  if (rows.length > 0 || widths === undefined)
    writeTable(io, view, { rows, columns, ...(widths === undefined ? {} : { widths }) });
}

interface Table<T> {
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  /** Of the part before this one; without it this is the first, and has the headings. */
  readonly widths?: readonly number[];
}

function writeTable<T>(io: Io, view: View, { rows, columns, widths }: Table<T>): readonly number[] {
  const style = { isExact: view.wide === true, now: now(io) };
  const lines = rows.map((row) => columns.map((column) => shown(row, column, { view, style })));
  if (widths === undefined) lines.unshift(columns.map(({ heading }) => heading));
  const fitted = widths ?? fit(measure(lines, columns.length), view.wide === true ? undefined : io.columns);
  for (const line of lines) {
    const cells = line.map((cell, i) => {
      const width = fitted[i] ?? 0;
      const text = view.wide === true || cell.length <= width ? cell : `${cell.slice(0, width - 1)}…`;
      return columns[i]?.kind === undefined ? text.padEnd(width) : text.padStart(width);
    });
    io.stdout.write(`${cells.join(GAP).trimEnd()}\n`);
  }
  return fitted;
}

function measure(lines: readonly (readonly string[])[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => lines.reduce((most, line) => Math.max(most, line[i]?.length ?? 0), 0));
}

/** Takes from the widest until all fit, or none has any to give. */
function fit(natural: readonly number[], available: number | undefined): readonly number[] {
  const widths = [...natural];
  if (available === undefined) return widths;
  let over = widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) - available;
  for (; over > 0; over -= 1) {
    const widest = Math.max(...widths);
    if (widest <= LEAST_WIDTH) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  return widths;
}

interface Shown {
  readonly view: View;
  readonly style: CellStyle;
}

function shown<T>(item: T, { of, kind }: Column<T>, { view, style }: Shown): string {
  const cell = of(item);
  return kind === "bytes" && view.bytes !== true && typeof cell === "number"
    ? formatBytes(cell)
    : showCell(cell, style);
}

function writePlain<T>(io: Io, item: T, columns: readonly Column<T>[]): void {
  io.stdout.write(`${columns.map(({ of }) => plainCell(of(item))).join("\t")}\n`);
}

async function writeJsonList<T>(
  io: Io,
  output: "json" | "ndjson",
  items: AsyncIterable<T> | Iterable<T>,
): Promise<void> {
  if (output === "ndjson") {
    for await (const item of items) io.stdout.write(`${JSON.stringify(item)}\n`);
    return;
  }
  let separator = "[\n";
  for await (const item of items) {
    io.stdout.write(`${separator}${JSON.stringify(item, undefined, 2).replace(/^/gm, "  ")}`);
    separator = ",\n";
  }
  io.stdout.write(separator === "[\n" ? "[]\n" : "\n]\n");
}

function writeAll(io: Io, output: "json" | "ndjson", rows: readonly Row[]): void {
  if (output === "json") io.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  else for (const row of rows) io.stdout.write(`${JSON.stringify(row)}\n`);
}

export function isJson(output: OutputFormat): output is "json" | "ndjson" {
  return output === "json" || output === "ndjson";
}

/** Each value under its own name, times in full. */
function valuesOf(names: readonly string[]): readonly Column<Row>[] {
  return names.map((name) => ({
    heading: name,
    of: (row) => {
      const value = row[name];
      return value instanceof Date ? value.toISOString() : value;
    },
  }));
}

function now(io: Io): Date {
  return io.now?.() ?? new Date();
}
