import { paginators } from "../../packages/model/src/ecr/table/paginators.ts";
import { ecrTable } from "../../packages/model/src/ecr/table/table.ts";
import { waiters } from "../../packages/model/src/ecr/table/waiters.ts";
import { membersOf, operationOf, shapeOf } from "../../packages/model/src/table/table.ts";
import type { Member } from "../../packages/model/src/table/table.ts";

export const operationNames: readonly string[] = Object.keys(ecrTable.operations);
export const paginatorNames: readonly string[] = Object.keys(paginators);
export const waiterNames: readonly string[] = Object.keys(waiters);
export { paginators, waiters };

/** The name as a method has it: `batchGetImage`. */
export function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Whether an operation can be called with no input. */
export function isInputless(name: string, table = ecrTable): boolean {
  return structureMembers(operationOf(table, name).input, table).every((member) => !member.required);
}

export function structureMembers(name: string, table = ecrTable): readonly Member[] {
  const shape = shapeOf(table, name);
  if (typeof shape === "string" || !("structure" in shape)) throw new Error(`${name} is no structure`);
  return membersOf(shape);
}

/** Name of the structure that the list at a dotted path of the output is made of. */
export function itemType(operation: string, path: string): string {
  let at = operationOf(ecrTable, operation).output;
  for (const step of path.split(".")) {
    const member = structureMembers(at).find(({ name }) => name === step);
    if (member === undefined) throw new Error(`${at} has no member named ${step}`);
    at = member.shape;
  }
  const shape = shapeOf(ecrTable, at);
  if (typeof shape === "string" || !("list" in shape)) throw new Error(`${at} is no list`);
  return shape.list;
}

/** Names of members that hold times wherever they occur. */
export function timestampMembers(): readonly string[] {
  const kinds = new Map<string, Set<boolean>>();
  for (const [name, shape] of Object.entries(ecrTable.shapes)) {
    if (typeof shape === "string" || !("structure" in shape)) continue;
    for (const member of structureMembers(name)) {
      const seen = kinds.get(member.name) ?? new Set();
      kinds.set(member.name, seen.add(shapeOf(ecrTable, member.shape) === "timestamp"));
    }
  }
  const times = [...kinds].filter(([, seen]) => seen.has(true));
  for (const [name, seen] of times) if (seen.size > 1) throw new Error(`${name} is not always a time`);
  return times.map(([name]) => name).toSorted();
}
