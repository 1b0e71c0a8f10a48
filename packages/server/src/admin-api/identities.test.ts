import type { AdminOperationName, AdminOperations } from "@stowage/model";
import { policyText } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ACCOUNT, OTHER_ACCOUNT } from "../auth/testing/requests.ts";
import { openAdminDoor, type TestAdminDoor } from "../testing/admin-door.ts";

const IAM = `arn:aws:iam::${ACCOUNT}`;
const READ_ONLY = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly";
const pull = policyText({ Action: "ecr:BatchGetImage", Resource: "*" });
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" }],
});

let door: TestAdminDoor;
let call: TestAdminDoor["call"];

beforeEach(async () => {
  door = await openAdminDoor();
  ({ call } = door);
});
afterEach(() => door.core.close());

function refused<N extends AdminOperationName>(name: N, input: AdminOperations[N]["input"]): Promise<string> {
  return call(name, input).then(
    () => "done",
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

describe("users", () => {
  it("are made, told of, changed, listed and deleted", async () => {
    const tags = [{ key: "team", value: "é" }];
    const { user } = await call("CreateUser", { userName: "ann", path: "/ci/", tags, permissionsBoundary: READ_ONLY });
    expect(user).toEqual({
      userName: "ann",
      userId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      arn: `${IAM}:user/ci/ann`,
      path: "/ci/",
      createdAt: door.core.clock.now(),
      permissionsBoundary: READ_ONLY,
      tags,
    });
    const plain = { groupNames: [], inlinePolicies: [], attachedPolicies: [] };
    expect(await call("GetUser", { userName: "ann" })).toEqual({ user, ...plain });
    const changed = await call("UpdateUser", { userName: "ann", permissionsBoundary: "" });
    expect(changed.user.permissionsBoundary).toBeUndefined();
    expect(changed.user.tags).toEqual(tags);
    expect((await call("UpdateUser", { userName: "ann", tags: [] })).user.tags).toEqual([]);
    expect((await call("ListUsers", {})).users.map(({ userName }) => userName)).toEqual(["ann"]);
    expect(await call("DeleteUser", { userName: "ann" })).toEqual({});
    expect(await refused("GetUser", { userName: "ann" })).toBe(
      "NoSuchEntityException: The user with name ann cannot be found.",
    );
  });

  it("are listed page by page, and a token is of its own list", async () => {
    for (const userName of ["a", "b", "c"]) await call("CreateUser", { userName });
    const first = await call("ListUsers", { maxResults: 2 });
    expect(first.users.map(({ userName }) => userName)).toEqual(["a", "b"]);
    const { nextToken = "" } = first;
    const second = await call("ListUsers", { maxResults: 2, nextToken });
    expect(second).toEqual({ users: [expect.objectContaining({ userName: "c" })] });
    expect(await refused("ListRoles", { nextToken })).toContain("Token is not valid for this request");
    const other = await door.rootOf(OTHER_ACCOUNT);
    await expect(call("ListUsers", { nextToken }, other)).rejects.toThrow("Token is not valid");
    expect((await call("ListUsers", {}, other)).users).toEqual([]);
  });

  it("have keys, whose secrets are told once", async () => {
    await call("CreateUser", { userName: "ann" });
    const made = await call("CreateAccessKey", { userName: "ann" });
    const { json } = await door.send("Stowage_V1.ListAccessKeys", '{"userName":"ann"}');
    expect(JSON.stringify(json)).toContain(made.accessKeyId);
    expect(JSON.stringify(json)).not.toContain(made.secretAccessKey);
    await call("CreateAccessKey", { userName: "ann" });
    expect(await refused("CreateAccessKey", { userName: "ann" })).toContain("AccessKeysPerUser: 2");
    expect(await refused("DeleteUser", { userName: "ann" })).toBe(
      "DeleteConflictException: Cannot delete entity, must delete access keys first.",
    );
    expect(await refused("DeleteAccessKey", { accessKeyId: made.accessKeyId })).toContain("AccessKeyNotFound");
    await call("UpdateAccessKey", { userName: "ann", accessKeyId: made.accessKeyId, status: "Inactive" });
    await expect(call("ListUsers", {}, made)).rejects.toMatchObject({ name: "UnrecognizedClientException" });
    await call("DeleteUser", { userName: "ann", force: true });
    expect(await refused("ListAccessKeys", { userName: "ann" })).toContain("NoSuchEntityException");
  });

  it("manage their own keys without naming themselves, if they may", async () => {
    const own = policyText({ Action: "stowage:*AccessKey*", Resource: `${IAM}:user/\${aws:username}` });
    const ann = await door.user("ann", own);
    const mine = await call("CreateAccessKey", {}, ann);
    const { accessKeys } = await call("ListAccessKeys", { userName: "ann" });
    expect(accessKeys.map(({ accessKeyId }) => accessKeyId)).toEqual([ann.accessKeyId, mine.accessKeyId].toSorted());
    await call("CreateUser", { userName: "bob" });
    await expect(call("CreateAccessKey", { userName: "bob" }, ann)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`stowage:CreateAccessKey on resource: ${IAM}:user/bob`),
    });
  });
});

describe("groups", () => {
  it("have members and policies, which keep them from being deleted", async () => {
    const { group } = await call("CreateGroup", { groupName: "team" });
    expect(group).toMatchObject({ groupId: expect.stringMatching(/^AGPA/), arn: `${IAM}:group/team`, path: "/" });
    await call("CreateUser", { userName: "ann" });
    await call("AddUserToGroup", { groupName: "team", userName: "ann" });
    await call("AddUserToGroup", { groupName: "team", userName: "ann" });
    await call("AttachPolicy", { groupName: "team", policyArn: READ_ONLY });
    await call("PutInlinePolicy", { groupName: "team", policyName: "pull", policyDocument: pull });
    expect(await call("GetGroup", { groupName: "team" })).toEqual({
      group,
      userNames: ["ann"],
      attachedPolicies: [READ_ONLY],
      inlinePolicies: [{ policyName: "pull", policyDocument: pull }],
    });
    expect((await call("GetUser", { userName: "ann" })).groupNames).toEqual(["team"]);
    expect(await refused("DeleteGroup", { groupName: "team" })).toContain("must detach all policies first");
    await call("DetachPolicy", { groupName: "team", policyArn: READ_ONLY });
    expect(await refused("DeleteGroup", { groupName: "team" })).toContain("must delete policies first");
    await call("DeleteInlinePolicy", { groupName: "team", policyName: "pull" });
    expect(await refused("DeleteGroup", { groupName: "team" })).toContain("must remove users from group first");
    await call("RemoveUserFromGroup", { groupName: "team", userName: "ann" });
    await call("DeleteGroup", { groupName: "team" });
    expect((await call("ListGroups", {})).groups).toEqual([]);
  });
});

describe("roles", () => {
  it("come with whom they trust, and change it", async () => {
    const { role, findings } = await call("CreateRole", { roleName: "ci", trustPolicy: trust });
    expect(role).toMatchObject({
      roleId: expect.stringMatching(/^AROA/),
      maxSessionDuration: 3600,
      trustPolicy: trust,
    });
    expect(findings).toEqual([]);
    const open = JSON.stringify({ Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" } });
    const updated = await call("UpdateRole", { roleName: "ci", trustPolicy: open, maxSessionDuration: 43_200 });
    expect(updated.role).toMatchObject({ trustPolicy: open, maxSessionDuration: 43_200 });
    expect(updated.findings.map(({ code }) => code)).toContain("PUBLIC_ACCESS");
    expect((await call("GetRole", { roleName: "CI" })).role).toEqual(updated.role);
    expect((await call("ListRoles", {})).roles).toEqual([updated.role]);
    await call("DeleteRole", { roleName: "ci" });
    expect((await call("ListRoles", {})).roles).toEqual([]);
  });

  it("refuse a trust policy that is none, and say why", async () => {
    expect(await refused("CreateRole", { roleName: "ci", trustPolicy: pull })).toMatch(
      /^MalformedPolicyDocumentException: Statement\[0\]/,
    );
    expect(await refused("CreateRole", { roleName: "ci", trustPolicy: "{" })).toContain("MalformedPolicyDocument");
  });
});

describe("managed policies", () => {
  it("are made, listed beside AWS's, told of, replaced and deleted", async () => {
    const { policy } = await call("CreatePolicy", { policyName: "pull", path: "/ci/", policyDocument: pull });
    const { policyArn } = policy;
    expect(policyArn).toBe(`${IAM}:policy/ci/pull`);
    const scoped = async (scope?: "All" | "AWS" | "Local"): Promise<string[]> =>
      (await call("ListPolicies", { scope })).policies.map(({ policyName }) => policyName);
    expect(await scoped("Local")).toEqual(["pull"]);
    expect(await scoped("AWS")).toContain("AmazonEC2ContainerRegistryPullOnly");
    expect(await scoped()).toEqual([...(await scoped("AWS")), "pull"]);
    await call("CreateUser", { userName: "ann" });
    await call("AttachPolicy", { userName: "ann", policyArn });
    const told = await call("GetPolicy", { policyArn });
    expect(told).toEqual({ policy, policyDocument: pull, usedBy: [`${IAM}:user/ann`] });
    const wide = policyText({ Action: "*", Resource: "*" });
    door.core.clock.advance(1000);
    const updated = await call("UpdatePolicy", { policyArn, policyDocument: wide });
    expect(updated.policy.updatedAt).toEqual(door.core.clock.now());
    expect(updated.findings.map(({ code }) => code)).toEqual(["ALLOW_EVERYTHING"]);
    expect(await refused("DeletePolicy", { policyArn })).toContain("Cannot delete a policy attached to entities");
    await call("DetachPolicy", { userName: "ann", policyArn });
    await call("UpdateUser", { userName: "ann", permissionsBoundary: policyArn });
    expect(await refused("DeletePolicy", { policyArn })).toContain("Cannot delete a policy attached to entities");
    await call("UpdateUser", { userName: "ann", permissionsBoundary: "" });
    await call("DeletePolicy", { policyArn });
    expect(await refused("GetPolicy", { policyArn })).toContain("NoSuchEntityException");
  });

  it("of AWS are told and nobody's to change", async () => {
    const { policy, policyDocument } = await call("GetPolicy", { policyArn: READ_ONLY });
    expect(policy).toMatchObject({ policyName: "AmazonEC2ContainerRegistryReadOnly", isAwsManaged: true });
    expect(policyDocument).toContain("ecr:BatchGetImage");
    expect(await refused("UpdatePolicy", { policyArn: READ_ONLY, policyDocument: pull })).toContain("AccessDenied");
    expect(await refused("DeletePolicy", { policyArn: READ_ONLY })).toContain("AccessDenied");
  });

  it("of another account are out of reach", async () => {
    const { policy } = await call("CreatePolicy", { policyName: "pull", policyDocument: pull });
    const other = await door.rootOf(OTHER_ACCOUNT);
    const denied = { name: "AccessDeniedException" };
    const { policyArn } = policy;
    await expect(call("GetPolicy", { policyArn }, other)).rejects.toMatchObject(denied);
    await expect(call("DeletePolicy", { policyArn }, other)).rejects.toMatchObject(denied);
    await call("CreateUser", { userName: "eve" }, other);
    await expect(call("AttachPolicy", { userName: "eve", policyArn }, other)).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
  });

  it("are judged without being stored", async () => {
    const { findings } = await call("ValidatePolicy", { policyDocument: '{\n"Statement": 1}', policyType: "identity" });
    expect(findings[0]).toMatchObject({ severity: "error", line: 2 });
    expect(await call("ValidatePolicy", { policyDocument: pull, policyType: "identity" })).toEqual({ findings: [] });
    expect((await call("ListPolicies", { scope: "Local" })).policies).toEqual([]);
  });
});

describe("what a request must name", () => {
  it("is one identity", async () => {
    const message = "InvalidParameterException: Exactly one of userName, groupName and roleName must be given.";
    expect(await refused("AttachPolicy", { policyArn: READ_ONLY })).toBe(message);
    expect(await refused("AttachPolicy", { userName: "a", roleName: "b", policyArn: READ_ONLY })).toBe(message);
  });

  it.each([
    ["CreateUser", { userName: "x".repeat(64) }, { userName: "x".repeat(65) }],
    ["CreateUser", { userName: "a+=,.@-_Z9" }, { userName: "a b" }],
    ["CreateGroup", { groupName: "x".repeat(128) }, { groupName: "x".repeat(129) }],
    ["CreateRole", { roleName: "x".repeat(64), trustPolicy: trust }, { roleName: "x".repeat(65), trustPolicy: trust }],
    [
      "CreatePolicy",
      { policyName: "x".repeat(128), policyDocument: pull },
      { policyName: "x".repeat(129), policyDocument: pull },
    ],
    ["CreateUser", { userName: "a", path: "/" }, { userName: "b", path: "x/" }],
    ["CreateUser", { userName: "a", path: `/${"x".repeat(510)}/` }, { userName: "b", path: `/${"x".repeat(511)}/` }],
    ["CreateUser", { userName: "a", path: "/a/b/" }, { userName: "b", path: "/a/b" }],
    [
      "CreateRole",
      { roleName: "a", trustPolicy: trust, maxSessionDuration: 3600 },
      { roleName: "b", trustPolicy: trust, maxSessionDuration: 3599 },
    ],
    [
      "CreateRole",
      { roleName: "a", trustPolicy: trust, maxSessionDuration: 43_200 },
      { roleName: "b", trustPolicy: trust, maxSessionDuration: 43_201 },
    ],
    [
      "CreateUser",
      { userName: "a", tags: [{ key: "k".repeat(128), value: "é_.:/=+-@ 1".repeat(23) }] },
      { userName: "b", tags: [{ key: "k".repeat(129), value: "" }] },
    ],
    [
      "CreateUser",
      { userName: "a", tags: [{ key: "k", value: "v".repeat(256) }] },
      { userName: "b", tags: [{ key: "k", value: "v".repeat(257) }] },
    ],
    [
      "CreateUser",
      { userName: "a", tags: [{ key: "k", value: "" }] },
      { userName: "b", tags: [{ key: "k", value: "!" }] },
    ],
  ] as const)("%s takes the longest and refuses one more", async (name, fits, tooMuch) => {
    expect(await refused(name, fits)).toBe("done");
    expect(await refused(name, tooMuch)).toMatch(/^InvalidParameterException: Invalid parameter at '/);
  });
});
