import { describe, expect, it } from "vitest";

import type { PolicyKind } from "../policy.ts";
import { parsePolicy } from "./parse-policy.ts";

type Json = Record<string, unknown>;

function warningsOf(
  statement: Json,
  kind: PolicyKind = "identity",
  version: Json = { Version: "2012-10-17" },
): string[] {
  const text = JSON.stringify({ ...version, Statement: [statement] });
  const parsed = parsePolicy(text, kind, { resourceElement: "optional" });
  expect(parsed.ok).toBe(true);
  expect(parsed.findings.every(({ severity }) => severity === "warning")).toBe(true);
  return parsed.findings.map(({ code, path }) => `${code} at ${path}`);
}

const PULL = {
  Effect: "Allow",
  Action: "ecr:BatchGetImage",
  Resource: "arn:aws:ecr:us-east-1:111122223333:repository/app",
};
const tagKeys = { "aws:TagKeys": "team" };

describe("advice", () => {
  it("is not given on a narrow statement", () => {
    expect(warningsOf(PULL)).toEqual([]);
  });

  it.each<[string, Json, PolicyKind, string[]]>([
    [
      "everything allowed",
      { Effect: "Allow", Action: "*", Resource: "*" },
      "identity",
      ["ALLOW_EVERYTHING at Statement[0].Action"],
    ],
    [
      "NotAction with Allow",
      { ...PULL, Action: undefined, NotAction: "iam:*" },
      "identity",
      ["ALLOW_WITH_NOT_ACTION at Statement[0].NotAction"],
    ],
    [
      "NotResource with Allow",
      { ...PULL, Resource: undefined, NotResource: "arn:aws:s3:::x" },
      "identity",
      ["ALLOW_WITH_NOT_RESOURCE at Statement[0].NotResource"],
    ],
    ["the public allowed", { ...PULL, Principal: "*" }, "resource", ["PUBLIC_ACCESS at Statement[0].Principal"]],
    [
      "NotPrincipal with Allow",
      { ...PULL, NotPrincipal: { AWS: "111122223333" } },
      "resource",
      ["ALLOW_WITH_NOT_PRINCIPAL at Statement[0].NotPrincipal"],
    ],
    [
      "an ARN without all fields",
      { ...PULL, Resource: "arn:aws:ecr:*" },
      "identity",
      ["MISSING_ARN_FIELD at Statement[0].Resource"],
    ],
    [
      "an account that is none",
      { ...PULL, Resource: "arn:aws:ecr:us-east-1:1234:repository/app" },
      "identity",
      ["INVALID_ARN_ACCOUNT at Statement[0].Resource"],
    ],
    [
      "a service in upper case",
      { ...PULL, Resource: "arn:aws:ECR:*:*:*" },
      "identity",
      ["INVALID_ARN_SERVICE_CASE at Statement[0].Resource"],
    ],
    [
      "a variable where AWS has none",
      { ...PULL, Resource: "arn:aws:ecr:*:${aws:PrincipalAccount}:repository/x" },
      "identity",
      ["VARIABLE_BEFORE_RESOURCE at Statement[0].Resource"],
    ],
    [
      "a key with several values and no qualifier",
      { ...PULL, Condition: { StringEquals: tagKeys } },
      "identity",
      ["MISSING_QUALIFIER at Statement[0].Condition"],
    ],
    [
      "ForAllValues in an Allow",
      { ...PULL, Condition: { "ForAllValues:StringEquals": tagKeys } },
      "identity",
      ["FOR_ALL_VALUES_WITH_ALLOW at Statement[0].Condition"],
    ],
    [
      "a key without values",
      { ...PULL, Condition: { StringEquals: { "aws:username": [] } } },
      "identity",
      ["EMPTY_CONDITION at Statement[0].Condition.StringEquals.aws:username"],
    ],
    [
      "an operator without keys",
      { ...PULL, Condition: { StringEquals: {} } },
      "identity",
      ["EMPTY_CONDITION at Statement[0].Condition.StringEquals"],
    ],
  ])("is given on %s", (_, statement, kind, warnings) => {
    expect(warningsOf(statement, kind)).toEqual(warnings);
  });

  it.each<[string, Json, PolicyKind]>([
    ["everything denied", { Effect: "Deny", Action: "*", Resource: "*" }, "identity"],
    [
      "the public under a condition",
      { ...PULL, Principal: "*", Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } },
      "resource",
    ],
    [
      "ForAllValues beside Null",
      { ...PULL, Condition: { "ForAllValues:StringEquals": tagKeys, Null: { "aws:TagKeys": "false" } } },
      "identity",
    ],
    ["an account left open", { ...PULL, Resource: "arn:aws:ecr:*:1111*:repository/x" }, "identity"],
  ])("is not given on %s", (_, statement, kind) => {
    expect(warningsOf(statement, kind)).toEqual([]);
  });

  it("is given on a missing version, and on variables that it makes text", () => {
    const withVariable = { ...PULL, Resource: `${PULL.Resource}/\${aws:username}` };
    const expected = ["MISSING_VERSION at ", "VARIABLE_UNSUPPORTED_IN_VERSION at Statement[0].Resource"];
    expect(warningsOf(withVariable, "identity", {})).toEqual(expected);
  });

  it("is given on equal Sids of a resource's policy", () => {
    const statement = { ...PULL, Sid: "new statement", Principal: { AWS: "111122223333" } };
    const { ok, findings } = parsePolicy(
      JSON.stringify({ Version: "2012-10-17", Statement: [statement, statement] }),
      "resource",
    );
    expect(ok).toBe(true);
    expect(findings.map(({ code }) => code)).toEqual(["DUPLICATE_SID"]);
  });
});
