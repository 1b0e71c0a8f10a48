import { describe, expect, it } from "vitest";

import { ask } from "../../test/ask.ts";
import { HOME, anonymous, session, user } from "../../test/callers.ts";
import type { Caller, Documents } from "../../test/documents.ts";
import { allowAll, denyPush, silent, toWhom } from "../../test/writing.ts";
import { denialClause } from "./denial-clause.ts";

describe("denialClause", () => {
  it.each<[string | undefined, Caller, Documents]>([
    ["with an explicit deny in an identity-based policy", user("ann"), { identity: [denyPush] }],
    ["with an explicit deny in a permissions boundary", user("ann"), { identity: [allowAll], boundary: denyPush }],
    ["with an explicit deny in a session policy", session("ci"), { identity: [allowAll], session: [denyPush] }],
    ["with an explicit deny in a resource-based policy", anonymous, { resource: [toWhom("Deny", "*")] }],
    ["because no identity-based policy allows the ecr:PutImage action", user("ann"), {}],
    [
      "because no permissions boundary allows the ecr:PutImage action",
      user("ann"),
      { identity: [allowAll], boundary: silent },
    ],
    [
      "because no session policy allows the ecr:PutImage action",
      session("ci"),
      { identity: [allowAll], session: [silent] },
    ],
    ["because no resource-based policy allows the ecr:PutImage action", anonymous, {}],
    [undefined, user("ann"), { identity: [allowAll] }],
  ])("is %j", (clause, caller, documents) => {
    const resource = `arn:aws:ecr:us-east-1:${HOME}:repository/app`;
    const question = { caller, action: "ecr:PutImage", resource, resourceAccountId: HOME, context: {} };
    expect(denialClause(ask(documents, question), "ecr:PutImage")).toBe(clause);
  });
});
