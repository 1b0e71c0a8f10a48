export type { CompiledPolicies, NamedPolicy } from "./evaluation/compile.ts";
export { compile } from "./evaluation/compile.ts";
export { denialClause } from "./evaluation/denial-clause.ts";
export type { Decision, PolicySets, PolicySource, Reason, StatementRef } from "./evaluation/evaluate.ts";
export { evaluate } from "./evaluation/evaluate.ts";
export type { Explanation, FailedElement, StatementTrace } from "./evaluation/explain.ts";
export { explain } from "./evaluation/explain.ts";
export type {
  AssumedRolePrincipal,
  Grant,
  RequestPrincipal,
  RolePrincipal,
  RootPrincipal,
  UserPrincipal,
} from "./evaluation/principal.ts";
export type { AccessRequest } from "./evaluation/request.ts";
export {
  MAX_LONG_RESOURCE_POLICY_CHARS,
  MAX_MANAGED_POLICY_CHARS,
  MAX_POLICY_TEXT_CHARS,
  MAX_RESOURCE_POLICY_CHARS,
  MAX_USER_INLINE_POLICY_CHARS,
} from "./limits.ts";
export type { ContextLookup } from "./matching/lookup.ts";
export { contextOf } from "./matching/lookup.ts";
export type { Finding } from "./parsing/findings.ts";
export type { ParsedPolicy, ParseOptions } from "./parsing/parse-policy.ts";
export { countPolicyChars, parsePolicy } from "./parsing/parse-policy.ts";
export type { ResourceElement } from "./parsing/reading.ts";
export type {
  Condition,
  OperatorName,
  PatternElement,
  Policy,
  PolicyKind,
  PolicyVersion,
  PrincipalElement,
  SetQualifier,
  Statement,
} from "./policy.ts";
