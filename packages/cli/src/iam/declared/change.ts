import type { PolicyType } from "@stowage/model";
import type { Administration } from "../../administration.ts";
import type { DiffLine } from "./document-diff.ts";

export type Sign = "+" | "~" | "-";

/** A difference between the file and an account. */
export interface Change {
  readonly sign: Sign;
  /** `user ann` */
  readonly subject: string;
  readonly details: readonly Detail[];
  readonly steps: readonly Step[];
}

export interface Detail {
  readonly sign: Sign;
  readonly what: string;
  /** Of a document that changes. */
  readonly lines?: readonly DiffLine[];
}

/** The order in which steps are taken, so that each finds what it names. */
export type Phase = "policies" | "identities" | "taking" | "giving" | "deleting" | "deletingPolicies";

export const PHASES: readonly Phase[] = ["policies", "identities", "taking", "giving", "deleting", "deletingPolicies"];

export interface Step {
  readonly phase: Phase;
  readonly run: (administration: Administration) => Promise<unknown>;
}

/** A document that is to be stored. */
export interface NewDocument {
  /** Where it stands in the file. */
  readonly at: string;
  readonly text: string;
  readonly type: PolicyType;
}
