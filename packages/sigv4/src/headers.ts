/** Headers by name, as node:http gives them; a header that came several times may be a list. */
export type HeaderMap = Readonly<Record<string, string | readonly string[] | undefined>>;

const UNTIDY = /^[ \t\r\n]|[ \t\r\n]$|[ \t\r\n]{2}|[\t\r\n]/;

/** The values of a header by its name in lower case; names that the prototype answers to are not headers. */
export function headerValues(headers: HeaderMap, name: string): readonly string[] {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** Trims a header's value and folds each run of white space into one space. */
export function tidyHeaderValue(value: string): string {
  if (!UNTIDY.test(value)) return value;
  const folded = value.replace(/[ \t\r\n]+/g, " ");
  const start = folded.startsWith(" ") ? 1 : 0;
  const end = folded.length > start && folded.endsWith(" ") ? folded.length - 1 : folded.length;
  return folded.slice(start, end);
}

/** A header as it is signed: its values in order, tidied, with commas between them. Absent is empty, as on AWS. */
export function signedHeaderValue(headers: HeaderMap, name: string): string {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined) return "";
  return typeof value === "string" ? tidyHeaderValue(value) : value.map(tidyHeaderValue).join(",");
}
