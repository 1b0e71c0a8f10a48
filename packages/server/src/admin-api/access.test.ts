import type { AdminOperationName, AdminOperations } from "@stowage/model";
import { adminTable } from "@stowage/model";
import { policyText } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ACCOUNT, OTHER_ACCOUNT } from "../auth/testing/requests.ts";
import { openAdminDoor, type TestAdminDoor } from "../testing/admin-door.ts";

const IAM = `arn:aws:iam::${ACCOUNT}`;
const REPOSITORY = `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/team/app`;
const pull = policyText({ Sid: "Pull", Action: "ecr:BatchGetImage", Resource: "*" });
const trust = policyText({ Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" });

let door: TestAdminDoor;
let call: TestAdminDoor["call"];

beforeEach(async () => {
  door = await openAdminDoor();
  ({ call } = door);
});
afterEach(() => door.core.close());

describe("accounts", () => {
  it("are made with a root key and listed by the installation's own account alone", async () => {
    const { account } = await call("CreateAccount", { accountId: OTHER_ACCOUNT });
    expect(account).toEqual({ accountId: OTHER_ACCOUNT, createdAt: door.core.clock.now() });
    expect((await door.keys.activeKey(OTHER_ACCOUNT))?.principal.kind).toBe("root");
    expect((await call("ListAccounts", {})).accounts.map(({ accountId }) => accountId)).toEqual([
      ACCOUNT,
      OTHER_ACCOUNT,
    ]);
    await expect(call("CreateAccount", { accountId: OTHER_ACCOUNT })).rejects.toMatchObject({
      name: "EntityAlreadyExistsException",
    });
    const other = await door.rootOf(OTHER_ACCOUNT);
    const denied = { name: "AccessDeniedException" };
    await expect(call("ListAccounts", {}, other)).rejects.toMatchObject(denied);
    await expect(call("CreateAccount", { accountId: "000000000009" }, other)).rejects.toMatchObject(denied);
    await expect(call("CreateAccount", { accountId: "12345678901" })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });
});

describe("every operation", () => {
  /** Input that names what is there, or what can be made. */
  const inputs: { readonly [N in AdminOperationName]: AdminOperations[N]["input"] } = {
    AddUserToGroup: { groupName: "team", userName: "ann" },
    AttachPolicy: { userName: "ann", policyArn: `${IAM}:policy/pull` },
    CreateAccessKey: { userName: "ann" },
    CreateAccount: { accountId: "000000000009" },
    CreateGroup: { groupName: "new" },
    CreatePolicy: { policyName: "new", policyDocument: pull },
    CreateRole: { roleName: "new", trustPolicy: trust },
    CreateUser: { userName: "new" },
    DeleteAccessKey: { userName: "ann", accessKeyId: "AKIAEXAMPLEEXAMPLE00" },
    DeleteGroup: { groupName: "team" },
    DeleteInlinePolicy: { userName: "ann", policyName: "x" },
    DeletePolicy: { policyArn: `${IAM}:policy/pull` },
    DeleteRole: { roleName: "ci" },
    DeleteUser: { userName: "ann" },
    DetachPolicy: { userName: "ann", policyArn: `${IAM}:policy/pull` },
    ExplainAccess: { principalArn: `${IAM}:user/ann`, action: "ecr:PutImage", resource: REPOSITORY },
    GetGroup: { groupName: "team" },
    GetPolicy: { policyArn: `${IAM}:policy/pull` },
    GetRole: { roleName: "ci" },
    GetStatus: {},
    GetUser: { userName: "ann" },
    ListAccessKeys: { userName: "ann" },
    ListAccounts: {},
    ListGroups: {},
    ListPolicies: {},
    ListRoles: {},
    ListUsers: {},
    PutInlinePolicy: { userName: "ann", policyName: "x", policyDocument: pull },
    RemoveUserFromGroup: { groupName: "team", userName: "ann" },
    Revoke: { principalArn: `${IAM}:user/ann` },
    UpdateAccessKey: { userName: "ann", accessKeyId: "AKIAEXAMPLEEXAMPLE00", status: "Active" },
    UpdatePolicy: { policyArn: `${IAM}:policy/pull`, policyDocument: pull },
    UpdateRole: { roleName: "ci" },
    UpdateUser: { userName: "ann" },
    ValidatePolicy: { policyDocument: pull, policyType: "identity" },
  };
  const names = Object.keys(adminTable.operations) as AdminOperationName[];

  it.each(names)("%s is authorised: nobody without a policy, whoever has one that names it", async (name) => {
    await call("CreateUser", { userName: "ann" });
    await call("CreateGroup", { groupName: "team" });
    await call("CreateRole", { roleName: "ci", trustPolicy: trust });
    await call("CreatePolicy", { policyName: "pull", policyDocument: pull });
    const nobody = await door.user("nobody");
    const message = `User: ${IAM}:user/nobody is not authorized to perform: stowage:${name} on resource: `;
    await expect(call(name, inputs[name], nobody)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(message),
    });
    const somebody = await door.user("somebody", policyText({ Action: `stowage:${name}`, Resource: "*" }));
    const answer = await call(name, inputs[name], somebody).catch((error: Error) => error.name);
    expect(answer).not.toBe("AccessDeniedException");
  });
});

describe("the resource of an operation", () => {
  it("is the identity with its path, so that policies may be about a part of the tree", async () => {
    await call("CreateUser", { userName: "robot", path: "/ci/" });
    await call("CreateUser", { userName: "boss" });
    const admin = await door.user("admin", policyText({ Action: "stowage:*", Resource: `${IAM}:user/ci/*` }));
    expect((await call("GetUser", { userName: "robot" }, admin)).user.path).toBe("/ci/");
    expect(await call("CreateUser", { userName: "other", path: "/ci/" }, admin)).toBeDefined();
    const denied = { name: "AccessDeniedException" };
    await expect(call("GetUser", { userName: "boss" }, admin)).rejects.toMatchObject(denied);
    await expect(call("CreateUser", { userName: "third" }, admin)).rejects.toMatchObject(denied);
    await expect(call("ListUsers", {}, admin)).rejects.toMatchObject(denied);
    await expect(call("GetUser", { userName: "unknown" }, admin)).rejects.toMatchObject(denied);
  });

  it("is a role whose trust policy tells who may assume it, and not who may change it", async () => {
    const nobody = await door.user("nobody");
    const whole = policyText({ Principal: { AWS: `${IAM}:user/nobody` }, NotAction: "sts:TagSession" });
    await call("CreateRole", { roleName: "ci", trustPolicy: whole });
    const denied = { name: "AccessDeniedException" };
    await expect(call("UpdateRole", { roleName: "ci", tags: [] }, nobody)).rejects.toMatchObject(denied);
    expect(await call("UpdateRole", { roleName: "ci", tags: [] })).toBeDefined();
  });

  it("comes with the tags that the request sets", async () => {
    const admin = await door.user(
      "admin",
      policyText({
        Action: "stowage:CreateUser",
        Resource: "*",
        Condition: { StringEquals: { "aws:RequestTag/team": "a" } },
      }),
    );
    await call("CreateUser", { userName: "one", tags: [{ key: "team", value: "a" }] }, admin);
    const denied = { name: "AccessDeniedException" };
    await expect(call("CreateUser", { userName: "two" }, admin)).rejects.toMatchObject(denied);
  });
});

describe("an explanation", () => {
  it("decides, and tells of every statement", async () => {
    await door.user("ann", pull);
    const ask = (action: string): Promise<AdminOperations["ExplainAccess"]["output"]> =>
      call("ExplainAccess", { principalArn: `${IAM}:user/ann`, action, resource: REPOSITORY });
    expect(await ask("ecr:BatchGetImage")).toEqual({
      decision: "allowed",
      reason: "allowedByIdentity",
      statements: [
        {
          source: "identity",
          policy: expect.stringContaining("policy-0"),
          index: 0,
          sid: "Pull",
          effect: "Allow",
          matched: true,
        },
      ],
    });
    expect(await ask("ecr:PutImage")).toMatchObject({
      decision: "implicitDeny",
      reason: "noIdentityAllow",
      statements: [{ matched: false, because: "It is about other actions." }],
    });
  });

  it("is given of roots, roles and sessions of roles", async () => {
    await call("CreateRole", { roleName: "ci", path: "/x/", trustPolicy: trust });
    await call("PutInlinePolicy", { roleName: "ci", policyName: "pull", policyDocument: pull });
    const decision = async (principalArn: string): Promise<string> =>
      (await call("ExplainAccess", { principalArn, action: "ecr:BatchGetImage", resource: REPOSITORY })).decision;
    expect(await decision(`${IAM}:root`)).toBe("allowed");
    expect(await decision(`${IAM}:role/x/ci`)).toBe("allowed");
    expect(await decision(`arn:aws:sts::${ACCOUNT}:assumed-role/ci/build-7`)).toBe("allowed");
  });

  it.each([
    [{ principalArn: `${IAM}:user/nobody` }, "NoSuchEntityException"],
    [{ principalArn: `${IAM}:group/team` }, "InvalidParameterException"],
    [{ principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/none/s1` }, "NoSuchEntityException"],
    [{ principalArn: `arn:aws:iam::${OTHER_ACCOUNT}:root` }, "AccessDeniedException"],
    [{ principalArn: `${IAM}:root`, action: "s3:GetObject" }, "InvalidParameterException"],
    [{ principalArn: `${IAM}:root`, action: "ecr:*" }, "InvalidParameterException"],
  ])("of %j is refused as %s", async (input, name) => {
    const asked = { action: "ecr:PutImage", resource: REPOSITORY, ...input };
    await expect(call("ExplainAccess", asked)).rejects.toMatchObject({ name });
  });
});

describe("a revocation", () => {
  it("of a principal ends its sessions, and not those that come after", async () => {
    await call("CreateRole", { roleName: "ci", trustPolicy: trust });
    const may = policyText({ Action: "stowage:ListUsers", Resource: "*" });
    await call("PutInlinePolicy", { roleName: "ci", policyName: "may", policyDocument: may });
    const { role } = await call("GetRole", { roleName: "ci" });
    const assume = (): ReturnType<typeof door.sessions.issue> =>
      door.sessions.issue({
        accountId: ACCOUNT,
        principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/ci/one`,
        identityArn: role.arn,
        userId: `${role.roleId}:one`,
        policies: [],
        policyArns: [],
        tags: [],
        lifeSeconds: 3600,
      });
    const session = await assume();
    expect(await call("ListUsers", {}, session)).toEqual({ users: [] });
    const { revokedBefore } = await call("Revoke", { principalArn: role.arn });
    expect(revokedBefore.getTime()).toBeGreaterThan(door.core.clock.now().getTime());
    await expect(call("ListUsers", {}, session)).rejects.toMatchObject({ name: "UnrecognizedClientException" });
    door.core.clock.advance(1);
    const later = await assume();
    expect(await call("ListUsers", {}, later)).toEqual({ users: [] });
    await call("Revoke", { accessKeyId: later.accessKeyId });
    await expect(call("ListUsers", {}, later)).rejects.toMatchObject({ name: "UnrecognizedClientException" });
  });

  it("is of what the account has", async () => {
    const other = await door.rootOf(OTHER_ACCOUNT);
    const accessKeyId = door.root.accessKeyId;
    await expect(call("Revoke", { accessKeyId }, other)).rejects.toMatchObject({ name: "AccessKeyNotFoundException" });
    await expect(call("Revoke", { principalArn: `${IAM}:root` }, other)).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
    const unknown = { name: "NoSuchEntityException" };
    await expect(call("Revoke", { principalArn: `${IAM}:user/nobody` })).rejects.toMatchObject(unknown);
    const one = "Exactly one of principalArn, accessKeyId and token must be given.";
    await expect(call("Revoke", {})).rejects.toThrow(one);
    await expect(call("Revoke", { accessKeyId, token: "x" })).rejects.toThrow(one);
    expect(await call("Revoke", { token: "x" })).toBeDefined();
  });
});
