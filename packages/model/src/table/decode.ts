import { SerializationException } from "../ecr/errors-common.ts";
import { decodeBase64 } from "./base64.ts";
import { membersOf, shapeOf } from "./table.ts";
import type { ListShape, MapShape, Scalar, ServiceTable, Shape, StructureShape } from "./table.ts";

/** No API nests its shapes this deep; a table that refers to itself cannot be walked without end. */
export const MAX_SHAPE_DEPTH = 32;

/** What becomes of `null` as item of a list or value of a map: a server keeps it for validation to refuse, a client drops it. */
export type NullItems = "keep" | "drop";

interface Walk {
  readonly table: ServiceTable;
  readonly nullItems: NullItems;
}

const TYPE_NAMES: Readonly<Record<Scalar, string>> = {
  string: "String",
  integer: "Integer",
  long: "Long",
  double: "Double",
  boolean: "Boolean",
  timestamp: "Timestamp",
  blob: "Blob",
};
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const MAX_DATE_MS = 8.64e15;

/**
 * Turns parsed JSON into a value of the named shape: epoch seconds become Date, base64 Uint8Array. Unknown members are
 * ignored, `null` counts as absent; bounds are not checked.
 * @throws SerializationException a value has another JSON type than its shape
 */
export function decodeValue(table: ServiceTable, shapeName: string, json: unknown, nullItems: NullItems): unknown {
  return decode({ table, nullItems }, shapeName, json, 0);
}

function decode(walk: Walk, shapeName: string, json: unknown, depth: number): unknown {
  if (depth > MAX_SHAPE_DEPTH) throw new SerializationException("Structure is nested too deeply");
  const shape: Shape = shapeOf(walk.table, shapeName);
  if (typeof shape === "string") return decodeScalar(shape, json);
  if ("structure" in shape) return decodeStructure(walk, shape, json, depth);
  if ("list" in shape) return decodeList(walk, shape, json, depth);
  return decodeMap(walk, shape, json, depth);
}

function decodeStructure(walk: Walk, shape: StructureShape, json: unknown, depth: number): unknown {
  const source = objectOf(json, "Unexpected value type in payload");
  const value: Record<string, unknown> = {};
  for (const member of membersOf(shape)) {
    const given = Object.hasOwn(source, member.name) ? source[member.name] : undefined;
    if (given === undefined || given === null) continue;
    value[member.name] = decode(walk, member.shape, given, depth + 1);
  }
  return value;
}

function decodeList(walk: Walk, shape: ListShape, json: unknown, depth: number): unknown {
  if (!Array.isArray(json)) {
    throw new SerializationException(
      typeof json === "object" ? "Start of structure or map found where not expected." : "Expected list or null",
    );
  }
  const items: unknown[] = [];
  for (const item of json as readonly unknown[]) {
    if (item !== null) items.push(decode(walk, shape.list, item, depth + 1));
    else if (walk.nullItems === "keep") items.push(null);
  }
  return items;
}

function decodeMap(walk: Walk, shape: MapShape, json: unknown, depth: number): unknown {
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(objectOf(json, "Expected map or null"))) {
    if (item !== null) entries.push([key, decode(walk, shape.map, item, depth + 1)]);
    else if (walk.nullItems === "keep") entries.push([key, null]);
  }
  // fromEntries defines own properties, so a key named __proto__ stays a key.
  return Object.fromEntries(entries);
}

function objectOf(json: unknown, complaint: string): Readonly<Record<string, unknown>> {
  if (Array.isArray(json)) throw new SerializationException("Start of list found where not expected");
  if (typeof json !== "object" || json === null) throw new SerializationException(complaint);
  return json as Readonly<Record<string, unknown>>;
}

function decodeScalar(type: Scalar, json: unknown): unknown {
  switch (type) {
    case "string":
      return typeof json === "string" ? json : refuse(type, json);
    case "boolean":
      return typeof json === "boolean" ? json : refuse(type, json);
    case "integer":
      return isWholeBetween(json, INT32_MIN, INT32_MAX) ? json : refuse(type, json);
    case "long":
      return isWholeBetween(json, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) ? json : refuse(type, json);
    case "double":
      return typeof json === "number" ? json : refuse(type, json);
    case "timestamp":
      return decodeTimestamp(json);
    case "blob":
      return decodeBlob(json);
  }
}

function isWholeBetween(json: unknown, least: number, most: number): boolean {
  return Number.isInteger(json) && Number(json) >= least && Number(json) <= most;
}

function decodeTimestamp(json: unknown): Date {
  if (typeof json !== "number" || Math.abs(json * 1000) > MAX_DATE_MS) return refuse("timestamp", json);
  return new Date(Math.round(json * 1000));
}

function decodeBlob(json: unknown): Uint8Array {
  if (typeof json !== "string") return refuse("blob", json);
  const bytes = decodeBase64(json);
  if (bytes === undefined) throw new SerializationException("Invalid base64 data");
  return bytes;
}

function refuse(type: Scalar, json: unknown): never {
  if (Array.isArray(json)) throw new SerializationException("Start of list found where not expected");
  if (typeof json === "object") {
    throw new SerializationException("Start of structure or map found where not expected.");
  }
  throw new SerializationException(`${tokenOf(json)} cannot be converted to ${TYPE_NAMES[type]}`);
}

/** The names that AWS's JSON reader has for the kinds of value. */
function tokenOf(json: unknown): string {
  if (typeof json === "number") return Number.isInteger(json) ? "NUMBER_VALUE" : "DECIMAL_VALUE";
  if (typeof json === "boolean") return json ? "TRUE_VALUE" : "FALSE_VALUE";
  return "STRING_VALUE";
}
