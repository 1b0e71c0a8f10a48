import { membersOf, shapeOf } from "../table/table.ts";
import type { ServiceTable } from "../table/table.ts";

/** Names of the structures among the given shapes and all that these are made of, in the order in which they are met. */
export function structuresIn(table: ServiceTable, shapeNames: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const structures = new Set<string>();
  const waiting = [...shapeNames];
  for (const name of waiting) {
    if (seen.has(name)) continue;
    seen.add(name);
    const shape = shapeOf(table, name);
    if (typeof shape === "string") continue;
    if ("list" in shape) waiting.push(shape.list);
    else if ("map" in shape) waiting.push(shape.map);
    else {
      structures.add(name);
      waiting.push(...membersOf(shape).map((member) => member.shape));
    }
  }
  return structures;
}
