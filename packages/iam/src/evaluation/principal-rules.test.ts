import { describe, expect, it } from "vitest";

import { ask } from "../../test/ask.ts";
import { ABROAD, HOME, anonymous, root, service, user } from "../../test/callers.ts";
import type { Caller, Documents, Outcome, PolicyDocument } from "../../test/documents.ts";
import {
  policy,
  allowAll,
  allowPush,
  denyPush,
  silent,
  toWhom,
  allowTo,
  unlessNamed,
  ann,
  ci,
  stranger,
  strangeSession,
  userArn,
  roleArn,
  sessionArn,
  rootArn,
  strangeArn,
} from "../../test/writing.ts";

type Row = readonly [rule: string, caller: Caller, documents: Documents, outcome: Outcome];

/** Asks to push to a repository of the account HOME. */
function check(rows: readonly Row[]): void {
  it.each(rows)("%s", (_, caller, documents, outcome) => {
    const resource = `arn:aws:ecr:us-east-1:${HOME}:repository/app`;
    const asked = { caller, action: "ecr:PutImage", resource, resourceAccountId: HOME, context: {} };
    expect(ask(documents, asked).decision).toBe(outcome);
  });
}

describe("role sessions as principals", () => {
  check([
    ["the role's ARN names its sessions", ci, { resource: [allowTo(roleArn)] }, "allowed"],
    ["the session's ARN names the session", ci, { resource: [allowTo(sessionArn)] }, "allowed"],
    [
      "another session's ARN does not",
      ci,
      { resource: [allowTo(sessionArn.replace("run-1", "run-2"))] },
      "implicitDeny",
    ],
    ["another role's ARN does not", ci, { resource: [allowTo(roleArn.replace("ci", "cd"))] }, "implicitDeny"],
    ["the role's unique id names its sessions", ci, { resource: [allowTo("AROACIAAAAAAAAAAAAAA")] }, "allowed"],
    [
      "a deny to the role is a deny to its sessions",
      ci,
      { identity: [allowAll], resource: [toWhom("Deny", { AWS: roleArn })] },
      "explicitDeny",
    ],
    [
      "a role of another account with the same name is another role",
      strangeSession,
      { identity: [allowAll], resource: [allowTo(roleArn)] },
      "implicitDeny",
    ],
  ]);
});

describe("across accounts (IAM User Guide, cross-account evaluation)", () => {
  check([
    ["both sides allow", stranger, { identity: [allowPush], resource: [allowTo(strangeArn)] }, "allowed"],
    ["the identity side alone is not enough", stranger, { identity: [allowAll] }, "implicitDeny"],
    ["the resource side alone is not enough", stranger, { resource: [allowTo(strangeArn)] }, "implicitDeny"],
    [
      "the account as principal is enough for the resource side",
      stranger,
      { identity: [allowPush], resource: [allowTo(ABROAD)] },
      "allowed",
    ],
    [
      "the account's root ARN too",
      stranger,
      { identity: [allowPush], resource: [allowTo(`arn:aws:iam::${ABROAD}:root`)] },
      "allowed",
    ],
    ["everyone too", stranger, { identity: [allowPush], resource: [toWhom("Allow", "*")] }, "allowed"],
    ["everyone does not replace the identity side", stranger, { resource: [toWhom("Allow", "*")] }, "implicitDeny"],
    [
      "a third account is not ours",
      stranger,
      { identity: [allowPush], resource: [allowTo("777788889999")] },
      "implicitDeny",
    ],
    [
      "a boundary limits the identity side",
      stranger,
      { identity: [allowAll], boundary: silent, resource: [allowTo(strangeArn)] },
      "implicitDeny",
    ],
    [
      "a session policy limits the identity side",
      strangeSession,
      { identity: [allowAll], session: [silent], resource: [allowTo(`arn:aws:sts::${ABROAD}:assumed-role/ci/run-1`)] },
      "implicitDeny",
    ],
    [
      "a deny on the resource side wins",
      stranger,
      { identity: [allowAll], resource: [allowTo(ABROAD), toWhom("Deny", { AWS: strangeArn })] },
      "explicitDeny",
    ],
    [
      "a deny on the identity side wins",
      stranger,
      { identity: [allowAll, denyPush], resource: [allowTo(ABROAD)] },
      "explicitDeny",
    ],
    [
      "the role's ARN is enough for a session",
      strangeSession,
      { identity: [allowAll], resource: [allowTo(`arn:aws:iam::${ABROAD}:role/ci`)] },
      "allowed",
    ],
  ]);
});

describe("the root of an account", () => {
  check([
    ["may do everything in its account", root(), {}, "allowed"],
    [
      "is not limited by identity policies",
      root(),
      { identity: [denyPush], boundary: silent, session: [silent] },
      "allowed",
    ],
    ["is bound by a deny in a resource policy", root(), { resource: [toWhom("Deny", "*")] }, "explicitDeny"],
    ["is bound by a deny to its account", root(), { resource: [toWhom("Deny", { AWS: HOME })] }, "explicitDeny"],
    ["needs the resource policy of another account", root(ABROAD), {}, "implicitDeny"],
    ["is named by its account there", root(ABROAD), { resource: [allowTo(ABROAD)] }, "allowed"],
    ["is not named by a user of its account", root(ABROAD), { resource: [allowTo(strangeArn)] }, "implicitDeny"],
  ]);
});

describe("the public and services", () => {
  check([
    ["the public may do nothing by default", anonymous, {}, "implicitDeny"],
    ["the public is everyone", anonymous, { resource: [toWhom("Allow", "*")] }, "allowed"],
    ["the public is everyone under AWS", anonymous, { resource: [allowTo("*")] }, "allowed"],
    ["the public is no account", anonymous, { resource: [allowTo(HOME)] }, "implicitDeny"],
    ["the public has no identity policies", anonymous, { identity: [allowAll] }, "implicitDeny"],
    ["the public may be denied", anonymous, { resource: [toWhom("Allow", "*"), toWhom("Deny", "*")] }, "explicitDeny"],
    [
      "an allow without NotPrincipal's names covers the public",
      anonymous,
      { resource: [unlessNamed("Allow", HOME)] },
      "allowed",
    ],
    [
      "a service is named under Service",
      service(),
      { resource: [toWhom("Allow", { Service: "replication.ecr.amazonaws.com" })] },
      "allowed",
    ],
    [
      "another service is not",
      service(),
      { resource: [toWhom("Allow", { Service: "ecs.amazonaws.com" })] },
      "implicitDeny",
    ],
    ["a service is no account", service(), { resource: [allowTo(HOME)] }, "implicitDeny"],
    [
      "a service may be denied",
      service(),
      { resource: [toWhom("Allow", "*"), toWhom("Deny", { Service: "replication.ecr.amazonaws.com" })] },
      "explicitDeny",
    ],
  ]);
});

describe("NotPrincipal (IAM User Guide, NotPrincipal)", () => {
  check([
    [
      "a deny spares the user named with the account",
      ann,
      { identity: [allowAll], resource: [unlessNamed("Deny", userArn, rootArn)] },
      "allowed",
    ],
    [
      "a deny hits the user named without the account",
      ann,
      { identity: [allowAll], resource: [unlessNamed("Deny", userArn)] },
      "explicitDeny",
    ],
    [
      "a deny hits other users of the account named",
      user("bob"),
      { identity: [allowAll], resource: [unlessNamed("Deny", userArn, rootArn)] },
      "explicitDeny",
    ],
    [
      "a deny spares the root of the account named",
      root(),
      { resource: [unlessNamed("Deny", userArn, rootArn)] },
      "allowed",
    ],
    [
      "a deny spares the session named with role and account",
      ci,
      { identity: [allowAll], resource: [unlessNamed("Deny", sessionArn, roleArn, rootArn)] },
      "allowed",
    ],
    [
      "a deny hits the session named without its role",
      ci,
      { identity: [allowAll], resource: [unlessNamed("Deny", sessionArn, rootArn)] },
      "explicitDeny",
    ],
    [
      "a deny hits the public",
      anonymous,
      { resource: [toWhom("Allow", "*"), unlessNamed("Deny", userArn, rootArn)] },
      "explicitDeny",
    ],
    ["an allow covers everyone else", user("bob"), { resource: [unlessNamed("Allow", userArn)] }, "allowed"],
    ["an allow leaves out who is named", ann, { resource: [unlessNamed("Allow", userArn)] }, "implicitDeny"],
    ["an allow leaves out users of the account named", ann, { resource: [unlessNamed("Allow", HOME)] }, "implicitDeny"],
  ]);
});

const trust = (AWS: string | string[]): PolicyDocument =>
  policy({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" });

describe("trust policies", () => {
  const rows: readonly Row[] = [
    [
      "an identity policy alone does not open a role of the account",
      ann,
      { identity: [allowAll], trust: trust(roleArn) },
      "implicitDeny",
    ],
    ["trust in the user alone is enough within the account", ann, { trust: trust(userArn) }, "allowed"],
    ["trust in the account wants an identity policy", ann, { trust: trust(HOME) }, "implicitDeny"],
    [
      "trust in the account with an identity policy is enough",
      ann,
      { identity: [allowAll], trust: trust(HOME) },
      "allowed",
    ],
    ["trust in another account wants an identity policy there", stranger, { trust: trust(strangeArn) }, "implicitDeny"],
    [
      "trust in another account with one is enough",
      stranger,
      { identity: [allowAll], trust: trust(ABROAD) },
      "allowed",
    ],
    ["the root of the account is trusted only when named", root(), { trust: trust(userArn) }, "implicitDeny"],
    ["a role may assume a role that trusts it", ci, { trust: trust(roleArn) }, "allowed"],
    ["its session policy limits it", ci, { session: [silent], trust: trust(roleArn) }, "implicitDeny"],
    [
      "a deny in the trust policy wins",
      ann,
      { identity: [allowAll], trust: policy({ Effect: "Deny", Principal: "*", Action: "sts:*" }) },
      "explicitDeny",
    ],
  ];
  it.each(rows)("%s", (_, caller, documents, outcome) => {
    const resource = `arn:aws:iam::${HOME}:role/deploy`;
    const asked = { caller, action: "sts:AssumeRole", resource, resourceAccountId: HOME, context: {} };
    expect(ask(documents, asked).decision).toBe(outcome);
  });
});
