import { policyText, type TestStatement } from "@stowage/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arnOf, HOME, openInstallation, type ApiAnswer, type Installation, type Login } from "./installation.ts";

const NAME = "team/app";
let installation: Installation;
let root: Login;
let count = 0;

beforeAll(async () => {
  installation = await openInstallation();
  root = await installation.login(HOME);
  await installation.api("CreateRepository", { repositoryName: NAME }, root);
});
afterAll(() => installation.close());

async function userWith(...statements: readonly TestStatement[]): Promise<Login> {
  count += 1;
  const user = await installation.people.user(`user${count}`, { inline: { p: policyText(...statements) } });
  return installation.login(user);
}

function outcome({ status, json }: ApiAnswer): string {
  return status === 200 ? "200" : String(json["__type"]).replace("AccessDeniedException", "denied");
}

describe("a condition", () => {
  const list = (login: Login, region?: string) =>
    installation.api("ListImages", { repositoryName: NAME }, login, region === undefined ? {} : { region });

  it.each([
    [
      "aws:SourceIp",
      { IpAddress: { "aws:SourceIp": "127.0.0.0/8" } },
      { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
    ],
    ["aws:SecureTransport", { Bool: { "aws:SecureTransport": "false" } }, { Bool: { "aws:SecureTransport": "true" } }],
    [
      "aws:RequestedRegion",
      { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
      { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
    ],
    [
      "aws:CurrentTime",
      { DateGreaterThan: { "aws:CurrentTime": "2026-11-21T00:00:00Z" } },
      { DateGreaterThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } },
    ],
    [
      "aws:PrincipalArn",
      { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${HOME}:user/*` } },
      { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${HOME}:role/*` } },
    ],
    [
      "aws:ResourceAccount",
      { StringEquals: { "aws:ResourceAccount": HOME } },
      { StringNotEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } },
    ],
  ])("on %s is met or not, on both doors", async (_key, met, unmet) => {
    const statement = { Action: "ecr:ListImages", Resource: "*" };
    const [may, mayNot] = [
      await userWith({ ...statement, Condition: met }),
      await userWith({ ...statement, Condition: unmet }),
    ];
    const tags = async (login: Login) =>
      (await installation.oci("GET", `/v2/${NAME}/tags/list`, installation.authorization(login))).status;
    expect([outcome(await list(may)), await tags(may)]).toEqual(["200", 200]);
    expect([outcome(await list(mayNot)), await tags(mayNot)]).toEqual(["denied", 403]);
  });

  it("on tags that a request sets is met by those that it sets", async () => {
    const Condition = {
      StringEquals: { "aws:RequestTag/team": "red" },
      "ForAllValues:StringEquals": { "aws:TagKeys": ["team", "env"] },
    };
    const tagger = await userWith({ Action: "ecr:TagResource", Resource: "*", Condition });
    const tag = (tags: Readonly<Record<string, string>>) => {
      const list_ = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      return installation.api("TagResource", { resourceArn: arnOf(NAME), tags: list_ }, tagger);
    };
    expect(outcome(await tag({ team: "red" }))).toBe("200");
    expect(outcome(await tag({ team: "red", env: "x" }))).toBe("200");
    expect(outcome(await tag({ team: "blue" }))).toBe("denied");
    expect(outcome(await tag({ team: "red", other: "x" }))).toBe("denied");
  });

  it("on tags that a request removes is met by their keys", async () => {
    const Condition = {
      "ForAllValues:StringEquals": { "aws:TagKeys": ["temporary"] },
      Null: { "aws:TagKeys": "false" },
    };
    const cleaner = await userWith({ Action: "ecr:UntagResource", Resource: "*", Condition });
    const untag = (tagKeys: readonly string[]) =>
      installation.api("UntagResource", { resourceArn: arnOf(NAME), tagKeys }, cleaner);
    expect(outcome(await untag(["temporary"]))).toBe("200");
    expect(outcome(await untag(["temporary", "team"]))).toBe("denied");
  });

  it("on the tags of a new repository counts for making it, and tagging is a right of its own", async () => {
    const Condition = { StringEquals: { "aws:RequestTag/team": "red" } };
    const create = { Action: "ecr:CreateRepository", Resource: "*", Condition };
    const [maker, tagger] = [
      await userWith(create),
      await userWith({ ...create, Action: ["ecr:CreateRepository", "ecr:TagResource"] }),
    ];
    const make = (login: Login, repositoryName: string, Value?: string) => {
      const tags = Value === undefined ? {} : { tags: [{ Key: "team", Value }] };
      return installation.api("CreateRepository", { repositoryName, ...tags }, login);
    };
    expect(outcome(await make(tagger, "made/one", "red"))).toBe("200");
    expect(outcome(await make(tagger, "made/two", "blue"))).toBe("denied");
    expect(outcome(await make(tagger, "made/three"))).toBe("denied");
    const { json } = await make(maker, "made/four", "red");
    expect(json["message"]).toContain("is not authorized to perform: ecr:TagResource on resource: ");
  });

  it("on the repository's tags is met by what it has", async () => {
    const statement = { Action: "ecr:ListImages", Resource: "*" };
    const both = { StringEquals: { "aws:ResourceTag/env": "test", "ecr:ResourceTag/env": "test" } };
    const login = await userWith({ ...statement, Condition: both });
    expect(outcome(await list(login))).toBe("denied");
    await installation.api("TagResource", { resourceArn: arnOf(NAME), tags: [{ Key: "env", Value: "test" }] }, root);
    expect(outcome(await list(login))).toBe("200");
  });
});
