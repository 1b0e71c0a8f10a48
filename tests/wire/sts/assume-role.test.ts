import { policyText } from "@stowage/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import type { KnownKey } from "../../../packages/server/src/auth/access-keys.ts";
import { ACCOUNT, OTHER_ACCOUNT } from "../../../packages/server/src/auth/testing/requests.ts";
import { MAX_PACKED_CHARS } from "../../../packages/server/src/sts-api/assume-role.ts";
import { ASK, credentialsIn, member, openEach, type Credentials } from "./door.ts";

const sts = openEach();

describe("AssumeRole", () => {
  const trust = (...arns: readonly string[]) =>
    policyText({ Principal: { AWS: arns }, Action: ["sts:AssumeRole", "sts:TagSession"] });
  let caller: KnownKey;
  let arn: string;
  let roleId: string;

  beforeEach(async () => {
    const user = await sts.people.user("ann");
    caller = await sts.keyOf(user.arn);
    const role = await sts.people.role("ci", {
      path: "/build/",
      trustPolicy: trust(user.arn),
      maxSessionSeconds: 7_200,
    });
    [arn, roleId] = [role.arn, role.uniqueId];
  });

  const assume = (parameters: Readonly<Record<string, string>> = {}, credentials: Credentials = caller) =>
    sts.ask("AssumeRole", { RoleArn: arn, RoleSessionName: "build.7", ...parameters }, credentials);
  const denied = (who: string, role = arn) => [
    403,
    "AccessDenied",
    `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
  ];

  it("gives out a session of the role, for an hour unless asked", async () => {
    const request = assume();
    const body = await sts.answered(request);
    const session = credentialsIn(body);
    const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/ci/build.7`;
    expect(body).toBe(
      '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>' +
        `<Credentials><AccessKeyId>${session.accessKeyId}</AccessKeyId>` +
        `<SecretAccessKey>${session.secretAccessKey}</SecretAccessKey>` +
        `<SessionToken>${session.sessionToken}</SessionToken><Expiration>2026-11-21T13:00:00Z</Expiration></Credentials>` +
        `<AssumedRoleUser><AssumedRoleId>${roleId}:build.7</AssumedRoleId><Arn>${sessionArn}</Arn></AssumedRoleUser>` +
        `</AssumeRoleResult><ResponseMetadata><RequestId>${request.id}</RequestId></ResponseMetadata>` +
        "</AssumeRoleResponse>\n",
    );
    expect(await sts.whoIs(session)).toEqual([sessionArn, `${roleId}:build.7`, ACCOUNT]);
    sts.core.clock.advance(3_600_000);
    expect(await sts.refused(sts.form(ASK, "sts", session))).toEqual([
      403,
      "ExpiredToken",
      "The security token included in the request is expired",
    ]);
  });

  it("is refused alike without trust and without a role", async () => {
    const stranger = await sts.keyOf((await sts.people.user("bob")).arn);
    const { arn: who } = stranger.principal;
    expect(await sts.refused(assume({}, stranger))).toEqual(denied(who));
    expect(await sts.refused(assume({ RoleArn: `${arn}x` }, stranger))).toEqual(denied(who, `${arn}x`));
  });

  it("is not for roots", async () => {
    expect(await sts.refused(assume({}, sts.key))).toEqual([
      403,
      "AccessDenied",
      "Roles may not be assumed by root accounts.",
    ]);
  });

  it("across accounts needs the trust of the role and a policy of the user's own", async () => {
    const inline = { assume: policyText({ Action: "sts:AssumeRole", Resource: "*" }) };
    const poor = await sts.people.user("poor", { account: OTHER_ACCOUNT });
    const local = await sts.people.user("local", { account: OTHER_ACCOUNT, inline });
    const role = await sts.people.role("shared", { trustPolicy: trust(OTHER_ACCOUNT) });
    const shared = { RoleArn: role.arn };
    await sts.answered(assume(shared, await sts.keyOf(local.arn, OTHER_ACCOUNT)));
    expect(await sts.refused(assume(shared, await sts.keyOf(poor.arn, OTHER_ACCOUNT)))).toEqual(
      denied(poor.arn, role.arn),
    );
    expect(await sts.refused(assume({}, await sts.keyOf(local.arn, OTHER_ACCOUNT)))).toEqual(denied(local.arn));
  });

  it("hands the external id to the role's conditions", async () => {
    const Condition = { StringEquals: { "sts:ExternalId": "x-1" } };
    const trustPolicy = policyText({ Principal: { AWS: caller.principal.arn }, Action: "sts:AssumeRole", Condition });
    const { arn: RoleArn } = await sts.people.role("partner", { trustPolicy });
    await sts.answered(assume({ RoleArn, ExternalId: "x-1" }));
    expect(await sts.refused(assume({ RoleArn }))).toEqual(denied(caller.principal.arn, RoleArn));
    expect(await sts.refused(assume({ RoleArn, ExternalId: "x-2" }))).toEqual(denied(caller.principal.arn, RoleArn));
  });

  it("takes session policies and tags, and tells how much room they take", async () => {
    const Policy = policyText({ Action: "ecr:*", Resource: "*" });
    const pull = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly";
    const own = await sts.people.managedPolicy("own", Policy);
    const body = await sts.answered(
      assume({
        Policy,
        "PolicyArns.member.1.arn": pull,
        "PolicyArns.member.2.arn": own,
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "red",
      }),
    );
    const taken = Policy.length + pull.length + own.length + "teamred".length;
    expect(member(body, "PackedPolicySize")).toBe(String(Math.ceil((taken / MAX_PACKED_CHARS) * 100)));
    expect(await sts.core.metadata.sessions.find(credentialsIn(body).accessKeyId)).toMatchObject({
      policies: [{ name: "Policy", text: Policy }],
      policyArns: [pull, own],
      tags: [{ key: "team", value: "red" }],
    });
  });

  it("with tags needs leave to tag", async () => {
    const trustPolicy = policyText({ Principal: { AWS: caller.principal.arn }, Action: "sts:AssumeRole" });
    const { arn: RoleArn } = await sts.people.role("plain", { trustPolicy });
    const tags = { "Tags.member.1.Key": "team", "Tags.member.1.Value": "red" };
    await sts.answered(assume({ RoleArn }));
    const message = `User: ${caller.principal.arn} is not authorized to perform: sts:TagSession on resource: ${RoleArn}`;
    expect(await sts.refused(assume({ RoleArn, ...tags }))).toEqual([403, "AccessDenied", message]);
  });

  const DURATION = "at 'durationSeconds' failed to satisfy constraint: Member must have value";
  it.each([
    ["899", `1 validation error detected: Value 899 ${DURATION} greater than or equal to 900`],
    ["43201", `1 validation error detected: Value 43201 ${DURATION} less than or equal to 43200`],
    ["soon", `1 validation error detected: Value soon ${DURATION} greater than or equal to 900`],
    ["7201", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."],
  ])("refuses %s seconds", async (DurationSeconds, message) => {
    const found = await sts.refused(assume({ DurationSeconds }));
    expect([found[0], found[1], found[2]?.replaceAll("&apos;", "'")]).toEqual([400, "ValidationError", message]);
  });

  it.each(["900", "7200"])("gives out %s seconds", async (DurationSeconds) => {
    const expires = new Date(sts.core.clock.now().getTime() + Number(DurationSeconds) * 1000);
    const body = await sts.answered(assume({ DurationSeconds }));
    expect(new Date(member(body, "Expiration"))).toEqual(expires);
  });

  it("by a role's session lasts an hour at most", async () => {
    const chain = await sts.people.role("next", { trustPolicy: trust(arn), maxSessionSeconds: 7_200 });
    const session = credentialsIn(await sts.answered(assume()));
    const next = { RoleArn: chain.arn };
    await sts.answered(assume({ ...next, DurationSeconds: "3600" }, session));
    const [, code, message] = await sts.refused(assume({ ...next, DurationSeconds: "3601" }, session));
    expect([code, message]).toEqual([
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    ]);
  });

  it.each([
    ["RoleSessionName", "x", "ValidationError"],
    ["RoleSessionName", "x".repeat(65), "ValidationError"],
    ["RoleSessionName", "with space", "ValidationError"],
    ["RoleSessionName", "a/b", "ValidationError"],
    ["RoleArn", "short", "ValidationError"],
    ["RoleArn", "arn:aws:iam::123456789012:user/ann", "ValidationError"],
    ["RoleArn", "arn:aws:s3:::a-bucket-of-mine", "ValidationError"],
    ["ExternalId", "x", "ValidationError"],
    ["Policy", "", "ValidationError"],
    ["Policy", "x".repeat(2_049), "ValidationError"],
    ["Policy", "{", "MalformedPolicyDocument"],
    ["Policy", policyText({ Action: "ecr:*" }), "MalformedPolicyDocument"],
    ["Policy", policyText({ Principal: "*", Action: "ecr:*", Resource: "*" }), "MalformedPolicyDocument"],
    ["PolicyArns.member.1.arn", "arn:aws:iam::123456789012:policy/none", "ValidationError"],
    ["SerialNumber", "arn:aws:iam::123456789012:mfa/ann", "ValidationError"],
    ["SourceIdentity", "ann", "ValidationError"],
    ["TransitiveTagKeys.member.1", "team", "ValidationError"],
    ["Tags.member.1.Key", "team", "ValidationError"],
  ])("refuses %s of %j as %s", async (name, value, code) => {
    expect((await sts.refused(assume({ [name]: value }))).slice(0, 2)).toEqual([400, code]);
  });

  it.each(["xy", "x".repeat(64), "a_b+c=d,e.f@g-h"])("takes the name %j", async (RoleSessionName) => {
    expect(await sts.answered(assume({ RoleSessionName }))).toContain(`:assumed-role/ci/${RoleSessionName}</Arn>`);
  });

  it("tells everything that is wrong at once", async () => {
    const request = sts.ask("AssumeRole", { RoleSessionName: "x" }, caller);
    const [, , message = ""] = await sts.refused(request);
    expect(message.replaceAll("&apos;", "'")).toBe(
      "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
        "Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    );
  });

  it("takes ten policies and fifty tags, and no more", async () => {
    const arns: string[] = [];
    for (let at = 1; at <= 11; at += 1)
      arns.push(await sts.people.managedPolicy(`p${at}`, policyText({ Action: "*", Resource: "*" })));
    const policies = (count: number) =>
      Object.fromEntries(arns.slice(0, count).map((text, at) => [`PolicyArns.member.${at + 1}.arn`, text]));
    await sts.answered(assume(policies(10)));
    expect((await sts.refused(assume(policies(11)))).slice(0, 2)).toEqual([400, "ValidationError"]);
    const tags = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, at) => [
          [`Tags.member.${at + 1}.Key`, `k${at}`],
          [`Tags.member.${at + 1}.Value`, ""],
        ]).flat() as [string, string][],
      );
    await sts.answered(assume(tags(50)));
    expect((await sts.refused(assume(tags(51)))).slice(0, 2)).toEqual([400, "ValidationError"]);
    const twice = {
      "Tags.member.1.Key": "a",
      "Tags.member.1.Value": "",
      "Tags.member.2.Key": "A",
      "Tags.member.2.Value": "",
    };
    expect((await sts.refused(assume(twice))).slice(0, 2)).toEqual([400, "ValidationError"]);
  });

  it("refuses what does not fit together, and takes what just does", async () => {
    const tags = (chars: number): Record<string, string> => {
      const given: Record<string, string> = {};
      for (let at = 1, left = chars; left > 0; at += 1, left -= 200) {
        given[`Tags.member.${at}.Key`] = `${at}`.padStart(3, "0");
        given[`Tags.member.${at}.Value`] = "x".repeat(Math.min(left, 200) - 3);
      }
      return given;
    };
    expect(member(await sts.answered(assume(tags(MAX_PACKED_CHARS))), "PackedPolicySize")).toBe("100");
    expect(await sts.refused(assume(tags(MAX_PACKED_CHARS + 4)))).toEqual([
      400,
      "PackedPolicyTooLarge",
      "Packed policy consumes 101% of allotted space, please use smaller policy.",
    ]);
  });

  it("under --open takes any role for granted", async () => {
    await sts.core.close();
    await sts.open(true);
    const RoleArn = `arn:aws:iam::${OTHER_ACCOUNT}:role/any`;
    const request = sts.ask(
      "AssumeRole",
      { RoleArn, RoleSessionName: "me" },
      { accessKeyId: "any", secretAccessKey: "x" },
    );
    const session = credentialsIn(await sts.answered(request));
    const [who, , account] = await sts.whoIs(session);
    expect([who, account]).toEqual([`arn:aws:sts::${OTHER_ACCOUNT}:assumed-role/any/me`, OTHER_ACCOUNT]);
  });
});
