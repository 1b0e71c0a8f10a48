import { ManifestRefusal } from "./manifest-failure.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Objects and arrays inside each other; manifests in the wild nest five deep. */
export const MAX_MANIFEST_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Parses a manifest's bytes, which must be UTF-8 without byte order mark.
 * @throws ManifestRefusal malformed-json, too-deep
 */
export function parseJsonObject(bytes: Uint8Array): JsonObject {
  requireShallow(bytes);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new ManifestRefusal("malformed-json", "The manifest is not valid JSON");
  }
  if (!isObject(json)) throw new ManifestRefusal("wrong-shape", "The manifest is not a JSON object");
  return json;
}

/** Looks at the bytes before anything recursive may. */
function requireShallow(bytes: Uint8Array): void {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (quoted) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) {
      quoted = true;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth > MAX_MANIFEST_DEPTH) {
        throw new ManifestRefusal("too-deep", `The manifest is nested deeper than ${MAX_MANIFEST_DEPTH} levels`);
      }
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
}

export function isObject(json: unknown): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** The object's own member; null, as Go writes empty things, counts as absent. */
export function own(source: JsonObject, key: string): unknown {
  return Object.hasOwn(source, key) ? (source[key] ?? undefined) : undefined;
}

/** An object of texts as a map without a prototype behind it; undefined when a value is no text. */
export function textMap(json: unknown): Readonly<Record<string, string>> | undefined {
  if (!isObject(json)) return undefined;
  const entries: [string, string][] = [];
  for (const [key, value] of Object.entries(json)) {
    if (typeof value !== "string") return undefined;
    entries.push([key, value]);
  }
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Readonly<Record<string, string>>;
}

export function textList(json: unknown): readonly string[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const texts = (json as readonly unknown[]).filter((item) => typeof item === "string");
  return texts.length === json.length ? texts : undefined;
}
