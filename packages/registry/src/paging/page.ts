/** A page of a list; `next` is the cursor to ask on with, absent on the last page. */
export interface Page<T, C = string> {
  readonly items: readonly T[];
  readonly next?: C;
}

export interface PageRequest {
  readonly after?: string;
  readonly limit: number;
}

/**
 * Cuts what was read with one item more than the page holds.
 * @param cursor tells the cursor that continues behind an item
 */
export function cutPage<T>(rows: readonly T[], limit: number, cursor: (last: T) => string): Page<T> {
  if (rows.length <= limit) return { items: rows };
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return last === undefined ? { items } : { items, next: cursor(last) };
}
