import { OPERATORS } from "../conditions/operators.ts";
import { ARN_FIELDS, splitArn } from "../matching/arn-pattern.ts";
import type { ContextLookup } from "../matching/lookup.ts";
import { compilePattern, compileText, type ValueTest } from "../matching/pattern.ts";
import type { Condition, PatternElement, Policy, PolicyVersion, SetQualifier, Statement } from "../policy.ts";
import { compilePrincipals, type CompiledPrincipals } from "./principal.ts";

/** A policy and what explanations call it. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** Policies made ready for any number of requests; immutable, so it may be cached and shared. */
export interface CompiledPolicies {
  readonly denies: readonly CompiledStatement[];
  readonly allows: readonly CompiledStatement[];
}

export interface CompiledStatement {
  readonly policy: string;
  /** 0-based place in its document. */
  readonly index: number;
  readonly source: Statement;
  readonly principals: CompiledPrincipals | undefined;
  readonly actions: ValueTest;
  readonly resources: ValueTest | undefined;
  readonly conditions: readonly CompiledCondition[];
}

export interface CompiledCondition {
  readonly source: Condition;
  /** In lower case. */
  readonly key: string;
  readonly holds: (values: readonly string[] | undefined, lookup: ContextLookup) => boolean;
}

/** Compiles policies of one role: those of an identity, of a session, of a resource. Linear in their size. */
export function compile(policies: readonly NamedPolicy[]): CompiledPolicies {
  const statements = policies.flatMap(({ name, policy }) =>
    policy.statements.map((statement, index) => compileStatement(statement, { name, index, version: policy.version })),
  );
  return {
    denies: statements.filter(({ source }) => source.effect === "Deny"),
    allows: statements.filter(({ source }) => source.effect === "Allow"),
  };
}

function compileStatement(
  source: Statement,
  of: { readonly name: string; readonly index: number; readonly version: PolicyVersion },
): CompiledStatement {
  return {
    policy: of.name,
    index: of.index,
    source,
    principals: source.principals && compilePrincipals(source.principals),
    actions: compileActions(source.actions),
    resources: source.resources && compileResources(source.resources, of.version),
    conditions: source.conditions.map((condition) => compileCondition(condition, of.version)),
  };
}

/** Tests an action in lower case. Actions have no variables, whatever the version. */
function compileActions({ patterns, negated }: PatternElement): ValueTest {
  return anyOf(
    patterns.map((pattern) => pattern.toLowerCase()),
    { negated, version: "2008-10-17" },
  );
}

/**
 * An ARN with fewer than six fields stands for itself and for what its missing fields may be. An asterisk may reach over
 * a colon here, other than in the ARN operators.
 * Source: IAM User Guide, policy elements: Resource.
 */
function compileResources({ patterns, negated }: PatternElement, version: PolicyVersion): ValueTest {
  const completed = patterns.filter((pattern) => pattern !== "*" && splitArn(pattern).length < ARN_FIELDS);
  return anyOf([...patterns, ...completed.map((pattern) => `${pattern}:*`)], { negated, version });
}

function anyOf(
  patterns: readonly string[],
  { negated, version }: { readonly negated: boolean; readonly version: PolicyVersion },
): ValueTest {
  if (patterns.includes("*")) return () => !negated;
  const fixed = new Set<string>();
  const tests: ValueTest[] = [];
  for (const pattern of patterns) {
    const text = /[*?]/.test(pattern) ? undefined : compileText(pattern, version);
    if (typeof text === "string") fixed.add(text);
    else tests.push(compilePattern(pattern, version));
  }
  return (value, lookup) => {
    if (fixed.has(value)) return !negated;
    for (const test of tests) if (test(value, lookup)) return !negated;
    return negated;
  };
}

function compileCondition(source: Condition, version: PolicyVersion): CompiledCondition {
  const key = source.key.toLowerCase();
  if (source.operator === "Null") {
    const mayBeAbsent = source.values.some((value) => value.toLowerCase() === "true");
    const mayBePresent = source.values.some((value) => value.toLowerCase() === "false");
    return { source, key, holds: (values) => (isAbsent(values) ? mayBeAbsent : mayBePresent) };
  }
  const { compile: compileValues, negated } = OPERATORS[source.operator];
  const quantify = QUANTIFIERS[source.qualifier ?? "none"];
  const fits = compileValues(source.values, version);
  const whenAbsent = source.ifExists || ABSENT[source.qualifier ?? "none"](negated);
  return {
    source,
    key,
    holds: (values, lookup) =>
      isAbsent(values) ? whenAbsent : quantify(values, { negated, fits: (value) => fits(value, lookup) }),
  };
}

function isAbsent(values: readonly string[] | undefined): values is undefined {
  return values === undefined || values.length === 0;
}

/** Whether a condition holds for a key that the request lacks. */
const ABSENT: Readonly<Record<SetQualifier | "none", (negated: boolean) => boolean>> = {
  none: (negated) => negated,
  ForAllValues: () => true,
  ForAnyValue: () => false,
};

interface Fit {
  readonly negated: boolean;
  readonly fits: (value: string) => boolean;
}

/**
 * How the values of a request count together. Without a qualifier a negated operator wants that none fits.
 * Source: IAM User Guide, conditions with multiple context keys or values.
 */
const QUANTIFIERS: Readonly<Record<SetQualifier | "none", (values: readonly string[], fit: Fit) => boolean>> = {
  none: (values, { negated, fits }) => values.some(fits) !== negated,
  ForAllValues: (values, { negated, fits }) => isEmptySet(values) || values.every((value) => fits(value) !== negated),
  ForAnyValue: (values, { negated, fits }) => !isEmptySet(values) && values.some((value) => fits(value) !== negated),
};

/** A set that is one empty string counts as empty for the qualifiers. */
function isEmptySet(values: readonly string[]): boolean {
  return values.length === 1 && values[0] === "";
}
