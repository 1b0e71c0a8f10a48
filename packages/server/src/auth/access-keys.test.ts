import type { AccessKeyRow, Metadata } from "@stowage/registry";
import { MasterKey, openSqlite } from "@stowage/storage";
import { FakeClock } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAccessKeys, MAX_ROOT_ACCESS_KEYS, rootArn, rootOwner, type AccessKeys } from "./access-keys.ts";
import { ACCOUNT, OTHER_ACCOUNT } from "./testing/requests.ts";

const clock = new FakeClock();
const sealer = new MasterKey(new Uint8Array(32).fill(3));
let metadata: Metadata;
let accessKeys: AccessKeys;

beforeEach(async () => {
  metadata = await openSqlite({ path: ":memory:" });
  accessKeys = createAccessKeys({ metadata, sealer, clock });
});
afterEach(() => metadata.close());

describe("an account", () => {
  it("is made once, with one root key", async () => {
    expect(await accessKeys.ensureAccount(ACCOUNT)).toBe(true);
    expect(await accessKeys.ensureAccount(ACCOUNT)).toBe(false);
    const keys = await accessKeys.list(rootOwner(ACCOUNT));
    expect(keys).toEqual([
      { accessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/), status: "Active", createdAt: clock.now() },
    ]);
    const key = await accessKeys.activeKey(ACCOUNT);
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
    await accessKeys.ensureAccount(ACCOUNT);
    for (let count = 1; count < MAX_ROOT_ACCESS_KEYS; count++) await accessKeys.create(rootOwner(ACCOUNT));
    expect(await accessKeys.list(rootOwner(ACCOUNT))).toHaveLength(MAX_ROOT_ACCESS_KEYS);
    await expect(accessKeys.create(rootOwner(ACCOUNT))).rejects.toMatchObject({ name: "LimitExceededException" });
    expect(await accessKeys.list(rootOwner(ACCOUNT))).toHaveLength(MAX_ROOT_ACCESS_KEYS);
  });

  it("comes to be with a key that is made for it, as under --open", async () => {
    const { accessKeyId } = await accessKeys.create(rootOwner(OTHER_ACCOUNT));
    expect((await accessKeys.activeKey(OTHER_ACCOUNT))?.accessKeyId).toBe(accessKeyId);
    expect(await accessKeys.ensureAccount(OTHER_ACCOUNT)).toBe(false);
  });

  it("keeps an active key, whatever is asked for", async () => {
    await accessKeys.ensureAccount(ACCOUNT);
    const first = (await accessKeys.activeKey(ACCOUNT))?.accessKeyId ?? "";
    const { accessKeyId: second } = await accessKeys.create(rootOwner(ACCOUNT));
    await accessKeys.setStatus(rootOwner(ACCOUNT), first, "Inactive");
    expect((await accessKeys.activeKey(ACCOUNT))?.accessKeyId).toBe(second);
    await expect(accessKeys.setStatus(rootOwner(ACCOUNT), second, "Inactive")).rejects.toThrow("at least one active");
    await expect(accessKeys.delete(rootOwner(ACCOUNT), second)).rejects.toThrow("at least one active");
    await accessKeys.delete(rootOwner(ACCOUNT), first);
    expect((await accessKeys.list(rootOwner(ACCOUNT))).map((key) => key.accessKeyId)).toEqual([second]);
  });

  it("knows nothing of another account's keys", async () => {
    await accessKeys.ensureAccount(ACCOUNT);
    await accessKeys.ensureAccount(OTHER_ACCOUNT);
    const { accessKeyId } = await accessKeys.create(rootOwner(OTHER_ACCOUNT));
    const unknown = { name: "AccessKeyNotFoundException" };
    await expect(accessKeys.setStatus(rootOwner(ACCOUNT), accessKeyId, "Inactive")).rejects.toMatchObject(unknown);
    await expect(accessKeys.delete(rootOwner(ACCOUNT), accessKeyId)).rejects.toMatchObject(unknown);
    await expect(accessKeys.delete(rootOwner(ACCOUNT), "AKIANOSUCHKEY")).rejects.toMatchObject(unknown);
    expect(await accessKeys.find(accessKeyId)).toBeDefined();
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
    await accessKeys.ensureAccount(ACCOUNT);
    await metadata.transaction((rows) => rows.identities.insert(user));
  });

  it("acts as itself with its keys, beside the root's", async () => {
    const made = await accessKeys.create(owner);
    expect((await accessKeys.find(made.accessKeyId))?.principal).toEqual({
      kind: "user",
      accountId: ACCOUNT,
      arn: user.arn,
      userId: user.uniqueId,
      identityArn: user.arn,
      accessKeyId: made.accessKeyId,
    });
    expect((await accessKeys.list(owner)).map(({ accessKeyId }) => accessKeyId)).toEqual([made.accessKeyId]);
    expect(await accessKeys.list(rootOwner(ACCOUNT))).toHaveLength(1);
    const unknown = { name: "AccessKeyNotFoundException" };
    await expect(accessKeys.delete(rootOwner(ACCOUNT), made.accessKeyId)).rejects.toMatchObject(unknown);
  });

  it("has at most 2 keys, and may be left without an active one", async () => {
    const { accessKeyId } = await accessKeys.create(owner);
    await accessKeys.create(owner);
    await expect(accessKeys.create(owner)).rejects.toThrow("Cannot exceed quota for AccessKeysPerUser: 2");
    for (const key of await accessKeys.list(owner)) await accessKeys.setStatus(owner, key.accessKeyId, "Inactive");
    expect((await accessKeys.find(accessKeyId))?.status).toBe("Inactive");
    await accessKeys.delete(owner, accessKeyId);
    expect(await accessKeys.list(owner)).toHaveLength(1);
  });

  it("takes its keys along when it goes, also those that are remembered", async () => {
    const { accessKeyId } = await accessKeys.create(owner);
    expect(await accessKeys.find(accessKeyId)).toBeDefined();
    await metadata.transaction((rows) => rows.identities.delete(user.arn));
    expect(await accessKeys.find(accessKeyId)).toBeUndefined();
    await expect(accessKeys.create(owner)).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });
});

describe("a secret", () => {
  it("is stored sealed, for its own key id alone", async () => {
    await accessKeys.ensureAccount(ACCOUNT);
    const { accessKeyId, secretAccessKey } = await accessKeys.create(rootOwner(ACCOUNT));
    const row = await metadata.accessKeys.find(accessKeyId);
    expect(Buffer.from(row?.sealedSecret ?? []).includes(secretAccessKey)).toBe(false);
    await metadata.transaction((rows) =>
      rows.accessKeys.insert({ ...(row as AccessKeyRow), accessKeyId: "AKIAOTHER" }),
    );
    await expect(accessKeys.find("AKIAOTHER")).rejects.toMatchObject({ name: "SealBroken" });
    expect((await accessKeys.find(accessKeyId))?.secretAccessKey).toBe(secretAccessKey);
  });

  it("is gone at once after a change", async () => {
    await accessKeys.ensureAccount(ACCOUNT);
    const { accessKeyId } = await accessKeys.create(rootOwner(ACCOUNT));
    expect((await accessKeys.find(accessKeyId))?.status).toBe("Active");
    await accessKeys.setStatus(rootOwner(ACCOUNT), accessKeyId, "Inactive");
    expect((await accessKeys.find(accessKeyId))?.status).toBe("Inactive");
    await accessKeys.delete(rootOwner(ACCOUNT), accessKeyId);
    expect(await accessKeys.find(accessKeyId)).toBeUndefined();
  });

  it("that was read before a change is not remembered after it", async () => {
    await accessKeys.ensureAccount(ACCOUNT);
    const { accessKeyId } = await accessKeys.create(rootOwner(ACCOUNT));
    const old = await metadata.accessKeys.find(accessKeyId);
    let deliver: (row: AccessKeyRow | undefined) => void = () => undefined;
    let isHeld = true;
    const slow = createAccessKeys({
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
    await accessKeys.ensureAccount(ACCOUNT);
    const { accessKeyId } = await accessKeys.create(rootOwner(ACCOUNT));
    const other = createAccessKeys({ metadata, sealer: new MasterKey(new Uint8Array(32)), clock });
    await expect(other.find(accessKeyId)).rejects.toMatchObject({ name: "SealBroken" });
  });
});
