import { describe, expect, it } from "vitest";

import {
  MAX_LONG_RESOURCE_POLICY_CHARS,
  MAX_FINDINGS,
  MAX_MANAGED_POLICY_CHARS,
  MAX_POLICY_TEXT_CHARS,
  MAX_RESOURCE_POLICY_CHARS,
  MAX_USER_INLINE_POLICY_CHARS,
} from "../limits.ts";
import type { PolicyKind } from "../policy.ts";
import { countPolicyChars, parsePolicy, type ParseOptions } from "./parse-policy.ts";

type Json = Record<string, unknown>;

const ALLOW = { Effect: "Allow", Action: "ecr:*", Resource: "*" };
const GRANT = { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "ecr:*" };
const TRUST = { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" };
const NO_RESOURCE: ParseOptions = { resourceElement: "forbidden" };

function document(...Statement: Json[]): Json {
  return { Version: "2012-10-17", Statement };
}

/** Errors of a document as "CODE at path". */
function errorsOf(source: Json | string, kind: PolicyKind = "identity", options: ParseOptions = {}): string[] {
  const text = typeof source === "string" ? source : JSON.stringify(source);
  const { ok, findings } = parsePolicy(text, kind, options);
  const errors = findings.filter(({ severity }) => severity === "error");
  expect(ok).toBe(errors.length === 0);
  return errors.map(({ code, path }) => `${code} at ${path}`);
}

/** Errors of one statement in an identity policy. */
function statementErrors(part: Json): string[] {
  return errorsOf(document({ ...ALLOW, ...part }));
}

describe("a policy document", () => {
  it("is read into a typed policy", () => {
    const text = JSON.stringify({
      Version: "2012-10-17",
      Id: "x",
      Statement: {
        Sid: "a b",
        Effect: "Deny",
        NotPrincipal: { AWS: ["*"] },
        NotAction: "ecr:*",
        Condition: { "ForAnyValue:StringLikeIfExists": { "aws:TagKeys": ["a", 1, true] } },
      },
    });
    expect(parsePolicy(text, "resource", NO_RESOURCE)).toEqual({
      ok: true,
      findings: [],
      policy: {
        kind: "resource",
        version: "2012-10-17",
        id: "x",
        statements: [
          {
            sid: "a b",
            effect: "Deny",
            principals: {
              negated: true,
              everyone: true,
              accounts: [],
              arns: [],
              uniqueIds: [],
              services: [],
              federated: [],
              canonicalUsers: [],
            },
            actions: { negated: true, patterns: ["ecr:*"] },
            conditions: [
              {
                operator: "StringLike",
                qualifier: "ForAnyValue",
                ifExists: true,
                key: "aws:TagKeys",
                values: ["a", "1", "true"],
              },
            ],
          },
        ],
      },
    });
  });

  it.each([
    ["identity", document(ALLOW)],
    ["boundary", document(ALLOW)],
    ["session", document(ALLOW)],
    ["resource", document({ ...GRANT, Resource: "*" })],
    ["trust", document(TRUST)],
  ] as const)("of the kind %s is taken", (kind, source) => {
    expect(errorsOf(source, kind)).toEqual([]);
  });

  it.each<[string, Json | string, string[]]>([
    ["text that is no JSON", "{", ["JSON_SYNTAX at "]],
    ["an empty text", "", ["JSON_SYNTAX at "]],
    ["a list in place of an object", "[]", ["DATA_TYPE_MISMATCH at "]],
    ["a key that stands twice", '{"Version":"2012-10-17","Statement":[],"Statement":[]}', ["DUPLICATE_KEY at "]],
    ["an unknown version", { Version: "2012-10-18", Statement: [ALLOW] }, ["INVALID_VERSION at Version"]],
    ["a version that is no string", { Version: 2012, Statement: [ALLOW] }, ["DATA_TYPE_MISMATCH at Version"]],
    ["an unknown element", { ...document(ALLOW), Comment: "x" }, ["INVALID_ELEMENT at Comment"]],
    ["an element in another case", { version: "2012-10-17", Statement: [ALLOW] }, ["INVALID_ELEMENT at version"]],
    ["no statement", { Version: "2012-10-17" }, ["MISSING_STATEMENT at "]],
    ["an empty list of statements", document(), ["MISSING_STATEMENT at Statement"]],
    ["a statement that is no object", { Statement: ["x"] }, ["DATA_TYPE_MISMATCH at Statement[0]"]],
    ["an Id in a policy of an identity", { ...document(ALLOW), Id: "x" }, ["UNSUPPORTED_ELEMENT at Id"]],
    [
      "two statements with one Sid",
      document({ ...ALLOW, Sid: "A" }, { ...ALLOW, Sid: "A" }),
      ["DUPLICATE_SID at Statement[1]"],
    ],
  ])("is refused for %s", (_, source, errors) => {
    expect(errorsOf(source)).toEqual(errors);
  });

  it("may have many statements with an empty Sid, as Terraform writes them", () => {
    expect(errorsOf(document({ ...ALLOW, Sid: "" }, { ...ALLOW, Sid: "" }))).toEqual([]);
  });

  it("says where it is wrong, from line and column 1", () => {
    const { findings } = parsePolicy('{\n  "Statement": [],\n  "Version": "x" }', "identity");
    expect(findings).toMatchObject([
      { code: "INVALID_VERSION", line: 3, column: 3 },
      { code: "MISSING_STATEMENT", line: 2, column: 3 },
    ]);
  });
});

describe("a statement", () => {
  it.each<[string, Json, string[]]>([
    ["an unknown element", { Foo: 1 }, ["INVALID_ELEMENT at Statement[0].Foo"]],
    ["an element in another case", { condition: {} }, ["INVALID_ELEMENT at Statement[0].condition"]],
    ["no effect", { Effect: undefined }, ["MISSING_EFFECT at Statement[0]"]],
    ["an effect in another case", { Effect: "allow" }, ["INVALID_EFFECT at Statement[0].Effect"]],
    ["a Sid with a space in a policy of an identity", { Sid: "a b" }, ["UNSUPPORTED_SID at Statement[0].Sid"]],
    ["a Sid that is no string", { Sid: 1 }, ["DATA_TYPE_MISMATCH at Statement[0].Sid"]],
    ["a principal in a policy of an identity", { Principal: "*" }, ["UNSUPPORTED_PRINCIPAL at Statement[0].Principal"]],
    ["NotPrincipal in one", { NotPrincipal: "*" }, ["UNSUPPORTED_PRINCIPAL at Statement[0].NotPrincipal"]],
    ["no action", { Action: undefined }, ["MISSING_ACTION at Statement[0]"]],
    ["an empty list of actions", { Action: [] }, ["MISSING_ACTION at Statement[0].Action"]],
    ["Action and NotAction", { NotAction: "ecr:*" }, ["UNSUPPORTED_ELEMENT_COMBINATION at Statement[0].NotAction"]],
    ["an action without a service", { Action: "PutImage" }, ["INVALID_ACTION at Statement[0].Action"]],
    ["an action without a name", { Action: "ecr:" }, ["INVALID_ACTION at Statement[0].Action"]],
    [
      "a service with a wildcard",
      { Action: ["ecr:PutImage", "ec*:PutImage"] },
      ["INVALID_ACTION at Statement[0].Action[1]"],
    ],
    [
      "a variable in an action",
      { Action: "ecr:${aws:username}" },
      ["VARIABLE_UNSUPPORTED_IN_ELEMENT at Statement[0].Action"],
    ],
    ["an action that is no string", { Action: [1] }, ["DATA_TYPE_MISMATCH at Statement[0].Action[0]"]],
    ["no resource", { Resource: undefined }, ["MISSING_RESOURCE at Statement[0]"]],
    ["an empty list of resources", { Resource: [] }, ["MISSING_RESOURCE at Statement[0].Resource"]],
    ["Resource and NotResource", { NotResource: "*" }, ["UNSUPPORTED_ELEMENT_COMBINATION at Statement[0].NotResource"]],
    ["a resource that is no ARN", { Resource: "repository/app" }, ["INVALID_ARN at Statement[0].Resource"]],
    ["a resource in another case", { Resource: "ARN:aws:ecr:*:*:*" }, ["INVALID_ARN at Statement[0].Resource"]],
    ["a resource without a service", { Resource: "arn:aws" }, ["INVALID_ARN at Statement[0].Resource"]],
    [
      "a service of a resource with a wildcard",
      { Resource: "arn:aws:*:*:*:*" },
      ["INVALID_ARN_SERVICE at Statement[0].Resource"],
    ],
    ["an unknown partition", { Resource: "arn:amazon:ecr:*:*:*" }, ["INVALID_PARTITION at Statement[0].Resource"]],
    [
      "a variable without an end",
      { Resource: "arn:aws:ecr:*:*:a${aws:username" },
      ["MISSING_BRACE_IN_VARIABLE at Statement[0].Resource"],
    ],
    ["a variable without a name", { Resource: "arn:aws:ecr:*:*:${}" }, ["EMPTY_VARIABLE at Statement[0].Resource"]],
    [
      "a variable with a space",
      { Resource: "arn:aws:ecr:*:*:${aws: username}" },
      ["SPACE_IN_VARIABLE at Statement[0].Resource"],
    ],
    [
      "a variable with a symbol",
      { Resource: "arn:aws:ecr:*:*:${${aws:username}}" },
      ["SYMBOL_IN_VARIABLE at Statement[0].Resource"],
    ],
    [
      "a default without quotation marks",
      { Resource: "arn:aws:ecr:*:*:${aws:username, x}" },
      ["MISSING_QUOTE_IN_VARIABLE at Statement[0].Resource"],
    ],
  ])("is refused for %s", (_, part, errors) => {
    expect(statementErrors(part)).toEqual(errors);
  });

  it.each<[string, Json]>([
    ["actions with wildcards", { Action: ["ecr:*", "ecr:Get?*", "*", "*:*"] }],
    ["ARNs of other partitions", { Resource: ["arn:aws-cn:ecr:*:*:*", "arn:aws-us-gov:ecr:*:*:*", "arn:*:ecr:*:*:*"] }],
    [
      "variables with defaults",
      { Resource: "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/team, 'a b'}/${*}${?}${$}" },
    ],
  ])("may have %s", (_, part) => {
    expect(statementErrors(part)).toEqual([]);
  });

  it("has no Resource where the policy belongs to one resource", () => {
    expect(errorsOf(document(GRANT), "resource", NO_RESOURCE)).toEqual([]);
    const withResource = document({ ...GRANT, Resource: "*" });
    expect(errorsOf(withResource, "resource", NO_RESOURCE)).toEqual(["UNSUPPORTED_ELEMENT at Statement[0].Resource"]);
    expect(errorsOf(withResource, "resource", { resourceElement: "optional" })).toEqual([]);
    expect(errorsOf(document(GRANT), "resource")).toEqual(["MISSING_RESOURCE at Statement[0]"]);
  });

  it("of a trust policy has actions of sts and no Resource, whatever is asked for", () => {
    expect(errorsOf(document({ ...TRUST, Action: "ecr:*" }), "trust")).toEqual([
      "INVALID_ACTION at Statement[0].Action",
    ]);
    const withResource = document({ ...TRUST, Resource: "*" });
    const errors = ["UNSUPPORTED_ELEMENT at Statement[0].Resource"];
    expect(errorsOf(withResource, "trust", { resourceElement: "optional" })).toEqual(errors);
  });
});

describe("the size of a policy", () => {
  /** A policy of exactly so many characters without white space, with white space besides. */
  function sized(chars: number): string {
    const text = JSON.stringify(document({ ...ALLOW, Sid: "" }), undefined, 4);
    return text.replace('"Sid": ""', `"Sid": "${"a".repeat(chars - countPolicyChars(text))}"`);
  }

  it.each([
    MAX_LONG_RESOURCE_POLICY_CHARS,
    MAX_RESOURCE_POLICY_CHARS,
    MAX_MANAGED_POLICY_CHARS,
    MAX_USER_INLINE_POLICY_CHARS,
  ])("may be %i characters without white space and not one more", (maxChars) => {
    expect(errorsOf(sized(maxChars), "identity", { maxChars })).toEqual([]);
    expect(errorsOf(sized(maxChars + 1), "identity", { maxChars })).toEqual(["POLICY_TOO_LONG at "]);
  });

  it("may be 131,072 characters with white space and not one more", () => {
    const text = JSON.stringify(document(ALLOW)).padEnd(MAX_POLICY_TEXT_CHARS);
    expect(errorsOf(text)).toEqual([]);
    expect(errorsOf(`${text} `)).toEqual(["POLICY_TOO_LONG at "]);
  });
});

describe("findings", () => {
  it("are listed up to a limit, errors first", () => {
    const list = (length: number): string[] => Array.from({ length }, () => "nothing");
    const many = parsePolicy(JSON.stringify(document({ ...ALLOW, Action: list(MAX_FINDINGS + 1) })), "identity");
    expect(many.findings).toHaveLength(MAX_FINDINGS);
    const mixed = document(
      { ...ALLOW, Resource: Array.from({ length: 200 }, () => "arn:aws:ecr") },
      { ...ALLOW, Action: "x" },
    );
    expect(errorsOf(mixed)).toEqual(["INVALID_ACTION at Statement[1].Action"]);
  });
});
