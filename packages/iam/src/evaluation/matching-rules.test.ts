import { describe, expect, it } from "vitest";

import { ask, compileDocuments } from "../../test/ask.ts";
import { HOME, anonymous, root, service, session, user } from "../../test/callers.ts";
import type { Caller, PolicyDocument, StatementDocument } from "../../test/documents.ts";
import { contextOf } from "../matching/lookup.ts";
import { evaluate } from "./evaluate.ts";

const APP = `arn:aws:ecr:us-east-1:${HOME}:repository/team/app`;

interface Asked {
  readonly caller?: Caller;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly version?: PolicyDocument["Version"];
}

/** Whether a statement is about a request; asked with an Allow in a policy of the caller. */
function isAbout(part: Omit<StatementDocument, "Effect">, asked: Asked = {}): boolean {
  const { caller = user("ann"), action = "ecr:PutImage", resource = APP, context = {} } = asked;
  const { version = "2012-10-17" } = asked;
  const everywhere = part.NotResource === undefined ? { Resource: "*" } : {};
  const statement: StatementDocument = { Effect: "Allow", ...everywhere, ...part };
  const { decision } = ask(
    { identity: [{ Version: version, Statement: statement }] },
    { caller, action, resource, resourceAccountId: HOME, context },
  );
  return decision === "allowed";
}

type Row = readonly [rule: string, part: Omit<StatementDocument, "Effect">, asked: Asked, matches: boolean];

function check(rows: readonly Row[]): void {
  it.each(rows)("%s", (_, part, asked, expected) => {
    expect(isAbout(part, asked)).toBe(expected);
  });
}

describe("Action and NotAction (IAM User Guide, policy elements)", () => {
  check([
    ["an action names itself", { Action: "ecr:PutImage" }, {}, true],
    ["an action names no other", { Action: "ecr:BatchGetImage" }, {}, false],
    ["the service and the action have no case", { Action: "ECR:putimage" }, {}, true],
    ["the case of the request does not matter either", { Action: "ecr:PutImage" }, { action: "ECR:PUTIMAGE" }, true],
    ["an asterisk stands for any run", { Action: "ecr:Put*" }, {}, true],
    ["an asterisk stands anywhere", { Action: "ecr:*Image" }, {}, true],
    ["an asterisk stands for nothing too", { Action: "ecr:PutImage*" }, {}, true],
    ["a question mark stands for one character", { Action: "ecr:?utImage" }, {}, true],
    ["a question mark stands for no less", { Action: "ecr:PutImage?" }, {}, false],
    ["a service with an asterisk is all of it and no other", { Action: "ecr:*" }, { action: "sts:AssumeRole" }, false],
    ["an asterisk alone is every action", { Action: "*" }, { action: "sts:AssumeRole" }, true],
    ["a list is of alternatives", { Action: ["sts:*", "ecr:PutImage"] }, {}, true],
    ["NotAction leaves out its action", { NotAction: "ecr:PutImage" }, {}, false],
    [
      "NotAction takes every other action, of other services too",
      { NotAction: "ecr:PutImage" },
      { action: "sts:AssumeRole" },
      true,
    ],
    ["NotAction leaves out all of its list", { NotAction: ["sts:*", "ecr:Put*"] }, {}, false],
  ]);
});

describe("Resource and NotResource", () => {
  check([
    ["an ARN names itself", { Action: "*", Resource: APP }, {}, true],
    ["ARNs heed case", { Action: "*", Resource: APP.replace("team", "Team") }, {}, false],
    ["an asterisk alone is every resource", { Action: "*", Resource: "*" }, {}, true],
    [
      "an asterisk stands for any run, slashes included",
      { Action: "*", Resource: `arn:aws:ecr:us-east-1:${HOME}:repository/*` },
      {},
      true,
    ],
    [
      "an asterisk stands within the text",
      { Action: "*", Resource: `arn:aws:ecr:us-east-1:${HOME}:repository/*/app` },
      {},
      true,
    ],
    [
      "what stands around an asterisk must be there",
      { Action: "*", Resource: `arn:aws:ecr:us-east-1:${HOME}:repository/*/app` },
      { resource: APP.replace("team/", "") },
      false,
    ],
    ["a question mark stands for one character", { Action: "*", Resource: APP.replace("east-1", "east-?") }, {}, true],
    ["fields may be wildcards", { Action: "*", Resource: "arn:aws:ecr:*:*:repository/team/app" }, {}, true],
    ["another account's ARN does not match", { Action: "*", Resource: APP.replace(HOME, "444455556666") }, {}, false],
    ["missing fields stand for anything", { Action: "*", Resource: "arn:aws:ecr" }, {}, true],
    ["missing fields leave the service fixed", { Action: "*", Resource: "arn:aws:sqs" }, {}, false],
    [
      "an asterisk at the end of a field reaches over colons",
      { Action: "*", Resource: "arn:aws:ecr:us-east-1:*" },
      {},
      true,
    ],
    ["it reaches into the middle too", { Action: "*", Resource: "arn:aws:ecr:*:repository/team/*" }, {}, true],
    ["a list is of alternatives", { Action: "*", Resource: ["arn:aws:sqs:*:*:*", APP] }, {}, true],
    [
      "an action without resource wants an asterisk",
      { Action: "*", Resource: "*" },
      { action: "ecr:GetAuthorizationToken", resource: "*" },
      true,
    ],
    [
      "an ARN does not cover an action without resource",
      { Action: "*", Resource: "arn:aws:ecr:*:*:*" },
      { action: "ecr:GetAuthorizationToken", resource: "*" },
      false,
    ],
    ["NotResource leaves out its resource", { Action: "*", NotResource: APP }, {}, false],
    [
      "NotResource takes every other resource",
      { Action: "*", NotResource: APP },
      { resource: APP.replace("app", "web") },
      true,
    ],
    ["NotResource takes wildcards", { Action: "*", NotResource: "arn:aws:ecr:*:*:repository/team/*" }, {}, false],
  ]);
});

const own = `arn:aws:ecr:us-east-1:${HOME}:repository/\${aws:username}/*`;
const ofTeam = `arn:aws:ecr:us-east-1:${HOME}:repository/\${aws:PrincipalTag/team, 'shared'}/*`;
const named = (name: string): Asked => ({ resource: `arn:aws:ecr:us-east-1:${HOME}:repository/${name}` });
const STAR = `arn:aws:ecr:us-east-1:${HOME}:repository/a\${*}b`;
const MARK = `arn:aws:ecr:us-east-1:${HOME}:repository/a\${?}b`;
const DOLLAR = `arn:aws:ecr:us-east-1:${HOME}:repository/a\${$}b`;

describe("policy variables (IAM User Guide, variables and tags)", () => {
  check([
    ["a variable in Resource is replaced", { Action: "*", Resource: own }, named("ann/app"), true],
    ["another user's name does not match", { Action: "*", Resource: own }, named("bob/app"), false],
    [
      "a variable without a value matches no resource",
      { Action: "*", Resource: own },
      { ...named("ann/app"), caller: session("ann") },
      false,
    ],
    [
      "a variable without a value leaves out nothing by NotResource",
      { Action: "*", NotResource: own },
      { ...named("ann/app"), caller: session("ann") },
      true,
    ],
    ["the default stands in for the missing value", { Action: "*", Resource: ofTeam }, named("shared/app"), true],
    [
      "the default gives way to the value",
      { Action: "*", Resource: ofTeam },
      { ...named("shared/app"), caller: user("ann", HOME, { team: "blue" }) },
      false,
    ],
    [
      "tags of the principal are variables",
      { Action: "*", Resource: ofTeam },
      { ...named("blue/app"), caller: user("ann", HOME, { team: "blue" }) },
      true,
    ],
    [
      "names of variables have no case",
      { Action: "*", Resource: own.replace("aws:username", "AWS:UserName") },
      named("ann/app"),
      true,
    ],
    [
      "a value with an asterisk is no wildcard",
      { Action: "*", Resource: ofTeam },
      { ...named("blue/app"), caller: user("ann", HOME, { team: "b*" }) },
      false,
    ],
    ["${*} is an asterisk", { Action: "*", Resource: STAR }, named("a*b"), true],
    ["${*} is no wildcard", { Action: "*", Resource: STAR }, named("axb"), false],
    ["${?} is a question mark", { Action: "*", Resource: MARK }, named("a?b"), true],
    ["${?} is no wildcard", { Action: "*", Resource: MARK }, named("axb"), false],
    ["${$} is a dollar sign", { Action: "*", Resource: DOLLAR }, named("a$b"), true],
    [
      "policies of 2008 have no variables",
      { Action: "*", Resource: own },
      { ...named("ann/app"), version: "2008-10-17" },
      false,
    ],
    [
      "in policies of 2008 they are text",
      { Action: "*", Resource: own },
      { ...named("${aws:username}/app"), version: "2008-10-17" },
      true,
    ],
  ]);
});

const sameTeam = { StringEquals: { "aws:ResourceTag/team": "${aws:PrincipalTag/team}" } };
const otherTeam = { StringNotEquals: { "aws:ResourceTag/team": "${aws:PrincipalTag/team}" } };
const ofBlue = user("ann", HOME, { team: "blue" });
const tagged = { context: { "aws:ResourceTag/team": ["blue"] } };

describe("policy variables in conditions", () => {
  check([
    ["StringEquals compares with the value", { Action: "*", Condition: sameTeam }, { ...tagged, caller: ofBlue }, true],
    ["StringEquals fails for a variable without a value", { Action: "*", Condition: sameTeam }, tagged, false],
    [
      "StringNotEquals compares with the value",
      { Action: "*", Condition: otherTeam },
      { ...tagged, caller: ofBlue },
      false,
    ],
    ["StringNotEquals holds for a variable without a value", { Action: "*", Condition: otherTeam }, tagged, true],
    [
      "StringLike mixes variables and wildcards",
      { Action: "*", Condition: { StringLike: { "x:prefix": "home/${aws:username}/*" } } },
      { context: { "x:prefix": ["home/ann/docs"] } },
      true,
    ],
    [
      "a wildcard after a variable may stand for nothing",
      { Action: "*", Condition: { StringLike: { "x:prefix": "home/${aws:username}*" } } },
      { context: { "x:prefix": ["home/ann"] } },
      true,
    ],
    [
      "the value may be longer than what it equals without regard to case",
      { Action: "*", Condition: { StringEqualsIgnoreCase: { "x:name": "${aws:PrincipalTag/name}" } } },
      { caller: user("ann", HOME, { name: "i\u0307" }), context: { "x:name": ["\u0130"] } },
      true,
    ],
    [
      "ArnLike does not take the beginning of an ARN from a variable for all of it",
      { Action: "*", Condition: { ArnLike: { "aws:PrincipalArn": "${aws:PrincipalTag/arn}" } } },
      { caller: user("ann", HOME, { arn: "arn:aws" }) },
      false,
    ],
    [
      "ArnLike takes variables",
      { Action: "*", Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/${aws:username}" } } },
      {},
      true,
    ],
    [
      "a key with several values is no variable",
      { Action: "*", Condition: { StringEquals: { "x:tag": "${aws:TagKeys}" } } },
      { context: { "x:tag": ["a"], "aws:TagKeys": ["a", "b"] } },
      false,
    ],
    [
      "a key with one value is a variable",
      { Action: "*", Condition: { StringEquals: { "x:tag": "${aws:TagKeys}" } } },
      { context: { "x:tag": ["a"], "aws:TagKeys": ["a"] } },
      true,
    ],
  ]);
});

const is = (key: string, value: string): Omit<StatementDocument, "Effect"> => ({
  Action: "*",
  Condition: { StringEquals: { [key]: value } },
});
const absent = (key: string): Omit<StatementDocument, "Effect"> => ({
  Action: "*",
  Condition: { Null: { [key]: "true" } },
});

describe("keys of the principal (IAM User Guide, principal key values)", () => {
  check([
    ["aws:PrincipalArn of a user is its ARN", is("aws:PrincipalArn", `arn:aws:iam::${HOME}:user/ann`), {}, true],
    [
      "aws:PrincipalArn of a session is its role's",
      is("aws:PrincipalArn", `arn:aws:iam::${HOME}:role/ci`),
      { caller: session("ci") },
      true,
    ],
    ["aws:PrincipalAccount is the account", is("aws:PrincipalAccount", HOME), { caller: session("ci") }, true],
    ["aws:PrincipalType of a user", is("aws:PrincipalType", "User"), {}, true],
    ["aws:PrincipalType of a session", is("aws:PrincipalType", "AssumedRole"), { caller: session("ci") }, true],
    ["aws:userid of a user is its unique id", is("aws:userid", "AIDAANNAAAAAAAAAAAAA"), {}, true],
    [
      "aws:userid of a session is role id and name",
      is("aws:userid", "AROACIAAAAAAAAAAAAAA:run-1"),
      { caller: session("ci") },
      true,
    ],
    ["aws:username of a user with a path is its name", is("aws:username", "ann"), { caller: user("dev/ann") }, true],
    ["aws:username is absent for a session", absent("aws:username"), { caller: session("ci") }, true],
    ["aws:PrincipalTag has no case in its key", is("aws:PrincipalTag/TEAM", "blue"), { caller: ofBlue }, true],
    [
      "aws:PrincipalTag is absent for a tag that is not there",
      absent("aws:PrincipalTag/cost"),
      { caller: ofBlue },
      true,
    ],
    [
      "the request cannot speak for the principal",
      is("aws:PrincipalTag/team", "red"),
      { caller: ofBlue, context: { "aws:PrincipalTag/team": ["red"] } },
      false,
    ],
    ["aws:PrincipalIsAWSService is false for a user", is("aws:PrincipalIsAWSService", "false"), {}, true],
  ]);
});

describe("the root of an account", () => {
  it("has a type and a user id of its own, as a resource policy sees them", () => {
    const condition = { StringEquals: { "aws:PrincipalType": "Account", "aws:userid": HOME } };
    const statement = { Effect: "Deny", Principal: "*", Action: "*", Condition: condition } as const;
    const asked = { caller: root(), action: "ecr:PutImage", resource: APP, resourceAccountId: HOME, context: {} };
    expect(ask({ resource: [{ Version: "2012-10-17", Statement: statement }] }, asked).decision).toBe("explicitDeny");
  });
});

describe("a role session whose role is not given", () => {
  it.each([
    ["arn:aws", `arn:aws:iam::${HOME}:role/ci`],
    ["arn:aws-cn", `arn:aws-cn:iam::${HOME}:role/ci`],
  ])("has the role of its own ARN: %s", (prefix, roleArn) => {
    const arn = `${prefix}:sts::${HOME}:assumed-role/ci/run-1`;
    const principal = { kind: "assumedRole", arn, accountId: HOME } as const;
    const policy = {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", ...is("aws:PrincipalArn", roleArn), Resource: "*" },
    } as const;
    const request = {
      principal,
      action: "ecr:PutImage",
      resource: APP,
      resourceAccountId: HOME,
      context: contextOf([]),
    };
    expect(evaluate({ identity: [compileDocuments("identity", [policy])] }, request).decision).toBe("allowed");
    const grant = { Statement: { Effect: "Allow", Principal: { AWS: roleArn }, Action: "*" } } as const;
    expect(evaluate({ resource: [compileDocuments("resource", [grant])] }, request).decision).toBe("allowed");
  });
});

describe("a service", () => {
  it("is named by a key of its own", () => {
    const condition = {
      StringEquals: { "aws:PrincipalServiceName": "ecr.amazonaws.com", "aws:PrincipalIsAWSService": "true" },
    };
    const statement = { Effect: "Allow", Principal: "*", Action: "*", Condition: condition } as const;
    const asked = { action: "ecr:PutImage", resource: APP, resourceAccountId: HOME, context: {} };
    const decisionFor = (caller: Caller): string =>
      ask({ resource: [{ Statement: statement }] }, { ...asked, caller }).decision;
    expect(decisionFor(service("ecr.amazonaws.com"))).toBe("allowed");
    expect(decisionFor(service("ecs.amazonaws.com"))).toBe("implicitDeny");
    expect(decisionFor(anonymous)).toBe("implicitDeny");
  });
});
