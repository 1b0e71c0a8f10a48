import { ecrTable, membersOf, shapeOf } from "@stowage/model";
import type { Scalar } from "@stowage/model";
import fc from "fast-check";

const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ maxLength: 8, unit: "grapheme" }));

const scalars: Readonly<Record<Scalar, fc.Arbitrary<unknown>>> = {
  string: text,
  integer: fc.integer(),
  long: fc.maxSafeInteger(),
  double: fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  boolean: fc.boolean(),
  timestamp: fc.date({ min: new Date(0), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true }),
  blob: fc.uint8Array({ maxLength: 20 }),
};

/** Any value of a shape: required members always, others as it comes. Bounds are a server's to check. */
export function valueOf(name: string): fc.Arbitrary<unknown> {
  const shape = shapeOf(ecrTable, name);
  if (typeof shape === "string") return scalars[shape];
  if ("list" in shape) return fc.array(valueOf(shape.list), { maxLength: 3 });
  if ("map" in shape) {
    const entries = fc.array(fc.tuple(fc.string({ maxLength: 5 }), valueOf(shape.map)), { maxLength: 3 });
    return entries.map((pairs) => Object.fromEntries(pairs.filter(([key]) => key !== "__proto__")));
  }
  const members = membersOf(shape);
  const values = Object.fromEntries(members.map((member) => [member.name, valueOf(member.shape)]));
  const requiredKeys = members.filter((member) => member.required).map((member) => member.name);
  return fc.record(values, { requiredKeys }).map((value) => ({ ...value }));
}
