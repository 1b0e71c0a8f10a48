import { SerializationException, decodeBase64 } from "@stowage/model";
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from "./limits.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;

/** Shorter strings are cheap enough to be parsed with the rest. */
const LONG_STRING_BYTES = 64 * 1024;
/** A multiple of four digits; small enough for the texts to be short-lived. */
const BASE64_SLICE_BYTES = 64 * 1024;

/** Bytes between two quotes. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** A parsed body; `blob` is the decoded value of the member that was asked for, whose place in `json` holds "". */
export interface JsonBody {
  readonly json: unknown;
  readonly blob?: Uint8Array;
}

/**
 * Parses a body, refusing structure whose values would take far more memory than its text. A long base64 value of the
 * outermost member `blobMember` is decoded where it stands, over its own text, without passing through strings of its size.
 * @throws SerializationException the body is not JSON in UTF-8, or is built too large
 */
export function parseJsonBody(body: Uint8Array, blobMember?: string): JsonBody {
  const span = outline(bufferOver(body), blobMember);
  if (span === undefined || !isPlain(bufferOver(body.subarray(span.from, span.to)))) return { json: parse(body) };
  const rest = new Uint8Array(body.length - (span.to - span.from));
  rest.set(body.subarray(0, span.from));
  rest.set(body.subarray(span.to), span.from);
  return { json: parse(rest), blob: decodeInPlace(body, span) };
}

function parse(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
  } catch (cause) {
    throw new SerializationException("The request body is not valid JSON", { cause });
  }
}

/** Whether the text of a string is its value, and base64 without spaces could be. */
function isPlain(text: Buffer): boolean {
  return !text.includes(BACKSLASH) && !text.includes(SPACE);
}

/** The same memory. A Buffer is searched several times as fast as an array. */
function bufferOver({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/**
 * Walks over structure, jumping over strings. Whether it is JSON at all is for the parser to say.
 * @returns the long string that is the value of `member` in the outermost object, if there is one such member
 */
function outline(body: Buffer, member: string | undefined): Span | undefined {
  let depth = 0;
  let values = 0;
  let text: Span | undefined;
  let key: Span | undefined;
  let found: Span | undefined;
  let times = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      text = { from: at + 1, to: endOfString(body, at + 1) };
      at = text.to;
      if (depth !== 1 || key === undefined || !isText(body, key, member)) continue;
      times += 1;
      if (text.to - text.from >= LONG_STRING_BYTES) found = text;
    } else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) {
      depth += 1;
      values += 1;
    } else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) depth -= 1;
    else if (byte === COLON) {
      if (depth === 1) key = text;
    } else if (byte === COMMA) {
      values += 1;
      if (depth === 1) key = undefined;
    }
    if (depth > MAX_JSON_DEPTH) throw new SerializationException("The request body is nested too deeply");
    if (values > MAX_JSON_VALUES) throw new SerializationException("The request body holds too many values");
  }
  return times === 1 ? found : undefined;
}

/** Index of the quote that ends the string, or the body's length. */
function endOfString(body: Buffer, from: number): number {
  const quote = body.indexOf(QUOTE, from);
  const end = quote === -1 ? body.length : quote;
  const backslash = body.subarray(from, end).indexOf(BACKSLASH);
  if (backslash === -1) return end;
  let at = from + backslash;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, body.length);
}

function isText(body: Buffer, { from, to }: Span, text: string | undefined): boolean {
  if (text === undefined || to - from !== text.length) return false;
  for (let index = 0; index < text.length; index += 1) if (body[from + index] !== text.charCodeAt(index)) return false;
  return true;
}

/** Three bytes of the value end up where four digits stood, so that what is written never overtakes what is read. */
function decodeInPlace(body: Uint8Array, { from, to }: Span): Uint8Array {
  const digits = bufferOver(body);
  let written = from;
  for (let at = from; at < to; at += BASE64_SLICE_BYTES) {
    const end = Math.min(at + BASE64_SLICE_BYTES, to);
    const bytes = decodeBase64(digits.toString("latin1", at, end));
    const isWhole = end === to || bytes?.length === (BASE64_SLICE_BYTES / 4) * 3;
    if (bytes === undefined || !isWhole) throw new SerializationException("Invalid base64 data");
    body.set(bytes, written);
    written += bytes.length;
  }
  return body.subarray(from, written);
}
