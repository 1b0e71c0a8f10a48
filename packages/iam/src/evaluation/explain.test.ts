import { describe, expect, it } from "vitest";

import { ask, askWhy } from "../../test/ask.ts";
import { ABROAD, HOME, anonymous, root, session, user } from "../../test/callers.ts";
import type { Caller, Documents, Question, StatementDocument } from "../../test/documents.ts";
import { allowAll, allowPull, allowPush, allowTo, denyPush, policy, roleArn, silent } from "../../test/writing.ts";

function push(caller: Caller, context: Question["context"] = {}): Question {
  const resource = `arn:aws:ecr:us-east-1:${HOME}:repository/app`;
  return { caller, action: "ecr:PutImage", resource, resourceAccountId: HOME, context };
}

describe("the reason of a decision", () => {
  it.each<[string, Caller, Documents, string[]]>([
    ["deniedByStatement", user("ann"), { identity: [allowAll, denyPush] }, ["identity identity-0 0"]],
    ["allowedByIdentity", user("ann"), { identity: [allowPush] }, ["identity identity-0 0"]],
    ["allowedByResource", session("ci"), { resource: [allowTo(roleArn)] }, ["resource resource-0 0"]],
    [
      "allowedByBothAccounts",
      user("zoe", ABROAD),
      {
        identity: [
          policy({ Effect: "Deny", Action: "s3:*", Resource: "*" }, { Effect: "Allow", Action: "*", Resource: "*" }),
        ],
        resource: [allowTo(ABROAD)],
      },
      ["identity identity-0 1", "resource resource-0 0"],
    ],
    ["allowedAsRoot", root(), {}, []],
    ["noIdentityAllow", user("ann"), { identity: [allowPull] }, []],
    ["noBoundaryAllow", user("ann"), { identity: [allowAll], boundary: silent }, []],
    ["noSessionAllow", session("ci"), { identity: [allowAll], session: [silent] }, []],
    ["noResourceAllow", user("zoe", ABROAD), { identity: [allowAll] }, []],
    ["noResourceAllow", anonymous, {}, []],
  ])("may be %s", (reason, caller, documents, deciders) => {
    const decision = ask(documents, push(caller));
    expect(decision.reason).toBe(reason);
    expect(decision.decidedBy.map(({ source, policy: name, index }) => `${source} ${name} ${index}`)).toEqual(deciders);
  });

  it("names the Sid of the statement that decided", () => {
    const Statement: StatementDocument = { Sid: "NoPush", Effect: "Deny", Action: "ecr:PutImage", Resource: "*" };
    const { decidedBy } = ask(
      { identity: [allowAll], boundary: { Version: "2012-10-17", Statement } },
      push(user("ann")),
    );
    expect(decidedBy).toEqual([{ source: "boundary", policy: "boundary-0", index: 0, sid: "NoPush" }]);
  });
});

describe("explain", () => {
  it("tells of every statement whether it matched, or what it failed on", () => {
    const condition = { "ForAnyValue:StringLikeIfExists": { "aws:TagKeys": ["a*", "b"] } };
    const identity = policy(
      { Effect: "Allow", Action: "ecr:Get*", Resource: "*" },
      { Effect: "Allow", Action: "*", Resource: "arn:aws:ecr:*:*:repository/other" },
      { Effect: "Allow", Action: "*", Resource: "*", Condition: condition },
      { Effect: "Deny", Action: "*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    );
    const { statements, reason } = askWhy(
      { identity: [identity], resource: [allowTo([`arn:aws:iam::${HOME}:user/bob`]), allowTo(HOME)] },
      push(user("ann"), { "aws:TagKeys": ["c"] }),
    );
    expect(reason).toBe("noIdentityAllow");
    expect(statements).toEqual([
      {
        source: "identity",
        policy: "identity-0",
        index: 3,
        effect: "Deny",
        matched: false,
        failed: {
          element: "Condition",
          operator: "Bool",
          key: "aws:SecureTransport",
          expected: ["false"],
          actual: undefined,
        },
      },
      {
        source: "identity",
        policy: "identity-0",
        index: 0,
        effect: "Allow",
        matched: false,
        failed: { element: "Action" },
      },
      {
        source: "identity",
        policy: "identity-0",
        index: 1,
        effect: "Allow",
        matched: false,
        failed: { element: "Resource" },
      },
      {
        source: "identity",
        policy: "identity-0",
        index: 2,
        effect: "Allow",
        matched: false,
        failed: {
          element: "Condition",
          operator: "ForAnyValue:StringLikeIfExists",
          key: "aws:TagKeys",
          expected: ["a*", "b"],
          actual: ["c"],
        },
      },
      {
        source: "resource",
        policy: "resource-0",
        index: 0,
        effect: "Allow",
        matched: false,
        failed: { element: "Principal" },
      },
      { source: "resource", policy: "resource-0", index: 0, effect: "Allow", matched: true, grant: "account" },
    ]);
  });

  it("leaves out policies that have no say, as those of an identity for the root", () => {
    const documents: Documents = { identity: [denyPush], boundary: silent, resource: [allowTo(HOME)] };
    expect(askWhy(documents, push(root())).statements.map(({ source }) => source)).toEqual(["resource"]);
  });
});
