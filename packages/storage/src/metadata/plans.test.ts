import { DatabaseSync } from "node:sqlite";
import type { Digest, RegistryId, RepositoryName, Tag, UploadId } from "@stowage/model";
import type { BlobLocation, MetadataTransaction, RegistryKey } from "@stowage/registry";
import { beforeAll, describe, expect, it } from "vitest";
import type { Executor, Row, Value } from "./executor.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./schema.ts";
import { Connection } from "./sqlite/connection.ts";
import { sqliteWords } from "./sqlite/open.ts";
import { stores } from "./stores.ts";
import { totals } from "./totals.ts";

const key: RegistryKey = { registryId: "000000000000" as RegistryId, region: "us-east-1" };
const name = "app" as RepositoryName;
const tag = "v1" as Tag;
const digest = `sha256:${"ab".repeat(32)}` as Digest;
const upload = "upload" as UploadId;
const now = new Date(0);
const digests = Array.from({ length: 3 }, () => digest);

/** Notes every text that the stores run. */
class Recorder implements Executor {
  readonly texts = new Set<string>();
  readonly #inner: Executor;

  constructor(inner: Executor) {
    this.#inner = inner;
  }

  all(sql: string, ...values: Value[]): Promise<Row[]> {
    this.texts.add(sql);
    return this.#inner.all(sql, ...values);
  }

  get(sql: string, ...values: Value[]): Promise<Row | undefined> {
    this.texts.add(sql);
    return this.#inner.get(sql, ...values);
  }

  run(sql: string, ...values: Value[]): Promise<number> {
    this.texts.add(sql);
    return this.#inner.run(sql, ...values);
  }
}

/** Notes which methods of a store were called. */
function watched(noun: string, store: object, called: Set<string>): object {
  return new Proxy(store, {
    get: (target, property) => {
      const member: unknown = Reflect.get(target, property);
      called.add(`${noun}.${String(property)}`);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

async function visitRepositories({
  repositories,
  settings,
  accounts,
  accessKeys,
}: MetadataTransaction): Promise<number> {
  const row = await repositories.insert({
    key,
    name,
    createdAt: now,
    tagMutability: "MUTABLE",
    exclusionFilters: [],
    scanOnPush: false,
    encryption: { encryptionType: "AES256" },
  });
  const id = row?.id ?? 0;
  await repositories.find(key, name);
  await repositories.list(key, { limit: 1 });
  await repositories.count(key);
  await repositories.setTagMutability(id, "MUTABLE", []);
  await repositories.setScanOnPush(id, true);
  await repositories.putResourceTag(id, { key: "a", value: "b" });
  await repositories.resourceTags(id);
  await repositories.deleteResourceTags(id, ["a"]);
  await settings.put(key, "a", "b");
  await settings.find(key, "a");
  await settings.list(key);
  await accounts.insert({ id: key.registryId, createdAt: now });
  await accounts.find(key.registryId);
  await accounts.list();
  const sealedSecret = new Uint8Array();
  const accessKey = { accessKeyId: "A", accountId: key.registryId, principalArn: "arn", sealedSecret };
  await accessKeys.insert({ ...accessKey, status: "Active", createdAt: now });
  await accessKeys.find("A");
  await accessKeys.list("arn");
  await accessKeys.setStatus("A", "Inactive");
  await accessKeys.delete("A");
  return id;
}

async function visitIdentities(rows: MetadataTransaction, id: number): Promise<void> {
  const { accounts, identities, sessions, access } = rows;
  await accounts.insert({ id: key.registryId, createdAt: now });
  const identity = { accountId: key.registryId, path: "/", createdAt: now, tags: [] };
  const user = { ...identity, arn: "user", kind: "user", name: "a", uniqueId: "1" } as const;
  const group = { ...identity, arn: "group", kind: "group", name: "a", uniqueId: "2" } as const;
  await identities.insert(user);
  await identities.insert(group);
  await identities.update(user);
  await identities.find("user");
  await identities.findByName(key.registryId, "user", "a");
  await identities.list(key.registryId, "user", { limit: 1 });
  await identities.count(key.registryId, "user");
  await identities.addMember("group", "user");
  await identities.groupsOf("user");
  await identities.membersOf("group");
  await identities.putInlinePolicy("user", { name: "a", text: "" });
  await identities.inlinePolicies("user");
  await identities.attachPolicy("user", "policy");
  await identities.attachedPolicies("user");
  const policy = { arn: "policy", name: "a", text: "", accountId: key.registryId, path: "/" };
  await identities.putPolicy({ ...policy, createdAt: now, updatedAt: now });
  await identities.findPolicy("policy");
  await identities.listPolicies(key.registryId);
  await identities.usersOfPolicy("policy", 1);
  await identities.policiesOf("user");
  const session = { accessKeyId: "A", accountId: key.registryId, sealedSecret: new Uint8Array(), tokenHash: "" };
  const acts = { principalArn: "user", identityArn: "user", userId: "1", policies: [], policyArns: [], tags: [] };
  await sessions.insert({ ...session, ...acts, createdAt: now, expiresAt: now });
  await sessions.find("A");
  await sessions.deleteExpired(now, 1);
  await identities.detachPolicy("user", "policy");
  await identities.deleteInlinePolicy("user", "a");
  await identities.removeMember("group", "user");
  await identities.deletePolicy("policy");
  await identities.delete("user");
  await access.version();
  await access.putRepositoryPolicy(id, "");
  await access.repositoryPolicy(id);
  await access.deleteRepositoryPolicy(id);
  await access.putRegistryPolicy(key, "");
  await access.registryPolicy(key);
  await access.deleteRegistryPolicy(key);
  await access.putRevocation({ kind: "token", subject: "a", before: now, expiresAt: now });
  await access.revocations(["a", "b", "c"]);
  await access.deleteExpiredRevocations(now, 1);
}

async function visitBlobs({ blobs, uploads }: MetadataTransaction, id: number): Promise<void> {
  const location = "at" as BlobLocation;
  const blob = await blobs.putShared({ digest, keyScope: "", sizeBytes: 1, location });
  await blobs.link(id, blob.id, now);
  await blobs.link(id, blob.id, now);
  await blobs.hold(id, digests, now);
  await blobs.find(id, digest);
  await blobs.present(id, digests);
  await blobs.findShared(digest, "");
  await blobs.isNamed(digest, location);
  await blobs.relocateShared(blob.id, location);
  await blobs.unlinkExpired(now, 1);
  await blobs.claimUnlinked(1);
  await blobs.putShared({ digest, keyScope: "", sizeBytes: 1, location });
  await blobs.claimUnlinked(1);
  await blobs.deleteShared(blob.id);
  const progress = { receivedBytes: 0, partCount: 0, lastPartBytes: 0, hasSmallPart: false };
  const row = { id: upload, repositoryId: id, principal: "arn", startedAt: now, expiresAt: now };
  await uploads.insert({ ...row, ...progress });
  await uploads.find(upload);
  await uploads.lease(upload, { owner: "a", until: now }, now);
  await uploads.advance(upload, "a", progress);
  await uploads.releaseLeases();
  await uploads.deleteExpired(now, 1);
  await uploads.delete(upload);
}

async function visitImages({ images }: MetadataTransaction, id: number): Promise<void> {
  const layer = { digest, role: "layer", mediaType: "m", sizeBytes: 1 } as const;
  const image = { repositoryId: id, digest, kind: "image", mediaType: "m", sizeBytes: 1, pushedAt: now } as const;
  const names = { blobs: [layer], children: [digest] };
  const imageId = await images.insert({ ...image, manifest: new Uint8Array() }, names);
  const other = { ...image, digest: `${digest.slice(0, -1)}0` as Digest, manifest: new Uint8Array() };
  const otherId = await images.insert(other, names);
  await images.putTag(id, tag, otherId);
  await images.putTag(id, tag, imageId);
  await images.findManifest(key, name, { tag });
  await images.findManifest(key, name, { digest });
  await images.find(id, digest);
  await images.findByTag(id, tag);
  await images.count(id);
  const after = { imageId: 0, tag };
  for (const filter of [
    {},
    { tagged: true },
    { status: "ACTIVE" as const },
    { tagged: true, status: "ACTIVE" as const },
  ]) {
    await images.list(id, { limit: 1 }, filter);
    await images.listIds(id, { after, limit: 1 }, filter);
  }
  await images.tagsOf([1, 2, 3]);
  await images.tagCount(imageId);
  await images.listTags(id, { limit: 1 });
  await images.referrers(id, digest, { limit: 1 });
  await images.referrers(id, digest, { limit: 1 }, { artifactTypes: ["a", "b"], status: "ACTIVE" });
  await images.parents(id, digest, 1);
  await images.present(id, digests);
  await images.blobUse(id, `${digest.slice(0, -1)}1` as Digest);
  await images.manifest(imageId);
  await images.recordPulls([{ imageId, at: now }]);
  await images.deleteTag(id, tag);
  await images.delete(imageId);
}

/** Tables whose size is that of the installation, not of what it stores, and which are answered whole. */
const WHOLE_TABLES = /^SCAN (?:account|registry|upload(?: USING COVERING INDEX \w+)?)$/;

describe("every statement of the stores", () => {
  const database = new DatabaseSync(":memory:");
  const recorder = new Recorder(new Connection(database));
  const called = new Set<string>();
  const methods: string[] = [];

  beforeAll(async () => {
    await migrate(migrations, sqliteWords, (work) => work(new Connection(database)));
    const all = stores(recorder);
    const entries = Object.entries(all).map(([noun, store]): [string, object] => {
      const own = Object.getOwnPropertyNames(Object.getPrototypeOf(store)).filter((method) => method !== "constructor");
      methods.push(...own.map((method) => `${noun}.${method}`));
      return [noun, watched(noun, store, called)];
    });
    const rows = Object.fromEntries(entries) as unknown as MetadataTransaction;
    const id = await visitRepositories(rows);
    await visitIdentities(rows, id);
    await visitBlobs(rows, id);
    await visitImages(rows, id);
    await totals(recorder);
    await rows.repositories.delete(id);
    await rows.repositories.purge(1);
  });

  it("is looked at here", () => {
    expect([...called].sort()).toEqual(methods.sort());
  });

  it("finds its rows by an index and gives them in its order: cost grows with the answer, not with what is stored", () => {
    const slow: string[] = [];
    for (const sql of recorder.texts) {
      for (const row of database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()) {
        const detail = String(row["detail"]);
        const scans = detail.startsWith("SCAN") && !WHOLE_TABLES.test(detail) && detail !== "SCAN CONSTANT ROW";
        if (scans || detail.includes("TEMP B-TREE")) slow.push(`${detail}: ${sql}`);
      }
    }
    expect(slow).toEqual([]);
  });

  it.each([
    [
      "all images",
      /FROM image WHERE repository_id = \?1 AND id > \?2 {2}ORDER BY id/,
      "image_order (repository_id=? AND id>?)",
    ],
    ["tagged ones", /AND tagged = \?4 ORDER BY id/, "image_tagged (repository_id=? AND tagged=? AND id>?)"],
    ["ones of a status", /AND status = \?4 ORDER BY id/, "image_status (repository_id=? AND status=? AND id>?)"],
    [
      "both",
      /AND tagged = \?4 AND status = \?5 ORDER BY id/,
      "image_tagged_status (repository_id=? AND tagged=? AND status=? AND id>?)",
    ],
    [
      "identities",
      /FROM identity WHERE account_id = \?1 AND kind = \?2 AND name > \?3/,
      "identity_name (account_id=? AND kind=? AND name>?)",
    ],
  ])("lists %s by the index made for it", (_, text, index) => {
    const sql = [...recorder.texts].find((recorded) => text.test(recorded)) ?? "";
    const [row] = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    expect(row?.["detail"]).toContain(index);
  });
});
