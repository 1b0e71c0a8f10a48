/** What a column holds. Booleans are 0 and 1, times are epoch milliseconds, structures are JSON text. */
export type Value = string | number | Uint8Array | null;

export type Row = Readonly<Record<string, unknown>>;

/**
 * Runs the SQL of the stores. Parameters are written `?1`, `?2`, …; every text is a constant or comes from
 * {@link listParameters}, so that a driver may keep what it prepared.
 */
export interface Executor {
  all(sql: string, ...values: Value[]): Promise<Row[]>;
  get(sql: string, ...values: Value[]): Promise<Row | undefined>;
  /** @returns how many rows changed */
  run(sql: string, ...values: Value[]): Promise<number>;
}

function wrongColumn(row: Row, column: string): Error {
  return new Error(`column ${column} holds ${row[column] === null ? "null" : typeof row[column]}`);
}

export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw wrongColumn(row, column);
  return value;
}

export function numberOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw wrongColumn(row, column);
  return value;
}

export function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw wrongColumn(row, column);
  return value;
}

export function dateOf(row: Row, column: string): Date {
  return new Date(numberOf(row, column));
}

export function isNull(row: Row, column: string): boolean {
  return row[column] === null;
}

/** A row that an aggregate or `RETURNING` always answers. */
export function present(row: Row | undefined): Row {
  if (row === undefined) throw new Error("a query that always answers gave no row");
  return row;
}

/** Most values that one statement takes in a list. */
const LIST_LIMIT = 512;

/** Lists come in few lengths, so that few texts are prepared; the last value fills a list up. */
const LIST_LENGTHS = [1, 8, 64, LIST_LIMIT] as const;

/** The texts of a query whose list has each of the lengths; `sql` is handed the parameters `?from, …`. */
export type ListQuery = readonly string[];

export function listQuery(firstParameter: number, sql: (parameters: string) => string): ListQuery {
  return LIST_LENGTHS.map((length) =>
    sql(Array.from({ length }, (_, index) => `?${firstParameter + index}`).join(", ")),
  );
}

/** Cuts a list into pieces that fit a {@link ListQuery}, each with the text for its length. */
export function* pieces<T extends Value>(query: ListQuery, list: readonly T[]): Generator<[sql: string, values: T[]]> {
  for (let start = 0; start < list.length; start += LIST_LIMIT) {
    const values = list.slice(start, start + LIST_LIMIT);
    const index = LIST_LENGTHS.findIndex((length) => length >= values.length);
    const length = LIST_LENGTHS[index] ?? LIST_LIMIT;
    const last = values.at(-1);
    const sql = query[index];
    if (last === undefined || sql === undefined) throw new Error("a list query lacks a length");
    while (values.length < length) values.push(last);
    yield [sql, values];
  }
}
