import { describe, expect, it } from "vitest";

import { ask } from "../../test/ask.ts";
import { ABROAD, HOME, role } from "../../test/callers.ts";
import type { Caller, Documents, Outcome } from "../../test/documents.ts";
import {
  policy,
  allowAll,
  allowPull,
  allowPush,
  denyPush,
  silent,
  toWhom,
  allowTo,
  ann,
  ci,
  userArn,
  roleArn,
  sessionArn,
  rootArn,
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

describe("identity policies (IAM User Guide, policy evaluation logic)", () => {
  check([
    ["nothing is allowed by default", ann, {}, "implicitDeny"],
    ["an allow in an identity policy is enough", ann, { identity: [allowPush] }, "allowed"],
    ["an allow of another action is not", ann, { identity: [allowPull] }, "implicitDeny"],
    ["one allow among several policies is enough", ann, { identity: [allowPull, allowPush] }, "allowed"],
    ["an explicit deny beats an allow", ann, { identity: [allowAll, denyPush] }, "explicitDeny"],
    ["the order of policies does not matter", ann, { identity: [denyPush, allowAll] }, "explicitDeny"],
    ["a deny alone denies explicitly", ann, { identity: [denyPush] }, "explicitDeny"],
    [
      "a deny beats an allow in one document",
      ann,
      {
        identity: [
          policy(
            { Effect: "Allow", Action: "*", Resource: "*" },
            { Effect: "Deny", Action: "ecr:Put*", Resource: "*" },
          ),
        ],
      },
      "explicitDeny",
    ],
    ["a role session has its role's policies", ci, { identity: [allowPush] }, "allowed"],
  ]);
});

describe("identity and resource policies of one account", () => {
  check([
    ["an allow in the resource policy alone is enough", ann, { resource: [allowTo(userArn)] }, "allowed"],
    [
      "an allow in the identity policy alone is enough",
      ann,
      { identity: [allowPush], resource: [allowTo(roleArn)] },
      "allowed",
    ],
    [
      "a deny in the resource policy beats the identity policy",
      ann,
      { identity: [allowAll], resource: [toWhom("Deny", "*")] },
      "explicitDeny",
    ],
    [
      "a deny in the identity policy beats the resource policy",
      ann,
      { identity: [denyPush], resource: [allowTo(userArn)] },
      "explicitDeny",
    ],
    ["another user's allow is not ours", ann, { resource: [allowTo(`arn:aws:iam::${HOME}:user/bob`)] }, "implicitDeny"],
    ["names of users heed case", ann, { resource: [allowTo(`arn:aws:iam::${HOME}:user/Ann`)] }, "implicitDeny"],
    ["a list of principals is of alternatives", ann, { resource: [allowTo([roleArn, userArn])] }, "allowed"],
    ["the account as principal leaves it to the account", ann, { resource: [allowTo(rootArn)] }, "implicitDeny"],
    ["so does its id", ann, { resource: [allowTo(HOME)] }, "implicitDeny"],
    ["and the account's own policy then allows", ann, { identity: [allowPush], resource: [allowTo(HOME)] }, "allowed"],
    ["everyone includes users of the account", ann, { resource: [toWhom("Allow", "*")] }, "allowed"],
    ["everyone under AWS does too", ann, { resource: [allowTo("*")] }, "allowed"],
    ["a unique id names its user", ann, { resource: [allowTo("AIDAANNAAAAAAAAAAAAA")] }, "allowed"],
    [
      "a second resource policy may allow what the first is silent on",
      ann,
      { resource: [allowTo(roleArn), allowTo(userArn)] },
      "allowed",
    ],
    [
      "a second resource policy may deny what the first allows",
      ann,
      { resource: [allowTo(userArn), toWhom("Deny", { AWS: HOME })] },
      "explicitDeny",
    ],
    [
      "a deny to the account is a deny to its users",
      ann,
      { identity: [allowAll], resource: [toWhom("Deny", { AWS: rootArn })] },
      "explicitDeny",
    ],
    [
      "a deny to another account is not",
      ann,
      { identity: [allowAll], resource: [toWhom("Deny", { AWS: ABROAD })] },
      "allowed",
    ],
    [
      "an allow to a service is not one to users",
      ann,
      { resource: [toWhom("Allow", { Service: "ecr.amazonaws.com" })] },
      "implicitDeny",
    ],
  ]);
});

describe("permissions boundaries", () => {
  check([
    ["a boundary allows nothing by itself", ann, { boundary: allowAll }, "implicitDeny"],
    ["what both allow is allowed", ann, { identity: [allowAll], boundary: allowPush }, "allowed"],
    ["what the boundary is silent on is not", ann, { identity: [allowAll], boundary: silent }, "implicitDeny"],
    ["a deny in the boundary is explicit", ann, { identity: [allowAll], boundary: denyPush }, "explicitDeny"],
    [
      "a boundary does not limit what the resource grants to the user",
      ann,
      { boundary: silent, resource: [allowTo(userArn)] },
      "allowed",
    ],
    [
      "a boundary does not limit what the resource grants to the session",
      ci,
      { boundary: silent, resource: [allowTo(sessionArn)] },
      "allowed",
    ],
    [
      "a boundary limits what the resource grants to the role",
      ci,
      { boundary: silent, resource: [allowTo(roleArn)] },
      "implicitDeny",
    ],
    [
      "what the resource grants to the role within the boundary is allowed",
      ci,
      { boundary: allowPush, resource: [allowTo(roleArn)] },
      "allowed",
    ],
    [
      "a boundary does not limit what everyone is granted",
      ci,
      { boundary: silent, resource: [toWhom("Allow", "*")] },
      "allowed",
    ],
    [
      "a deny in the boundary beats a grant to the user",
      ann,
      { boundary: denyPush, resource: [allowTo(userArn)] },
      "explicitDeny",
    ],
    [
      "a role without a session is limited too",
      role("ci"),
      { boundary: silent, resource: [allowTo(roleArn)] },
      "implicitDeny",
    ],
    [
      "the closest of several grants counts",
      ci,
      { boundary: silent, resource: [allowTo(roleArn), allowTo(sessionArn)] },
      "allowed",
    ],
  ]);
});

describe("session policies", () => {
  check([
    ["what both allow is allowed", ci, { identity: [allowAll], session: [allowPush] }, "allowed"],
    ["what the session policy is silent on is not", ci, { identity: [allowAll], session: [silent] }, "implicitDeny"],
    ["a session policy allows nothing by itself", ci, { session: [allowAll] }, "implicitDeny"],
    [
      "one of several session policies is enough",
      ci,
      { identity: [allowAll], session: [silent, allowPush] },
      "allowed",
    ],
    [
      "a deny in a session policy is explicit",
      ci,
      { identity: [allowAll], session: [allowAll, denyPush] },
      "explicitDeny",
    ],
    [
      "boundary and session policy must both allow",
      ci,
      { identity: [allowAll], boundary: silent, session: [allowAll] },
      "implicitDeny",
    ],
    [
      "a session policy limits what the resource grants to the role",
      ci,
      { session: [silent], resource: [allowTo(roleArn)] },
      "implicitDeny",
    ],
    [
      "what the resource grants to the role within it is allowed",
      ci,
      { session: [allowPush], resource: [allowTo(roleArn)] },
      "allowed",
    ],
    [
      "it does not limit what the resource grants to the session",
      ci,
      { session: [silent], resource: [allowTo(sessionArn)] },
      "allowed",
    ],
    ["it does not limit what everyone is granted", ci, { session: [silent], resource: [allowTo("*")] }, "allowed"],
    [
      "a deny in it beats a grant to the session",
      ci,
      { session: [denyPush], resource: [allowTo(sessionArn)] },
      "explicitDeny",
    ],
    [
      "it limits what the resource grants to the user behind a session",
      ann,
      { session: [silent], resource: [allowTo(userArn)] },
      "implicitDeny",
    ],
    ["no session policy at all limits nothing", ci, { identity: [allowPush] }, "allowed"],
    ["an empty list of session policies allows nothing", ci, { identity: [allowPush], session: [] }, "implicitDeny"],
  ]);
});
