import type { AccessKeyRow, Metadata } from "@stowage/registry";
import { MasterKey, openSqlite } from "@stowage/storage";
import { FakeClock } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createIdentities, MAX_ROOT_ACCESS_KEYS, rootArn, rootOwner, type Identities } from "./identities.ts";
import { ACCOUNT, OTHER_ACCOUNT } from "./testing/requests.ts";

const clock = new FakeClock();
const sealer = new MasterKey(new Uint8Array(32).fill(3));
let metadata: Metadata;
let identities: Identities;

beforeEach(async () => {
  metadata = await openSqlite({ path: ":memory:" });
  identities = createIdentities({ metadata, sealer, clock });
});
afterEach(() => metadata.close());

describe("an account", () => {
  it("is made once, with one root key", async () => {
    expect(await identities.ensureAccount(ACCOUNT)).toBe(true);
    expect(await identities.ensureAccount(ACCOUNT)).toBe(false);
    const keys = await identities.list(rootOwner(ACCOUNT));
    expect(keys).toEqual([
      { accessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/), status: "Active", createdAt: clock.now() },
    ]);
    const key = await identities.activeKey(ACCOUNT);
    expect(key?.secretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(key?.principal).toEqual({
      kind: "root",
      accountId: ACCOUNT,
      arn: rootArn(ACCOUNT),
      userId: ACCOUNT,
      identityArn: rootArn(ACCOUNT),
      accessKeyId: keys[0]?.accessKeyId,
    });
  });

  it(`has at most ${MAX_ROOT_ACCESS_KEYS} keys`, async () => {
    await identities.ensureAccount(ACCOUNT);
    for (let count = 1; count < MAX_ROOT_ACCESS_KEYS; count++) await identities.create(rootOwner(ACCOUNT));
    expect(await identities.list(rootOwner(ACCOUNT))).toHaveLength(MAX_ROOT_ACCESS_KEYS);
    await expect(identities.create(rootOwner(ACCOUNT))).rejects.toMatchObject({ name: "LimitExceededException" });
    expect(await identities.list(rootOwner(ACCOUNT))).toHaveLength(MAX_ROOT_ACCESS_KEYS);
  });

  it("comes to be with a key that is made for it, as under --open", async () => {
    const { accessKeyId } = await identities.create(rootOwner(OTHER_ACCOUNT));
    expect((await identities.activeKey(OTHER_ACCOUNT))?.accessKeyId).toBe(accessKeyId);
    expect(await identities.ensureAccount(OTHER_ACCOUNT)).toBe(false);
  });

  it("keeps an active key, whatever is asked for", async () => {
    await identities.ensureAccount(ACCOUNT);
    const first = (await identities.activeKey(ACCOUNT))?.accessKeyId ?? "";
    const { accessKeyId: second } = await identities.create(rootOwner(ACCOUNT));
    await identities.setStatus(rootOwner(ACCOUNT), first, "Inactive");
    expect((await identities.activeKey(ACCOUNT))?.accessKeyId).toBe(second);
    await expect(identities.setStatus(rootOwner(ACCOUNT), second, "Inactive")).rejects.toThrow("at least one active");
    await expect(identities.delete(rootOwner(ACCOUNT), second)).rejects.toThrow("at least one active");
    await identities.delete(rootOwner(ACCOUNT), first);
    expect((await identities.list(rootOwner(ACCOUNT))).map((key) => key.accessKeyId)).toEqual([second]);
  });

  it("knows nothing of another account's keys", async () => {
    await identities.ensureAccount(ACCOUNT);
    await identities.ensureAccount(OTHER_ACCOUNT);
    const { accessKeyId } = await identities.create(rootOwner(OTHER_ACCOUNT));
    const unknown = { name: "AccessKeyNotFoundException" };
    await expect(identities.setStatus(rootOwner(ACCOUNT), accessKeyId, "Inactive")).rejects.toMatchObject(unknown);
    await expect(identities.delete(rootOwner(ACCOUNT), accessKeyId)).rejects.toMatchObject(unknown);
    await expect(identities.delete(rootOwner(ACCOUNT), "AKIANOSUCHKEY")).rejects.toMatchObject(unknown);
    expect(await identities.find(accessKeyId)).toBeDefined();
  });
});

describe("a user", () => {
  const user = {
    arn: `arn:aws:iam::${ACCOUNT}:user/ci/ann`,
    accountId: ACCOUNT,
    kind: "user",
    name: "ann",
    path: "/ci/",
    uniqueId: "AIDAEXAMPLEEXAMPLE111",
    createdAt: clock.now(),
    tags: [],
  } as const;
  const owner = { account: ACCOUNT, arn: user.arn };

  beforeEach(async () => {
    await identities.ensureAccount(ACCOUNT);
    await metadata.transaction((rows) => rows.identities.insert(user));
  });

  it("acts as itself with its keys, beside the root's", async () => {
    const made = await identities.create(owner);
    expect((await identities.find(made.accessKeyId))?.principal).toEqual({
      kind: "user",
      accountId: ACCOUNT,
      arn: user.arn,
      userId: user.uniqueId,
      identityArn: user.arn,
      accessKeyId: made.accessKeyId,
    });
    expect((await identities.list(owner)).map(({ accessKeyId }) => accessKeyId)).toEqual([made.accessKeyId]);
    expect(await identities.list(rootOwner(ACCOUNT))).toHaveLength(1);
    const unknown = { name: "AccessKeyNotFoundException" };
    await expect(identities.delete(rootOwner(ACCOUNT), made.accessKeyId)).rejects.toMatchObject(unknown);
  });

  it("has at most 2 keys, and may be left without an active one", async () => {
    const { accessKeyId } = await identities.create(owner);
    await identities.create(owner);
    await expect(identities.create(owner)).rejects.toThrow("Cannot exceed quota for AccessKeysPerUser: 2");
    for (const key of await identities.list(owner)) await identities.setStatus(owner, key.accessKeyId, "Inactive");
    expect((await identities.find(accessKeyId))?.status).toBe("Inactive");
    await identities.delete(owner, accessKeyId);
    expect(await identities.list(owner)).toHaveLength(1);
  });

  it("takes its keys along when it goes, also those that are remembered", async () => {
    const { accessKeyId } = await identities.create(owner);
    expect(await identities.find(accessKeyId)).toBeDefined();
    await metadata.transaction((rows) => rows.identities.delete(user.arn));
    expect(await identities.find(accessKeyId)).toBeUndefined();
    await expect(identities.create(owner)).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });
});

describe("a secret", () => {
  it("is stored sealed, for its own key id alone", async () => {
    await identities.ensureAccount(ACCOUNT);
    const { accessKeyId, secretAccessKey } = await identities.create(rootOwner(ACCOUNT));
    const row = await metadata.accessKeys.find(accessKeyId);
    expect(Buffer.from(row?.sealedSecret ?? []).includes(secretAccessKey)).toBe(false);
    await metadata.transaction((rows) =>
      rows.accessKeys.insert({ ...(row as AccessKeyRow), accessKeyId: "AKIAOTHER" }),
    );
    await expect(identities.find("AKIAOTHER")).rejects.toMatchObject({ name: "SealBroken" });
    expect((await identities.find(accessKeyId))?.secretAccessKey).toBe(secretAccessKey);
  });

  it("is gone at once after a change", async () => {
    await identities.ensureAccount(ACCOUNT);
    const { accessKeyId } = await identities.create(rootOwner(ACCOUNT));
    expect((await identities.find(accessKeyId))?.status).toBe("Active");
    await identities.setStatus(rootOwner(ACCOUNT), accessKeyId, "Inactive");
    expect((await identities.find(accessKeyId))?.status).toBe("Inactive");
    await identities.delete(rootOwner(ACCOUNT), accessKeyId);
    expect(await identities.find(accessKeyId)).toBeUndefined();
  });

  it("that was read before a change is not remembered after it", async () => {
    await identities.ensureAccount(ACCOUNT);
    const { accessKeyId } = await identities.create(rootOwner(ACCOUNT));
    const old = await metadata.accessKeys.find(accessKeyId);
    let deliver: (row: AccessKeyRow | undefined) => void = () => undefined;
    let isHeld = true;
    const slow = createIdentities({
      metadata: {
        transaction: metadata.transaction.bind(metadata),
        access: metadata.access,
        identities: metadata.identities,
        accessKeys: {
          list: (arn) => metadata.accessKeys.list(arn),
          find: (id) => (isHeld ? new Promise((resolve) => (deliver = resolve)) : metadata.accessKeys.find(id)),
        },
      },
      sealer,
      clock,
    });
    const found = slow.find(accessKeyId);
    await slow.setStatus(rootOwner(ACCOUNT), accessKeyId, "Inactive");
    deliver(old);
    expect((await found)?.status).toBe("Active");
    isHeld = false;
    expect((await slow.find(accessKeyId))?.status).toBe("Inactive");
  });

  it("does not open under another master key", async () => {
    await identities.ensureAccount(ACCOUNT);
    const { accessKeyId } = await identities.create(rootOwner(ACCOUNT));
    const other = createIdentities({ metadata, sealer: new MasterKey(new Uint8Array(32)), clock });
    await expect(other.find(accessKeyId)).rejects.toMatchObject({ name: "SealBroken" });
  });
});
