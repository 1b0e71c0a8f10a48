import { expand, matches, plain, type Piece } from "./naive-strings.ts";

export interface ValueQuestion {
  readonly value: string;
  readonly text: string;
  readonly version: string;
  readonly valueOf: (key: string) => readonly string[];
}

/** Whether one value of a request fits one value of a policy, under an operator without its Not. */
export function valueMatches(operator: string, { value, text, version, valueOf }: ValueQuestion): boolean {
  const pieces = expand(text, version, valueOf);
  switch (operator) {
    case "StringEquals":
      return pieces !== undefined && plain(pieces) === value;
    case "StringEqualsIgnoreCase":
      return pieces !== undefined && plain(pieces).toUpperCase() === value.toUpperCase();
    case "StringLike":
      return matches(pieces, value);
    case "ArnEquals":
    case "ArnLike":
      return pieces !== undefined && arnMatches(pieces, value);
    case "Bool":
      return (
        pieces !== undefined && /^(true|false)$/i.test(value) && plain(pieces).toLowerCase() === value.toLowerCase()
      );
    case "BinaryEquals":
      return Buffer.from(text, "base64").equals(Buffer.from(value, "base64"));
    case "IpAddress":
      return ipMatches(text, value);
    default:
      return operator.startsWith("Date")
        ? compare(operator.slice("Date".length), millis(value), millis(text))
        : compare(operator.slice("Numeric".length), number(value), number(text));
  }
}

function compare(relation: string, left: number, right: number): boolean {
  if (Number.isNaN(left) || Number.isNaN(right)) return false;
  if (relation === "Equals") return left === right;
  if (relation === "LessThan") return left < right;
  if (relation === "LessThanEquals") return left <= right;
  if (relation === "GreaterThan") return left > right;
  return left >= right;
}

function number(text: string): number {
  return text.trim() === "" || /[^0-9.+-]/.test(text) ? Number.NaN : Number(text);
}

function millis(text: string): number {
  return /^[0-9]{5,}$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

/** Six fields, each by itself. */
function arnMatches(pieces: readonly Piece[], arn: string): boolean {
  const fields: Piece[][] = [[]];
  for (const piece of pieces) {
    const isColon = typeof piece !== "string" && piece.literal === ":";
    if (isColon && fields.length < 6) fields.push([]);
    else fields.at(-1)?.push(piece);
  }
  const found = /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(arn);
  if (found === null) return false;
  if (fields.length < 6 && pieces.at(-1) !== "*") return false;
  return fields.every((field, index) => matches(field, found[index + 1] ?? ""));
}

function ipMatches(range: string, address: string): boolean {
  const [base = "", bits] = range.split("/");
  const [from, of] = [ipNumber(base), ipNumber(address)];
  if (from === undefined || of === undefined || from.width !== of.width) return false;
  // A range written as IPv4 inside IPv6 counts its 96 fixed bits.
  const fixed = from.width === 32 && base.includes(":") ? 96 : 0;
  const shift = bits === undefined ? 0n : BigInt(from.width + fixed - Number(bits));
  return from.value >> shift === of.value >> shift;
}

/** Written out by string replacement, as one does on paper. */
function ipNumber(text: string): { width: number; value: bigint } | undefined {
  const mapped = /^::ffff:([0-9.]+)$/i.exec(text)?.[1];
  const ipv4 = (mapped ?? text).split(".");
  if (ipv4.length === 4) {
    return { width: 32, value: ipv4.reduce((value, octet) => value * 256n + BigInt(octet), 0n) };
  }
  if (!text.includes(":")) return undefined;
  const present = text.split(":").filter((group) => group !== "").length;
  const filled = text
    .replace("::", `:${"0:".repeat(8 - present)}`)
    .replace(/^:/, "")
    .replace(/:$/, "");
  return { width: 128, value: filled.split(":").reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n) };
}
