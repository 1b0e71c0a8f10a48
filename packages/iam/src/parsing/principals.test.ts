import { describe, expect, it } from "vitest";

import { parsePolicy } from "./parse-policy.ts";

function read(Principal: unknown): ReturnType<typeof parsePolicy> {
  const text = JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Deny", Principal, Action: "ecr:*" } });
  return parsePolicy(text, "resource", { resourceElement: "forbidden" });
}

const NONE = {
  negated: false,
  everyone: false,
  accounts: [],
  arns: [],
  uniqueIds: [],
  services: [],
  federated: [],
  canonicalUsers: [],
};
const USER = "arn:aws:iam::111122223333:user/dev/team/ann";
const SESSION = "arn:aws:sts::111122223333:assumed-role/ci/run@1";
const CANONICAL = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
const PROVIDER = "arn:aws:iam::111122223333:saml-provider/x";

describe("Principal", () => {
  it.each<[unknown, object]>([
    ["*", { everyone: true }],
    [{ AWS: "*" }, { everyone: true }],
    [{ AWS: "111122223333" }, { accounts: ["111122223333"] }],
    [{ AWS: "arn:aws:iam::111122223333:root" }, { accounts: ["111122223333"] }],
    [{ AWS: "arn:aws-cn:iam::111122223333:root" }, { accounts: ["111122223333"] }],
    [{ AWS: [USER, SESSION] }, { arns: [USER, SESSION] }],
    [
      { AWS: "arn:aws:iam::111122223333:role/service-role/ci" },
      { arns: ["arn:aws:iam::111122223333:role/service-role/ci"] },
    ],
    [
      { AWS: "arn:aws:sts::111122223333:federated-user/ann" },
      { arns: ["arn:aws:sts::111122223333:federated-user/ann"] },
    ],
    [{ AWS: "AIDACKCEVSQ6C2EXAMPLE" }, { uniqueIds: ["AIDACKCEVSQ6C2EXAMPLE"] }],
    [
      { Service: ["ecs.amazonaws.com", "lambda.amazonaws.com"] },
      { services: ["ecs.amazonaws.com", "lambda.amazonaws.com"] },
    ],
    [{ Federated: ["accounts.google.com", PROVIDER] }, { federated: ["accounts.google.com", PROVIDER] }],
    [{ CanonicalUser: CANONICAL }, { canonicalUsers: [CANONICAL] }],
    [
      { AWS: "111122223333", Service: "ecs.amazonaws.com" },
      { accounts: ["111122223333"], services: ["ecs.amazonaws.com"] },
    ],
  ])("%j is read", (principal, expected) => {
    const parsed = read(principal);
    expect(parsed.ok && parsed.policy.statements[0]?.principals).toEqual({ ...NONE, ...expected });
  });

  it.each<[unknown, string]>([
    [undefined, "MISSING_PRINCIPAL"],
    [{}, "MISSING_PRINCIPAL"],
    [{ AWS: [] }, "MISSING_PRINCIPAL"],
    ["111122223333", "INVALID_PRINCIPAL_FORMAT"],
    [["*"], "INVALID_PRINCIPAL_FORMAT"],
    [null, "INVALID_PRINCIPAL_FORMAT"],
    [{ aws: "*" }, "INVALID_ELEMENT"],
    [{ AWS: 111122223333 }, "DATA_TYPE_MISMATCH"],
    [{ AWS: { a: "b" } }, "DATA_TYPE_MISMATCH"],
    [{ AWS: "1111222233334" }, "INVALID_PRINCIPAL_FORMAT"],
    [{ AWS: "arn:aws:iam::111122223333:group/devs" }, "INVALID_PRINCIPAL_FORMAT"],
    [{ AWS: "arn:aws:iam::111122223333:user/" }, "INVALID_PRINCIPAL_FORMAT"],
    [{ AWS: "arn:aws:iam::1:root" }, "INVALID_PRINCIPAL_FORMAT"],
    [{ AWS: "arn:aws:sts::111122223333:assumed-role/ci" }, "INVALID_PRINCIPAL_FORMAT"],
    [{ AWS: "arn:aws:iam::111122223333:user/*" }, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"],
    [{ AWS: "arn:aws:sts::111122223333:assumed-role/ci/*" }, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"],
    [{ AWS: "*1111" }, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"],
    [{ Service: "*" }, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"],
    [{ Service: "ecs" }, "INVALID_PRINCIPAL_FORMAT"],
    [{ Federated: "google" }, "INVALID_PRINCIPAL_FORMAT"],
    [{ CanonicalUser: "abc" }, "INVALID_PRINCIPAL_FORMAT"],
  ])("%j is refused with %s", (principal, code) => {
    const parsed = read(principal);
    expect(parsed.ok).toBe(false);
    expect(parsed.findings[0]?.code).toBe(code);
  });
});
