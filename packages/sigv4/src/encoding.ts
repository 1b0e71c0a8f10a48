import { MAX_QUERY_PARAMETERS, MAX_TARGET_CHARS } from "./limits.ts";

const WIRE_TARGET = /^\/[\x21-\x7e]*$/;
const UNRESERVED_ONLY = /^[A-Za-z0-9\-._~]*$/;
const UNRESERVED_PATH_ONLY = /^[A-Za-z0-9\-._~/]*$/;
const HEX_PAIR = /^[0-9A-Fa-f]{2}$/;

const ESCAPES = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`);
/** Every byte as SigV4 writes it: unreserved characters as they are, the others escaped. */
const ENCODED = ESCAPES.map((escape, byte) => {
  const character = String.fromCharCode(byte);
  return UNRESERVED_ONLY.test(character) ? character : escape;
});

/** A query parameter, name and value in canonical encoding. */
export interface QueryParameter {
  readonly name: string;
  readonly value: string;
}

/** Tells whether a request line can carry this target: a path and maybe a query, in visible ASCII, of bounded length. */
export function isWireTarget(target: string): boolean {
  return target.length <= MAX_TARGET_CHARS && WIRE_TARGET.test(target);
}

/** Splits a request target into its path and its query without the question mark. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf("?");
  if (mark === -1) return { path: target, query: "" };
  return { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Escapes the bytes of an ASCII text. */
export function encodeComponent(text: string): string {
  if (UNRESERVED_ONLY.test(text)) return text;
  let encoded = "";
  for (let i = 0; i < text.length; i++) encoded += ENCODED[text.charCodeAt(i)] ?? "";
  return encoded;
}

/** Undoes the canonical encoding, a character for each byte. */
export function decodeComponent(encoded: string): string {
  return encoded.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * Brings a part of a query, encoded by whatever taste, into canonical encoding. A plus sign is a space, as in forms.
 * It works on bytes, so that escapes which are no UTF-8 pass through.
 * @returns undefined when a percent sign is not followed by two hexadecimal digits
 */
export function normalizeComponent(raw: string): string | undefined {
  if (UNRESERVED_ONLY.test(raw)) return raw;
  let encoded = "";
  for (let i = 0; i < raw.length; i++) {
    const character = raw.charAt(i);
    if (character === "+") {
      encoded += "%20";
    } else if (character === "%") {
      const hex = raw.slice(i + 1, i + 3);
      if (!HEX_PAIR.test(hex)) return undefined;
      encoded += ENCODED[Number.parseInt(hex, 16)];
      i += 2;
    } else {
      encoded += ENCODED[raw.charCodeAt(i)] ?? "";
    }
  }
  return encoded;
}

/**
 * Reads a query, without its question mark, in the order it came.
 * @returns undefined when an escape is malformed or there are more than MAX_QUERY_PARAMETERS parameters
 */
export function parseQuery(query: string): QueryParameter[] | undefined {
  if (query === "") return [];
  const parameters: QueryParameter[] = [];
  for (const part of query.split("&")) {
    if (part === "") continue;
    if (parameters.length === MAX_QUERY_PARAMETERS) return undefined;
    const equals = part.indexOf("=");
    const name = normalizeComponent(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? "" : normalizeComponent(part.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    parameters.push({ name, value });
  }
  return parameters;
}

/** Writes parameters as they are signed: sorted by name, then by value. */
export function canonicalQuery(parameters: readonly QueryParameter[]): string {
  if (parameters.length === 0) return "";
  return parameters
    .toSorted((a, b) => order(a.name, b.name) || order(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join("&");
}

function order(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * Writes a path as it is signed: dot segments and empty segments taken out, then escaped once more on top of its own
 * escapes. S3 alone signs the path as it stands.
 */
export function canonicalPath(path: string, service: string): string {
  if (path === "/" || service === "s3") return path;
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const normalized = `/${kept.join("/")}${kept.length > 0 && path.endsWith("/") ? "/" : ""}`;
  return UNRESERVED_PATH_ONLY.test(normalized) ? normalized : normalized.split("/").map(encodeComponent).join("/");
}
