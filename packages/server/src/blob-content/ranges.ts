/** Bytes of a blob, both ends 0-based and inclusive. */
export interface ByteRange {
  readonly fromByte: number;
  readonly toByte: number;
}

/** What a Range header asks for, held against the blob's size. */
export type RangeAnswer =
  | { readonly kind: "whole" }
  | { readonly kind: "unsatisfiable" }
  | { readonly kind: "partial"; readonly ranges: readonly [ByteRange, ...ByteRange[]] };

/** A request for more ranges is answered with the whole blob. SOCI and stargz ask for some dozens. */
export const MAX_RANGES = 100;

const WHOLE: RangeAnswer = { kind: "whole" };
const UNSATISFIABLE: RangeAnswer = { kind: "unsatisfiable" };
const UNIT = "bytes=";
const MAX_DIGITS = 15;

/**
 * Reads a Range header. Ends beyond the blob are clipped; ranges that lie wholly beyond it are left out, and nothing left is
 * unsatisfiable, as is one that ends before it begins. What is not of the grammar is answered whole, and so are ranges that add
 * up to more than the blob, for they would let a short request ask for any number of bytes.
 * Source: RFC 9110, 14.1.2 and 14.2; `500-0` as the OCI conformance suite expects it.
 */
export function parseRange(header: string | undefined, sizeBytes: number): RangeAnswer {
  if (header === undefined) return WHOLE;
  if (header.slice(0, UNIT.length).toLowerCase() !== UNIT) return WHOLE;
  const specs = header.slice(UNIT.length).split(",", MAX_RANGES + 1);
  if (specs.length > MAX_RANGES) return WHOLE;
  const ranges: ByteRange[] = [];
  let total = 0;
  for (const spec of specs) {
    const range = parseSpec(spec.trim(), sizeBytes);
    if (range === "malformed") return WHOLE;
    if (range === "beyond") continue;
    ranges.push(range);
    total += range.toByte - range.fromByte + 1;
  }
  const [first, ...rest] = ranges;
  if (first === undefined) return UNSATISFIABLE;
  return total > sizeBytes ? WHOLE : { kind: "partial", ranges: [first, ...rest] };
}

/** One of `a-b`, `a-` and `-n`. */
function parseSpec(spec: string, sizeBytes: number): ByteRange | "malformed" | "beyond" {
  const dash = spec.indexOf("-");
  if (dash < 0) return "malformed";
  const last = dash + 1 === spec.length ? undefined : digits(spec, dash + 1, spec.length);
  if (dash === 0) {
    if (last === undefined || Number.isNaN(last)) return "malformed";
    if (last === 0 || sizeBytes === 0) return "beyond";
    return { fromByte: Math.max(0, sizeBytes - last), toByte: sizeBytes - 1 };
  }
  const first = digits(spec, 0, dash);
  if (Number.isNaN(first) || (last !== undefined && Number.isNaN(last))) return "malformed";
  if (first >= sizeBytes || (last !== undefined && last < first)) return "beyond";
  return { fromByte: first, toByte: Math.min(last ?? sizeBytes, sizeBytes - 1) };
}

/** A number of decimal digits alone, NaN for anything else; one too long for any blob counts as beyond every size. */
function digits(text: string, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return Number.NaN;
  }
  return to - from > MAX_DIGITS ? Number.MAX_SAFE_INTEGER : Number(text.slice(from, to));
}
