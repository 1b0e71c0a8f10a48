import { compileArnPattern } from "../matching/arn-pattern.ts";
import { compilePattern, compileText, type OpenText, type ValueTest } from "../matching/pattern.ts";
import type { OperatorName, PolicyVersion } from "../policy.ts";
import { inIpRange, parseIpAddress, parseIpRange } from "./ip.ts";
import { canonicalBase64, parseBoolean, parseDate, parseNumber } from "./values.ts";

/** What an operator compares. */
export type OperatorFamily = "string" | "number" | "date" | "boolean" | "binary" | "ip" | "arn" | "null";

export interface Operator {
  readonly family: OperatorFamily;
  /** Holds where its positive twin does not, also for a key that the request lacks. */
  readonly negated: boolean;
  /** Tests one value of a request against the values of a policy: whether one of them fits, negation left aside. */
  compile(values: readonly string[], version: PolicyVersion): ValueTest;
}

/** Source: IAM User Guide, condition operators. */
export const OPERATORS: Readonly<Record<OperatorName, Operator>> = {
  StringEquals: text(false, asIs),
  StringNotEquals: text(true, asIs),
  StringEqualsIgnoreCase: text(false, folded),
  StringNotEqualsIgnoreCase: text(true, folded),
  StringLike: pattern("string", false, compilePattern),
  StringNotLike: pattern("string", true, compilePattern),
  NumericEquals: ordered("number", (value, limit) => value === limit),
  NumericNotEquals: negation(ordered("number", (value, limit) => value === limit)),
  NumericLessThan: ordered("number", (value, limit) => value < limit),
  NumericLessThanEquals: ordered("number", (value, limit) => value <= limit),
  NumericGreaterThan: ordered("number", (value, limit) => value > limit),
  NumericGreaterThanEquals: ordered("number", (value, limit) => value >= limit),
  DateEquals: ordered("date", (value, limit) => value === limit),
  DateNotEquals: negation(ordered("date", (value, limit) => value === limit)),
  DateLessThan: ordered("date", (value, limit) => value < limit),
  DateLessThanEquals: ordered("date", (value, limit) => value <= limit),
  DateGreaterThan: ordered("date", (value, limit) => value > limit),
  DateGreaterThanEquals: ordered("date", (value, limit) => value >= limit),
  Bool: text(false, (value) => parseBoolean(value)?.toString(), "boolean"),
  BinaryEquals: text(false, canonicalBase64, "binary"),
  IpAddress: { family: "ip", negated: false, compile: compileIpRanges },
  NotIpAddress: { family: "ip", negated: true, compile: compileIpRanges },
  ArnEquals: pattern("arn", false, compileArnPattern),
  ArnLike: pattern("arn", false, compileArnPattern),
  ArnNotEquals: pattern("arn", true, compileArnPattern),
  ArnNotLike: pattern("arn", true, compileArnPattern),
  // Asks whether the key is there, so it never comes to testing values.
  Null: { family: "null", negated: false, compile: () => () => false },
};

function asIs(value: string): string {
  return value;
}

function folded(value: string): string {
  return value.toLowerCase();
}

function negation(operator: Operator): Operator {
  return { ...operator, negated: true };
}

/** A character in lower case is two at most. */
const MAX_FORM_GROWTH = 2;

/** Operators that compare texts, once both are brought to one form; undefined for what has no such form. */
function text(
  negated: boolean,
  formOf: (value: string) => string | undefined,
  family: OperatorFamily = "string",
): Operator {
  return {
    family,
    negated,
    compile(values, version) {
      const fixed = new Set<string>();
      const open: OpenText[] = [];
      for (const value of values) {
        const compiled = compileText(value, version);
        const form = typeof compiled === "string" ? formOf(compiled) : undefined;
        if (form !== undefined) fixed.add(form);
        if (typeof compiled !== "string") open.push(compiled);
      }
      return (value, lookup) => {
        const form = formOf(value);
        if (form === undefined) return false;
        const maxChars = value.length * MAX_FORM_GROWTH;
        return fixed.has(form) || open.some((resolve) => isForm(form, resolve(lookup, maxChars), formOf));
      };
    },
  };
}

/** A variable without a value equals nothing. */
function isForm(form: string, resolved: string | undefined, formOf: (value: string) => string | undefined): boolean {
  return resolved !== undefined && formOf(resolved) === form;
}

function pattern(
  family: OperatorFamily,
  negated: boolean,
  compileOne: (value: string, version: PolicyVersion) => ValueTest,
): Operator {
  return {
    family,
    negated,
    compile(values, version) {
      const tests = values.map((value) => compileOne(value, version));
      return (value, lookup) => tests.some((test) => test(value, lookup));
    },
  };
}

function ordered(family: "number" | "date", holds: (value: number, limit: number) => boolean): Operator {
  const parse = family === "number" ? parseNumber : parseDate;
  return {
    family,
    negated: false,
    compile(values) {
      const limits = values.map(parse).filter((limit) => limit !== undefined);
      return (value) => {
        const parsed = parse(value);
        return parsed !== undefined && limits.some((limit) => holds(parsed, limit));
      };
    },
  };
}

function compileIpRanges(values: readonly string[]): ValueTest {
  const ranges = values.map(parseIpRange).filter((range) => range !== undefined);
  return (value) => {
    const address = parseIpAddress(value);
    return address !== undefined && ranges.some((range) => inIpRange(range, address));
  };
}
