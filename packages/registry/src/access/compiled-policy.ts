import {
  compile,
  parsePolicy,
  type CompiledPolicies,
  type NamedPolicy,
  type Policy,
  type PolicyKind,
} from "@stowage/iam";

/** A document as rows hold it. */
export interface StoredPolicy {
  /** What explanations call it. */
  readonly name: string;
  readonly text: string;
  readonly kind: PolicyKind;
  /** Registry policies name the resources that they are about, repository policies do not. */
  readonly resourceElement?: "required" | "forbidden";
}

/** Told of a stored policy that cannot be read; it denies everything until it is replaced. */
export type ReportUnreadable = (policy: string) => void;

/** Compiled policies, and what they weigh in a cache. */
export interface Compiled {
  readonly policies: CompiledPolicies;
  readonly chars: number;
}

/** Compiles documents of one role. One that is damaged denies everything: what it would have denied is not known. */
export function compileStored(stored: readonly StoredPolicy[], report: ReportUnreadable): Compiled {
  const named: NamedPolicy[] = stored.map(({ name, text, kind, resourceElement }) => {
    const parsed = parsePolicy(text, kind, resourceElement === undefined ? {} : { resourceElement });
    if (parsed.ok) return { name, policy: parsed.policy };
    report(name);
    return { name, policy: denyAll(kind) };
  });
  return { policies: compile(named), chars: stored.reduce((sum, { text }) => sum + text.length, 0) };
}

function denyAll(kind: PolicyKind): Policy {
  const everyone = {
    negated: false,
    everyone: true,
    accounts: [],
    arns: [],
    uniqueIds: [],
    services: [],
    federated: [],
    canonicalUsers: [],
  };
  const isOfResource = kind === "resource" || kind === "trust";
  return {
    kind,
    version: "2012-10-17",
    statements: [
      {
        sid: "UnreadablePolicy",
        effect: "Deny",
        ...(isOfResource && { principals: everyone }),
        actions: { negated: false, patterns: ["*"] },
        conditions: [],
      },
    ],
  };
}

/** Whether a text may limit a session. */
export function isSessionPolicy(text: string): boolean {
  return parsePolicy(text, "session").ok;
}
