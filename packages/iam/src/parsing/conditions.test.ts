import { describe, expect, it } from "vitest";

import { OPERATOR_NAMES } from "../policy.ts";
import { parsePolicy } from "./parse-policy.ts";

const AT = "Statement.Condition";

function errorsOf(Condition: unknown, Version = "2012-10-17"): string[] {
  const text = JSON.stringify({ Version, Statement: { Effect: "Deny", Action: "ecr:*", Resource: "*", Condition } });
  const { findings } = parsePolicy(text, "identity");
  return findings.filter(({ severity }) => severity === "error").map(({ code, path }) => `${code} at ${path}`);
}

/** A value that each family of operators takes. */
function valueFor(operator: string): string {
  if (operator.startsWith("Numeric")) return "1";
  if (operator.startsWith("Date")) return "2026-11-21T12:00:00Z";
  if (operator.startsWith("Arn")) return "arn:aws:ecr:*:*:repository/*";
  if (operator.includes("Ip")) return "10.0.0.0/8";
  return operator === "BinaryEquals" ? "QQ==" : "true";
}

describe("Condition", () => {
  it.each(OPERATOR_NAMES)("takes %s with qualifiers and IfExists", (operator) => {
    const keys = { "x:key": [valueFor(operator)] };
    expect(errorsOf({ [operator]: keys })).toEqual([]);
    expect(errorsOf({ [`ForAnyValue:${operator}`]: keys, [`ForAllValues:${operator}`]: keys })).toEqual([]);
    const suffixed = operator === "Null" ? [`NULL_WITH_IF_EXISTS at ${AT}.NullIfExists`] : [];
    expect(errorsOf({ [`${operator}IfExists`]: keys })).toEqual(suffixed);
  });

  it("takes operators in any case, as AWS does", () => {
    expect(
      errorsOf({ bool: { "aws:SecureTransport": "false" }, "foranyvalue:stringlike": { "aws:TagKeys": "a" } }),
    ).toEqual([]);
  });

  it("takes an empty object", () => {
    expect(errorsOf({})).toEqual([]);
  });

  it.each<[unknown, string]>([
    [[], `DATA_TYPE_MISMATCH at ${AT}`],
    [{ StringEquals: "x" }, `DATA_TYPE_MISMATCH at ${AT}.StringEquals`],
    [{ StringMatches: { "a:b": "x" } }, `INVALID_CONDITION_OPERATOR at ${AT}.StringMatches`],
    [
      { "ForSomeValues:StringEquals": { "a:b": "x" } },
      `INVALID_CONDITION_OPERATOR at ${AT}.ForSomeValues:StringEquals`,
    ],
    [{ "": { "a:b": "x" } }, `INVALID_CONDITION_OPERATOR at ${AT}.`],
    [{ IfExists: { "a:b": "x" } }, `INVALID_CONDITION_OPERATOR at ${AT}.IfExists`],
    [
      { StringEqualsIfExistsIfExists: { "a:b": "x" } },
      `INVALID_CONDITION_OPERATOR at ${AT}.StringEqualsIfExistsIfExists`,
    ],
    [{ StringEquals: { username: "x" } }, `INVALID_CONDITION_KEY_FORMAT at ${AT}.StringEquals.username`],
    [{ StringEquals: { "aws:ResourceTag": "x" } }, `MISSING_TAG_KEY at ${AT}.StringEquals.aws:ResourceTag`],
    [{ StringEquals: { "aws:RequestTag/": "x" } }, `MISSING_TAG_KEY at ${AT}.StringEquals.aws:RequestTag/`],
    [{ StringEquals: { "a:b": "x", "A:B": "x" } }, `DUPLICATE_CONDITION_KEY at ${AT}.StringEquals.A:B`],
    [{ StringEquals: { "a:b": null } }, `DATA_TYPE_MISMATCH at ${AT}.StringEquals.a:b`],
    [{ StringEquals: { "a:b": ["x", ["y"]] } }, `DATA_TYPE_MISMATCH at ${AT}.StringEquals.a:b[1]`],
    [{ NumericEquals: { "a:b": "x" } }, `INVALID_CONDITION_VALUE at ${AT}.NumericEquals.a:b`],
    [{ DateLessThan: { "a:b": "tomorrow" } }, `INVALID_CONDITION_VALUE at ${AT}.DateLessThan.a:b`],
    [{ Bool: { "a:b": "yes" } }, `INVALID_CONDITION_VALUE at ${AT}.Bool.a:b`],
    [{ Null: { "a:b": "" } }, `INVALID_CONDITION_VALUE at ${AT}.Null.a:b`],
    [{ BinaryEquals: { "a:b": "?" } }, `INVALID_CONDITION_VALUE at ${AT}.BinaryEquals.a:b`],
    [{ IpAddress: { "a:b": ["10.0.0.0/8", "10.0.0.0/33"] } }, `INVALID_CONDITION_VALUE at ${AT}.IpAddress.a:b[1]`],
    [{ ArnLike: { "a:b": "repository/app" } }, `INVALID_CONDITION_VALUE at ${AT}.ArnLike.a:b`],
    [{ ArnLike: { "a:b": "arn:aws:ecr:us-east-1" } }, `INVALID_CONDITION_VALUE at ${AT}.ArnLike.a:b`],
    [{ NumericEquals: { "a:b": "${aws:EpochTime}" } }, `INVALID_VARIABLE_FOR_OPERATOR at ${AT}.NumericEquals.a:b`],
    [{ StringEquals: { "a:b": "${aws:username" } }, `MISSING_BRACE_IN_VARIABLE at ${AT}.StringEquals.a:b`],
  ])("%j is refused", (condition, error) => {
    expect(errorsOf(condition)).toEqual([error]);
  });

  it("takes malformed variables for text in a policy of 2008", () => {
    expect(errorsOf({ StringEquals: { "a:b": "${aws:username" } }, "2008-10-17")).toEqual([]);
  });
});
