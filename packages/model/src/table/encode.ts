import { encodeBase64 } from "./base64.ts";
import { MAX_SHAPE_DEPTH } from "./decode.ts";
import { membersOf, shapeOf } from "./table.ts";
import type { Scalar, ServiceTable, Shape, StructureShape } from "./table.ts";

/**
 * Turns a value of the named shape into what `JSON.stringify` takes: Date becomes epoch seconds with milliseconds as
 * fraction, Uint8Array base64. Absent members and members that the table does not know are left out.
 */
export function encodeValue(table: ServiceTable, shapeName: string, value: unknown): unknown {
  return encode(table, shapeName, value, 0);
}

function encode(table: ServiceTable, shapeName: string, value: unknown, depth: number): unknown {
  if (depth > MAX_SHAPE_DEPTH) throw new TypeError(`${shapeName} is nested deeper than ${MAX_SHAPE_DEPTH}`);
  const shape: Shape = shapeOf(table, shapeName);
  if (typeof shape === "string") return encodeScalar(shape, value);
  if ("structure" in shape) return encodeStructure(table, shape, value, depth);
  if ("list" in shape) return (value as readonly unknown[]).map((item) => encode(table, shape.list, item, depth + 1));
  const entries = Object.entries(value as Readonly<Record<string, unknown>>)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [key, encode(table, shape.map, item, depth + 1)] as const);
  return Object.fromEntries(entries);
}

function encodeStructure(table: ServiceTable, shape: StructureShape, value: unknown, depth: number): unknown {
  const source = value as Readonly<Record<string, unknown>>;
  const json: Record<string, unknown> = {};
  for (const member of membersOf(shape)) {
    const given = source[member.name];
    if (given === undefined || given === null) continue;
    json[member.name] = encode(table, member.shape, given, depth + 1);
  }
  return json;
}

function encodeScalar(type: Scalar, value: unknown): unknown {
  if (type === "blob") return encodeBase64(value as Uint8Array);
  if (type !== "timestamp") return value;
  const ms = (value as Date).getTime();
  if (Number.isNaN(ms)) throw new TypeError("An invalid date cannot be sent");
  return ms / 1000;
}
