import type { MetadataTransaction, RevocationRow } from "@stowage/registry";
import { describe, expect, it } from "vitest";
import type { OpenMetadata } from "./under-test.ts";
import {
  addIdentities,
  addRepository,
  at,
  identityOf,
  key,
  managedPolicyOf,
  nameOf,
  newRepository,
  openEach,
  otherAccount,
  otherRegion,
} from "./under-test.ts";

export function accessRowsContract(open: OpenMetadata): void {
  describe("policies of repositories and registries", () => {
    const metadata = openEach(open);

    it("are stored, replaced and deleted with a repository", async () => {
      const { id } = await addRepository(metadata(), "app");
      expect(await metadata().access.repositoryPolicy(id)).toBeUndefined();
      const done = await metadata().transaction(async ({ access }) => {
        await access.putRepositoryPolicy(id, "one");
        await access.putRepositoryPolicy(id, "two");
        const read = await access.repositoryPolicy(id);
        return [read, await access.deleteRepositoryPolicy(id), await access.deleteRepositoryPolicy(id)];
      });
      expect(done).toEqual(["two", true, false]);
      await metadata().transaction((rows) => rows.access.putRepositoryPolicy(id, "three"));
      await metadata().transaction((rows) => rows.repositories.delete(id));
      expect(await metadata().access.repositoryPolicy(id)).toBeUndefined();
      const again = await addRepository(metadata(), "app");
      expect(await metadata().access.repositoryPolicy(again.id)).toBeUndefined();
    });

    it("belong to one account and region", async () => {
      const done = await metadata().transaction(async ({ access }) => {
        await access.putRegistryPolicy(key, "one");
        await access.putRegistryPolicy(otherRegion, "two");
        await access.putRegistryPolicy(otherRegion, "three");
        await access.putRegistryPolicy(otherAccount, "four");
        return [await access.deleteRegistryPolicy(otherAccount), await access.deleteRegistryPolicy(otherAccount)];
      });
      expect(done).toEqual([true, false]);
      expect(await metadata().access.registryPolicy(key)).toBe("one");
      expect(await metadata().access.registryPolicy(otherRegion)).toBe("three");
      expect(await metadata().access.registryPolicy(otherAccount)).toBeUndefined();
    });
  });

  revocations(open);
  accessVersion(open);
}

function revocations(open: OpenMetadata): void {
  describe("revocations", () => {
    const metadata = openEach(open);

    function revocation(before: number, expires: number, changes: Partial<RevocationRow> = {}): RevocationRow {
      return { kind: "principal", subject: "arn", before: at(before), expiresAt: at(expires), ...changes };
    }

    async function put(...rows: readonly RevocationRow[]): Promise<void> {
      await metadata().transaction(async ({ access }) => {
        for (const row of rows) await access.putRevocation(row);
      });
    }

    it("are found by subject, of every kind", async () => {
      const key_ = revocation(0, 1, { kind: "accessKey", subject: "AKIA" });
      const token = revocation(0, 1, { kind: "token", subject: "arn" });
      await put(revocation(0, 1), key_, token, revocation(0, 1, { subject: "other" }));
      const found = await metadata().access.revocations(["arn", "AKIA", "unknown"]);
      expect(found.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([key_, revocation(0, 1), token]);
      expect(await metadata().access.revocations([])).toEqual([]);
    });

    it.each([
      ["a later one replaces an earlier one", [0, 12], [1, 13], [1, 13]],
      ["an earlier one changes nothing", [1, 13], [0, 12], [1, 13]],
      ["one that holds longer lets it hold longer", [1, 13], [1, 36], [1, 36]],
      ["neither moment is taken back", [1, 36], [2, 14], [2, 36]],
    ] as const)("of one subject: %s", async (_, first, second, kept) => {
      await put(revocation(first[0], first[1]), revocation(second[0], second[1]));
      expect(await metadata().access.revocations(["arn"])).toEqual([revocation(kept[0], kept[1])]);
    });

    it("go when they have expired, in batches", async () => {
      await put(...[1, 2, 3, 4].map((hours) => revocation(0, hours, { subject: `arn${hours}` })));
      const removed = await metadata().transaction(async ({ access }) => [
        await access.deleteExpiredRevocations(at(3), 2),
        await access.deleteExpiredRevocations(at(3), 2),
      ]);
      expect(removed).toEqual([2, 1]);
      const left = await metadata().access.revocations([1, 2, 3, 4].map((hours) => `arn${hours}`));
      expect(left.map(({ subject }) => subject)).toEqual(["arn4"]);
    });
  });
}

/** A write, and whether it changes what a decision may rest on. */
type Write = readonly [name: string, write: (rows: MetadataTransaction, id: number) => Promise<unknown>];

const user = identityOf("user", "ann");
const group = identityOf("group", "team");
const accessKey = { accountId: key.registryId, principalArn: user.arn, sealedSecret: new Uint8Array([1]) };
const newKey = { ...accessKey, accessKeyId: "AKIA2", status: "Active", createdAt: at(0) } as const;
const session = {
  accessKeyId: "ASIA",
  accountId: key.registryId,
  sealedSecret: new Uint8Array([1]),
  tokenHash: "0",
  principalArn: user.arn,
  identityArn: user.arn,
  userId: "AIDA",
  policies: [],
  policyArns: [],
  tags: [],
  createdAt: at(0),
  expiresAt: at(1),
};
const revoked = { kind: "token", subject: "x", before: at(0), expiresAt: at(1) } as const;

const deciding: readonly Write[] = [
  ["a new identity", ({ identities }) => identities.insert(identityOf("user", "bob"))],
  ["a changed identity", ({ identities }) => identities.update({ ...user, tags: [{ key: "a", value: "b" }] })],
  ["a deleted identity", ({ identities }) => identities.delete(user.arn)],
  ["a new member", ({ identities }) => identities.addMember(group.arn, user.arn)],
  ["a removed member", ({ identities }) => identities.removeMember(group.arn, identityOf("user", "old").arn)],
  ["an inline policy", ({ identities }) => identities.putInlinePolicy(user.arn, { name: "n", text: "{}" })],
  ["a deleted inline policy", ({ identities }) => identities.deleteInlinePolicy(group.arn, "old")],
  ["an attached policy", ({ identities }) => identities.attachPolicy(user.arn, "arn")],
  ["a detached policy", ({ identities }) => identities.detachPolicy(group.arn, "old")],
  ["a managed policy", ({ identities }) => identities.putPolicy(managedPolicyOf("new"))],
  ["a deleted managed policy", ({ identities }) => identities.deletePolicy(managedPolicyOf("old").arn)],
  ["a new key", ({ accessKeys }) => accessKeys.insert(newKey)],
  ["a key's status", ({ accessKeys }) => accessKeys.setStatus("AKIA1", "Inactive")],
  ["a deleted key", ({ accessKeys }) => accessKeys.delete("AKIA1")],
  ["a session", ({ sessions }) => sessions.insert(session)],
  ["a revocation", ({ access }) => access.putRevocation(revoked)],
  ["a repository policy", ({ access }, id) => access.putRepositoryPolicy(id, "{}")],
  ["a deleted repository policy", ({ access }, id) => access.deleteRepositoryPolicy(id)],
  ["a registry policy", ({ access }) => access.putRegistryPolicy(otherRegion, "{}")],
  ["a deleted registry policy", ({ access }) => access.deleteRegistryPolicy(key)],
  ["a setting of an account", ({ settings }) => settings.put(key, "REGISTRY_POLICY_SCOPE", "V1")],
  ["a new repository", ({ repositories }) => repositories.insert(newRepository("new"))],
  ["a deleted repository", ({ repositories }, id) => repositories.delete(id)],
  ["a resource tag", ({ repositories }, id) => repositories.putResourceTag(id, { key: "b", value: "" })],
  ["a deleted resource tag", ({ repositories }, id) => repositories.deleteResourceTags(id, ["a"])],
];

const idle: readonly Write[] = [
  ["a member removed who was none", ({ identities }) => identities.removeMember(group.arn, user.arn)],
  ["a policy detached that was not attached", ({ identities }) => identities.detachPolicy(user.arn, "none")],
  ["a policy deleted that was not there", ({ identities }) => identities.deletePolicy("none")],
  ["a key deleted that was not there", ({ accessKeys }) => accessKeys.delete("AKIA9")],
  ["a registry policy deleted that was not there", ({ access }) => access.deleteRegistryPolicy(otherAccount)],
  ["a repository that is there already", ({ repositories }) => repositories.insert(newRepository("app"))],
  ["a repository's settings", ({ repositories }, id) => repositories.setScanOnPush(id, true)],
  ["a revocation that reaches no further", ({ access }) => access.putRevocation({ ...revoked, subject: "old" })],
  ["expired sessions that go", ({ sessions }) => sessions.deleteExpired(at(9), 10)],
  ["expired revocations that go", ({ access }) => access.deleteExpiredRevocations(at(9), 10)],
];

function accessVersion(open: OpenMetadata): void {
  describe("the access version", () => {
    const metadata = openEach(open);

    /** A database in which every one of the writes finds what it changes. */
    async function filled(): Promise<number> {
      const old = identityOf("user", "old");
      await addIdentities(metadata(), user, group, old);
      const { id } = await addRepository(metadata(), "app");
      await metadata().transaction(async ({ identities, accessKeys, sessions, access, repositories }) => {
        await identities.addMember(group.arn, old.arn);
        await identities.putInlinePolicy(group.arn, { name: "old", text: "{}" });
        await identities.attachPolicy(group.arn, "old");
        await identities.putPolicy(managedPolicyOf("old"));
        await accessKeys.insert({ ...newKey, accessKeyId: "AKIA1" });
        await sessions.insert({ ...session, accessKeyId: "ASIA1" });
        await access.putRevocation({ ...revoked, subject: "old" });
        await access.putRepositoryPolicy(id, "{}");
        await access.putRegistryPolicy(key, "{}");
        await repositories.putResourceTag(id, { key: "a", value: "b" });
      });
      return id;
    }

    it.each(deciding)("moves on with %s", async (_, write) => {
      const id = await filled();
      const before = await metadata().access.version();
      await metadata().transaction((rows) => write(rows, id));
      expect(await metadata().access.version()).toBeGreaterThan(before);
    });

    it.each(idle)("stays with %s", async (_, write) => {
      const id = await filled();
      const before = await metadata().access.version();
      await metadata().transaction((rows) => write(rows, id));
      expect(await metadata().access.version()).toBe(before);
    });

    it("moves on with the commit, not before, and not when the change is rolled back", async () => {
      const id = await filled();
      const before = await metadata().access.version();
      const failing = metadata().transaction(async (rows) => {
        await rows.access.putRepositoryPolicy(id, "changed");
        expect(await rows.access.version()).toBeGreaterThan(before);
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await metadata().access.version()).toBe(before);
      expect(await metadata().access.repositoryPolicy(id)).toBe("{}");
      expect(await metadata().repositories.find(key, nameOf("app"))).toBeDefined();
    });
  });
}
