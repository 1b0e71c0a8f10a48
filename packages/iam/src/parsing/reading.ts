import type { PolicyKind, PolicyVersion } from "../policy.ts";
import type { Findings } from "./findings.ts";

/** Whether statements have Resource or NotResource. */
export type ResourceElement = "required" | "forbidden" | "optional";

/** What a document is, which decides how its elements are read. */
export interface Rules {
  readonly kind: PolicyKind;
  readonly version: PolicyVersion;
  readonly resourceElement: ResourceElement;
}

export interface StatementReading {
  readonly rules: Rules;
  readonly findings: Findings;
}
