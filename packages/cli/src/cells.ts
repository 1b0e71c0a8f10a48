/** A value as a table shows it. Lists are told in one cell. */
export type Cell = string | number | boolean | Date | readonly string[] | undefined;

export interface CellStyle {
  /** Digests whole, times in full. */
  readonly isExact: boolean;
  readonly now: Date;
}

const DIGEST = /^([a-z0-9+._-]+:[a-f0-9]{12})[a-f0-9]{20,}$/;
const BYTE_UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB"];
/** From the largest, in milliseconds. */
const AGE_UNITS = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** `3 hours ago`, `in 1 day`; `now` within a second. Intl has a word for it, but takes 14 ms of every command's start. */
export function formatAge(date: Date, now: Date): string {
  const ms = date.getTime() - now.getTime();
  for (const [unit, unitMs] of AGE_UNITS) {
    const count = Math.trunc(Math.abs(ms) / unitMs);
    if (count === 0) continue;
    const span = `${count} ${unit}${count === 1 ? "" : "s"}`;
    return ms < 0 ? `${span} ago` : `in ${span}`;
  }
  return "now";
}

/** `12.3 MiB`, three digits; plain bytes below 1 KiB. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = "B";
  for (const larger of BYTE_UNITS) {
    if (Math.round(value) < 1024) break;
    value /= 1024;
    unit = larger;
  }
  return `${unit === "B" || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/** For a reader: ages, short digests, nothing that a terminal would obey. */
export function showCell(cell: Cell, { isExact, now }: CellStyle): string {
  if (cell instanceof Date) {
    const age = formatAge(cell, now);
    return isExact ? `${cell.toISOString()} (${age})` : age;
  }
  const text = isList(cell) ? cell.join(", ") : String(cell ?? "");
  if (text === "") return "-";
  return harmless(isExact ? text : text.replace(DIGEST, "$1"));
}

/** For a program: everything whole, one line. */
export function plainCell(cell: Cell): string {
  if (cell instanceof Date) return cell.toISOString();
  const text = isList(cell) ? cell.join(",") : String(cell ?? "");
  return text === "" ? "-" : harmless(text);
}

/** Control characters, such as those that move the cursor, become spaces. */
export function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

function isList(cell: Cell): cell is readonly string[] {
  return Array.isArray(cell);
}
