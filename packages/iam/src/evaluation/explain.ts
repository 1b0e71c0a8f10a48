import { ownPolicies, decide, setsOf, statementRef } from "./evaluate.ts";
import type { Decision, PolicySets, PolicySource, StatementRef } from "./evaluate.ts";
import type { CompiledStatement } from "./compile.ts";
import { grantTo, type Grant } from "./principal.ts";
import { factsOf, type AccessRequest, type Facts } from "./request.ts";
import { mismatch } from "./statement.ts";

/** A decision with what every statement had to do with it. */
export interface Explanation extends Decision {
  /** All statements that were considered: per set, denies before allows. */
  readonly statements: readonly StatementTrace[];
}

export interface StatementTrace extends StatementRef {
  readonly effect: "Allow" | "Deny";
  readonly matched: boolean;
  /** How the statement names who asks, where it has principals and matched. */
  readonly grant?: Grant;
  /** The first element that the request does not meet. */
  readonly failed?: FailedElement;
}

export type FailedElement =
  | { readonly element: "Action" | "Resource" | "Principal" }
  | {
      readonly element: "Condition";
      /** As written: `ForAnyValue:StringLikeIfExists`. */
      readonly operator: string;
      readonly key: string;
      readonly expected: readonly string[];
      /** Values of the request; undefined when it has no such key. */
      readonly actual: readonly string[] | undefined;
    };

/** Decides like {@link evaluate} and tells of each statement whether it matched or what kept it from matching. */
export function explain(policies: PolicySets, request: AccessRequest): Explanation {
  const own = ownPolicies(policies, request);
  const facts = factsOf(request);
  const statements = setsOf(own).flatMap(([source, set]) =>
    [...set.denies, ...set.allows].map((statement) => traceOf(source, statement, facts)),
  );
  return { ...decide(own, request, facts), statements };
}

function traceOf(source: PolicySource, statement: CompiledStatement, facts: Facts): StatementTrace {
  const failed = failureOf(statement, facts);
  const { principals } = statement;
  const { effect } = statement.source;
  const grant = failed === undefined && principals ? grantTo(facts.principal, principals, effect) : undefined;
  return {
    ...statementRef(source, statement),
    effect,
    matched: failed === undefined,
    ...(grant !== undefined && { grant }),
    ...(failed !== undefined && { failed }),
  };
}

function failureOf(statement: CompiledStatement, facts: Facts): FailedElement | undefined {
  const missed = mismatch(statement, facts);
  if (missed === undefined) return undefined;
  if (typeof missed === "string") return { element: missed };
  const { operator, qualifier, ifExists, key, values } = missed.source;
  return {
    element: "Condition",
    operator: `${qualifier === undefined ? "" : `${qualifier}:`}${operator}${ifExists ? "IfExists" : ""}`,
    key,
    expected: values,
    actual: facts.lookup(missed.key),
  };
}
