import type { Constraint } from "../../table/table.ts";

/** What the values of a shape must satisfy. */
export const constraints: Readonly<Record<string, Constraint>> = {
  AccessKeyId: { min: 16, max: 128, pattern: String.raw`\w+` },
  AccessKeyStatus: { enum: ["Active", "Inactive"] },
};
