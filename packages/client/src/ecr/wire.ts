import { encodeBase64, SerializationException } from "@stowage/model";
import { timestampMembers } from "./generated/wire-facts.ts";

/** No answer of ECR nests this deep. */
const MAX_DEPTH = 32;
const MAX_DATE_SECONDS = 8.64e12;

/**
 * Turns an input into what `JSON.stringify` takes: Date becomes epoch seconds with milliseconds as fraction, Uint8Array
 * base64. Absent members are left out.
 */
export function toWire(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) {
    const ms = value.getTime();
    if (Number.isNaN(ms)) throw new TypeError("An invalid date cannot be sent");
    return ms / 1000;
  }
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (Array.isArray(value)) return value.map(toWire);
  const json: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined && member !== null) json.push([name, toWire(member)]);
  }
  return Object.fromEntries(json);
}

/**
 * Turns a parsed answer into an output. In ECR a member's name tells whether it is a time, so no shapes are needed here:
 * a test holds the names against the table. `null` counts as absent.
 */
export function fromWire(json: unknown): object {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new SerializationException("The answer is no JSON object");
  }
  return decodeMembers(json, 0);
}

function decodeMembers(json: object, depth: number): object {
  if (depth > MAX_DEPTH) throw new SerializationException("The answer is nested too deeply");
  const members: [string, unknown][] = [];
  for (const [name, value] of Object.entries(json)) {
    if (value !== null && value !== undefined) members.push([name, decodeMember(name, value, depth)]);
  }
  // fromEntries defines own properties, so a key named __proto__ stays a key.
  return Object.fromEntries(members);
}

function decodeMember(name: string, value: unknown, depth: number): unknown {
  if (typeof value === "number") return isTime(name, value) ? new Date(Math.round(value * 1000)) : value;
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return decodeMembers(value, depth + 1);
  const items = value.filter((item: unknown) => item !== null);
  return items.map((item: unknown) => (typeof item === "object" ? decodeMember("", item, depth + 1) : item));
}

function isTime(name: string, value: number): boolean {
  return timestampMembers.has(name) && Math.abs(value) <= MAX_DATE_SECONDS;
}
