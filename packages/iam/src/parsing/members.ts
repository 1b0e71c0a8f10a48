import type { Findings, Place } from "./findings.ts";
import type { JsonNode } from "./json.ts";

/** A member of an object and where it stands. */
export interface Member {
  readonly value: JsonNode;
  readonly place: Place;
}

/** Members by key. */
export type Members = ReadonlyMap<string, Member>;

/** A string and where it stands. */
export interface PlacedText {
  readonly text: string;
  readonly place: Place;
}

export interface ObjectReading {
  readonly place: Place;
  /** Keys that the object may have; any when undefined. Their case matters. */
  readonly allowed?: readonly string[];
  readonly findings: Findings;
}

/** The members of an object; undefined and a finding when it is none. */
export function readMembers(node: JsonNode, { place, allowed, findings }: ObjectReading): Members | undefined {
  if (node.kind !== "object") {
    findings.error("DATA_TYPE_MISMATCH", place, "An object must stand here.");
    return undefined;
  }
  const members = new Map<string, Member>();
  for (const { key, at, value } of node.members) {
    const member = { value, place: { path: place.path === "" ? key : `${place.path}.${key}`, at } };
    if (allowed?.includes(key) === false) findings.error("INVALID_ELEMENT", member.place, unknownKey(key, allowed));
    members.set(key, member);
  }
  return members;
}

function unknownKey(key: string, allowed: readonly string[]): string {
  const meant = allowed.find((name) => name.toLowerCase() === key.toLowerCase());
  return meant === undefined ? `Here stand only ${allowed.join(", ")}.` : `It is written ${meant}.`;
}

/** A member that is a string; undefined when it is absent, and a finding when it is something else. */
export function readText(members: Members, key: string, findings: Findings): PlacedText | undefined {
  const member = members.get(key);
  if (member === undefined) return undefined;
  if (member.value.kind === "string") return { text: member.value.value, place: member.place };
  findings.error("DATA_TYPE_MISMATCH", member.place, `${key} is a string.`);
  return undefined;
}

/** A string, or a list of them. */
export function readTexts({ value, place }: Member, findings: Findings): PlacedText[] {
  if (value.kind === "string") return [{ text: value.value, place }];
  if (value.kind !== "array") {
    findings.error("DATA_TYPE_MISMATCH", place, "A string or a list of strings must stand here.");
    return [];
  }
  return value.items.flatMap((item, index) => {
    const itemPlace = { path: `${place.path}[${index}]`, at: item.at };
    if (item.kind === "string") return [{ text: item.value, place: itemPlace }];
    findings.error("DATA_TYPE_MISMATCH", itemPlace, "A string must stand here.");
    return [];
  });
}
