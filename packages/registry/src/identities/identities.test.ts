import type { RegistryId } from "@stowage/model";
import { openTestRegistry, policyText, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { IDENTITY_LIMITS, MAX_ATTACHED_POLICIES, MAX_GROUPS_OF_USER, MAX_POLICIES_PER_ACCOUNT } from "./limits.ts";
import { newUniqueId, type IdentityName } from "./names.ts";

const account = "123456789012" as RegistryId;
const other = "210987654321" as RegistryId;
const trust = policyText({ Principal: { AWS: account }, Action: "sts:AssumeRole" });

let core: TestRegistry;
let registry: TestRegistry["registry"];

beforeEach(async () => {
  core = await openTestRegistry();
  ({ registry } = core);
});
afterEach(() => core.close());

function of(kind: IdentityName["kind"], name: string): IdentityName {
  return { account, kind, name };
}

/** A document of exactly so many characters without white space, and some white space besides. */
function documentOf(chars: number, kind: "identity" | "trust" = "identity"): string {
  const whole = (text: string): string =>
    kind === "trust"
      ? policyText({ Principal: { AWS: account }, Action: `sts:${text}` })
      : policyText({ Action: `ecr:${text}`, Resource: "*" });
  const document = whole("x".repeat(chars - whole("").length));
  return document.replace("{", "{ \n\t");
}

async function make(...identities: readonly IdentityName[]): Promise<void> {
  for (const each of identities) {
    await registry.identities.create(each, each.kind === "role" ? { trustPolicy: trust } : {});
  }
}

describe("names", () => {
  it("are taken once among those of a kind, whatever case and path", async () => {
    await make(of("user", "Ann"));
    const again = registry.identities.create(of("user", "ann"), { path: "/x/" });
    await expect(again).rejects.toMatchObject({
      name: "EntityAlreadyExistsException",
      message: "User with name ann already exists.",
    });
    await make(of("group", "Ann"), { account: other, kind: "user", name: "ann" });
    expect((await registry.identities.find(of("user", "ANN"))).name).toBe("Ann");
  });

  it("of managed policies are taken once as well", async () => {
    await registry.managedPolicies.create(account, { name: "Pull", document: documentOf(100) });
    const again = registry.managedPolicies.create(account, { name: "pull", path: "/x/", document: documentOf(100) });
    await expect(again).rejects.toMatchObject({ name: "EntityAlreadyExistsException" });
    await registry.managedPolicies.create(other, { name: "pull", document: documentOf(100) });
  });

  it("have unique ids that tell the kind and nothing else", () => {
    const uuid = "ffffffff-ffff-4fff-bfff-ffffffffffff";
    expect(newUniqueId("user", { uuid: () => uuid })).toBe("AIDA77777777777777777");
    expect(newUniqueId("role", { uuid: () => "00000000-0000-4000-8000-000000000000" })).toBe("AROAAAAAAAAAAAAAAAAAA");
    const ids = { uuid: () => crypto.randomUUID() };
    const made = Array.from({ length: 1000 }, () => newUniqueId("group", ids));
    expect(new Set(made).size).toBe(1000);
    for (const id of made) expect(id).toMatch(/^AGPA[A-Z2-7]{17}$/);
  });
});

describe("inline policies", () => {
  it.each([
    ["user", 2_048],
    ["group", 5_120],
    ["role", 10_240],
  ] as const)("of a %s have together at most %i characters without white space", async (kind, limit) => {
    await make(of(kind, "x"));
    const put = (name: string, chars: number): Promise<unknown> =>
      registry.permissions.putInlinePolicy(of(kind, "x"), { name, text: documentOf(chars) });
    await put("a", 1_000);
    await put("b", limit - 1_000);
    await expect(put("b", limit - 999)).rejects.toMatchObject({
      name: "LimitExceededException",
      message: `Maximum policy size of ${limit} bytes exceeded for ${kind} x`,
    });
    await expect(put("c", 100)).rejects.toMatchObject({ name: "LimitExceededException" });
    await put("a", 900);
    await put("c", 100);
    await registry.permissions.deleteInlinePolicy(of(kind, "x"), "c");
    await expect(registry.permissions.deleteInlinePolicy(of(kind, "x"), "c")).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
    expect((await registry.identities.describe(of(kind, "x"))).inlinePolicies.map(({ name }) => name)).toEqual([
      "a",
      "b",
    ]);
  });

  it("that are malformed are refused with what is wrong, at most 5 findings of it", async () => {
    await make(of("user", "x"));
    const bad = JSON.stringify({ Statement: Array.from({ length: 9 }, () => ({ Effect: "Maybe", Action: "ecr:*" })) });
    const put = registry.permissions.putInlinePolicy(of("user", "x"), { name: "a", text: bad });
    await expect(put).rejects.toMatchObject({
      name: "MalformedPolicyDocumentException",
      message: expect.stringMatching(/^Statement\[0\]\S* \(line 1, column \d+\): .* And \d+ more\.$/),
    });
  });
});

describe("managed policies", () => {
  it("have at most 6,144 characters without white space", async () => {
    const { managedPolicies } = registry;
    const { policy } = await managedPolicies.create(account, { name: "a", document: documentOf(6_144) });
    const refused = { name: "LimitExceededException", message: "Cannot exceed quota for PolicySize: 6144" };
    const tooLong = managedPolicies.create(account, { name: "b", document: documentOf(6_145) });
    await expect(tooLong).rejects.toMatchObject(refused);
    await expect(managedPolicies.update(account, policy.arn, documentOf(6_145))).rejects.toMatchObject(refused);
  });

  it.each(["user", "group", "role"] as const)("are attached to a %s at most 10 at once", async (kind) => {
    await make(of(kind, "x"));
    const arns: string[] = [];
    for (let count = 0; count <= MAX_ATTACHED_POLICIES; count += 1) {
      arns.push(
        (await registry.managedPolicies.create(account, { name: `p${count}`, document: documentOf(100) })).policy.arn,
      );
    }
    const [one = "", ...ten] = arns;
    for (const arn of ten) await registry.permissions.attachPolicy(of(kind, "x"), arn);
    await registry.permissions.attachPolicy(of(kind, "x"), ten[0] ?? "");
    await expect(registry.permissions.attachPolicy(of(kind, "x"), one)).rejects.toMatchObject({
      name: "LimitExceededException",
      message: `Cannot exceed quota for ${IDENTITY_LIMITS[kind].policies}: 10`,
    });
    await registry.permissions.detachPolicy(of(kind, "x"), ten[0] ?? "");
    await registry.permissions.attachPolicy(of(kind, "x"), one);
    await expect(registry.permissions.detachPolicy(of(kind, "x"), ten[0] ?? "")).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
  });

  it("must be there to be attached or to be a boundary, in the account or as AWS's", async () => {
    await make(of("user", "x"));
    const { policy } = await registry.managedPolicies.create(other, { name: "theirs", document: documentOf(100) });
    const missing = { name: "NoSuchEntityException" };
    for (const arn of [policy.arn, `arn:aws:iam::${account}:policy/none`, "arn:aws:iam::aws:policy/None"]) {
      await expect(registry.permissions.attachPolicy(of("user", "x"), arn)).rejects.toMatchObject(missing);
      await expect(registry.identities.update(of("user", "x"), { boundaryArn: arn })).rejects.toMatchObject(missing);
      await expect(registry.identities.create(of("user", "y"), { boundaryArn: arn })).rejects.toMatchObject(missing);
    }
    const aws = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess";
    await registry.permissions.attachPolicy(of("user", "x"), aws);
    expect((await registry.identities.update(of("user", "x"), { boundaryArn: aws })).identity.boundaryArn).toBe(aws);
  });

  it(`are at most ${MAX_POLICIES_PER_ACCOUNT} in an account`, async () => {
    await core.metadata.transaction(async ({ accounts, identities }) => {
      await accounts.insert({ id: account, createdAt: core.clock.now() });
      const times = { createdAt: core.clock.now(), updatedAt: core.clock.now() };
      for (let count = 1; count < MAX_POLICIES_PER_ACCOUNT; count += 1) {
        await identities.putPolicy({
          arn: `${count}`,
          accountId: account,
          name: `${count}`,
          path: "/",
          text: "",
          ...times,
        });
      }
    });
    await registry.managedPolicies.create(account, { name: "last", document: documentOf(100) });
    await expect(
      registry.managedPolicies.create(account, { name: "more", document: documentOf(100) }),
    ).rejects.toMatchObject({ message: "Cannot exceed quota for PoliciesPerAccount: 1500" });
  });
});

describe("trust policies", () => {
  it("have at most 2,048 characters without white space", async () => {
    const fits = documentOf(2_048, "trust");
    const tooLong = documentOf(2_049, "trust");
    await registry.identities.create(of("role", "x"), { trustPolicy: fits });
    const message = "Cannot exceed quota for ACLSizePerRole: 2048";
    await expect(registry.identities.create(of("role", "y"), { trustPolicy: tooLong })).rejects.toThrow(message);
    await expect(registry.identities.update(of("role", "x"), { trustPolicy: tooLong })).rejects.toThrow(message);
  });

  it("and sessions, tags and boundaries are of those kinds that have them", async () => {
    await make(of("user", "x"), of("group", "x"));
    const refused = { name: "InvalidParameterException" };
    const change = async (kind: IdentityName["kind"], changes: object): Promise<unknown> =>
      registry.identities.update(of(kind, "x"), changes);
    await expect(change("user", { trustPolicy: trust })).rejects.toMatchObject(refused);
    await expect(change("user", { maxSessionSeconds: 3600 })).rejects.toMatchObject(refused);
    await expect(change("group", { tags: [] })).rejects.toMatchObject(refused);
    await expect(change("group", { boundaryArn: "" })).rejects.toMatchObject(refused);
  });
});

describe("tags", () => {
  const tagged = async (tags: readonly { key: string; value: string }[]): Promise<unknown> =>
    registry.identities.create(of("user", "x"), { tags });

  it("are at most 50", async () => {
    const tags = Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: "" }));
    await expect(tagged(tags)).rejects.toMatchObject({ message: "Cannot exceed quota for TagsPerUser: 50" });
    await tagged(tags.slice(1));
  });

  it("have keys that differ by more than case and are not AWS's own", async () => {
    const refused = { name: "InvalidParameterException" };
    await expect(
      tagged([
        { key: "a", value: "" },
        { key: "A", value: "" },
      ]),
    ).rejects.toMatchObject(refused);
    await expect(tagged([{ key: "AWS:x", value: "" }])).rejects.toMatchObject(refused);
  });
});

describe("an account", () => {
  it("has a user in at most 10 groups", async () => {
    const groups = Array.from({ length: MAX_GROUPS_OF_USER + 1 }, (_, index) => `g${index}`);
    await make(of("user", "x"), ...groups.map((name) => of("group", name)));
    const [one = "", ...ten] = groups;
    for (const group of ten) await registry.permissions.addMember(account, group, "x");
    await registry.permissions.addMember(account, ten[0] ?? "", "x");
    await expect(registry.permissions.addMember(account, one, "x")).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "Cannot exceed quota for GroupsPerUser: 10",
    });
    await registry.permissions.removeMember(account, ten[0] ?? "", "x");
    await registry.permissions.removeMember(account, ten[0] ?? "", "x");
    await registry.permissions.addMember(account, one, "x");
  });

  it.each([
    ["user", 5_000, "UsersPerAccount"],
    ["group", 300, "GroupsPerAccount"],
    ["role", 1_000, "RolesPerAccount"],
  ] as const)("has no more identities of the kind %s than %i", async (kind, limit, quota) => {
    await core.metadata.transaction(async ({ accounts, identities }) => {
      await accounts.insert({ id: account, createdAt: core.clock.now() });
      const identity = { accountId: account, kind, path: "/", createdAt: core.clock.now(), tags: [] } as const;
      for (let count = 1; count < limit; count += 1) {
        await identities.insert({ ...identity, arn: `${count}`, name: `n${count}`, uniqueId: `${count}` });
      }
    });
    await make(of(kind, "last"));
    await expect(make(of(kind, "more"))).rejects.toThrow(`Cannot exceed quota for ${quota}: ${limit}`);
  });
});

describe("a principal", () => {
  it("is found by ARN in its own account", async () => {
    await registry.identities.create(of("user", "ann"), { path: "/ci/" });
    await make(of("role", "ci"), of("group", "team"));
    const find = (arn: string): Promise<unknown> => registry.principals.find(account, arn);
    expect(await find(`arn:aws:iam::${account}:root`)).toMatchObject({ kind: "root", userId: account });
    expect(await find(`arn:aws:iam::${account}:user/ci/ann`)).toMatchObject({
      kind: "user",
      userId: expect.stringMatching(/^AIDA/),
    });
    const role = await registry.identities.find(of("role", "ci"));
    expect(await find(`arn:aws:sts::${account}:assumed-role/ci/one`)).toEqual({
      kind: "role",
      accountId: account,
      arn: `arn:aws:sts::${account}:assumed-role/ci/one`,
      userId: `${role.uniqueId}:one`,
      identityArn: role.arn,
    });
    expect(await find(role.arn)).toMatchObject({ kind: "role", identityArn: role.arn });
    for (const arn of [
      `arn:aws:iam::${account}:user/ann`,
      `arn:aws:iam::${other}:root`,
      `arn:aws:sts::${account}:assumed-role/none/one`,
    ]) {
      await expect(find(arn)).rejects.toMatchObject({ name: "NoSuchEntityException" });
    }
    for (const arn of [`arn:aws:iam::${account}:group/team`, `arn:aws:sts::${account}:assumed-role/ci/x`, "*", ""]) {
      await expect(find(arn)).rejects.toMatchObject({ name: "InvalidParameterException" });
    }
  });
});

describe("a revocation", () => {
  it("of a token names its password's hash, however the token is given", async () => {
    const password = `${"A".repeat(300)}_-`;
    const login = Buffer.from(`AWS:${password}`).toString("base64");
    const plain = await registry.revocations.revoke(account, { token: password });
    expect(plain.subject).toBe(
      Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(password))).toString("hex"),
    );
    expect((await registry.revocations.revoke(account, { token: login })).subject).toBe(plain.subject);
    expect(await core.metadata.access.revocations([plain.subject])).toEqual([plain]);
  });

  it("reaches what was issued in the same millisecond, and lasts as long as anything that it refuses", async () => {
    await make(of("user", "ann"));
    const principalArn = `arn:aws:iam::${account}:user/ann`;
    const { before, expiresAt } = await registry.revocations.revoke(account, { principalArn });
    const now = core.clock.now().getTime();
    expect(before.getTime()).toBe(now + 1);
    expect(expiresAt.getTime() - now).toBe((36 + 12) * 3_600_000);
  });
});
