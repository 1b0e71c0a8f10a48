import { membersOf, shapeOf } from "../table/table.ts";
import type { Scalar, ServiceTable } from "../table/table.ts";
import { MAX_ISSUES } from "../table/validate.ts";
import type { Issue } from "../table/validate.ts";

interface Walk {
  readonly table: ServiceTable;
  readonly issues: Issue[];
}

interface Place {
  readonly path: readonly (string | number)[];
  readonly field: string;
}

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/** Values that have another type than their shape, at most MAX_ISSUES; absent ones are left to the constraints. */
export function typeIssues(table: ServiceTable, shapeName: string, value: unknown): readonly Issue[] {
  const walk: Walk = { table, issues: [] };
  check(walk, shapeName, value, { path: [], field: "" });
  return walk.issues;
}

function check(walk: Walk, shapeName: string, value: unknown, place: Place): void {
  if (value === undefined || value === null || walk.issues.length >= MAX_ISSUES) return;
  const shape = shapeOf(walk.table, shapeName);
  if (typeof shape === "string") {
    if (!isScalar(shape, value)) report(walk, place, KINDS[shape]);
  } else if ("list" in shape) {
    if (!Array.isArray(value)) return report(walk, place, "a list");
    for (const [index, item] of (value as readonly unknown[]).entries()) {
      check(walk, shape.list, item, { path: [...place.path, index], field: `${place.field}.${index + 1}.member` });
    }
  } else if (!isPlainObject(value)) {
    report(walk, place, "structure" in shape ? "a structure" : "a map");
  } else if ("structure" in shape) {
    for (const { name, shape: member } of membersOf(shape)) {
      const field = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      const at = { path: [...place.path, name], field: place.field === "" ? field : `${place.field}.${field}` };
      check(walk, member, value[name], at);
    }
  } else {
    for (const [key, item] of Object.entries(value)) {
      check(walk, shape.map, item, { path: [...place.path, key], field: `${place.field}.${key}.member` });
    }
  }
}

const KINDS: Readonly<Record<Scalar, string>> = {
  string: "a string",
  integer: "an integer of 32 bits",
  long: "an integer",
  double: "a number",
  boolean: "a boolean",
  timestamp: "a valid time",
  blob: "bytes",
};

function isScalar(type: Scalar, value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isInteger(value) && Number(value) >= INT32_MIN && Number(value) <= INT32_MAX;
    case "long":
      return Number.isSafeInteger(value);
    case "double":
      return Number.isFinite(value);
    case "timestamp":
      return value instanceof Date && !Number.isNaN(value.getTime());
    case "blob":
      return value instanceof Uint8Array;
  }
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

function report(walk: Walk, { path, field }: Place, kind: string): void {
  const constraint = `Member must be ${kind}`;
  const message = `Invalid parameter at '${field}' failed to satisfy constraint: '${constraint}'`;
  walk.issues.push({ path, field, constraint, message });
}
