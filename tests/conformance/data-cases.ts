import assert from "node:assert/strict";
import { withQuery } from "../wire/oci/client.ts";
import { pushAny, type Case } from "./blob-cases.ts";
import { deleteBlob, getBlob, headBlob } from "./blob-requests.ts";
import type { DataSet } from "./data-sets.ts";
import { deleteManifest, getManifest, headManifest, putManifest, putRefused } from "./manifest-requests.ts";
import { listReferrers, listTags } from "./list-requests.ts";
import type { Run } from "./run.ts";
import type { Descriptor, TestData } from "./test-data.ts";

/** What a data set goes through, one after the other. */
export function dataCases(set: DataSet): readonly Case[] {
  let built: TestData | undefined;
  const data = (): TestData => (built ??= set.build());
  const stage = (name: string, work: (run: Run, path: string, data: TestData) => Promise<void>): Case => {
    const path = `${set.name}/${name}`;
    return {
      name: path,
      run: async (run) => {
        if (set.tagParameters === true && !run.version.tagParameter) run.skip(path, "not part of this version");
        else await work(run, path, data());
      },
    };
  };
  return [
    stage("push", push),
    stage("tag list", listAll),
    stage("head", (run, path, pushed) => readAll(run, path, { data: pushed, manifest: headManifest, blob: headBlob })),
    stage("pull", (run, path, pushed) => readAll(run, path, { data: pushed, manifest: getManifest, blob: getBlob })),
    stage("referrers", listReferences),
    stage("delete", deleteAll),
  ];
}

async function push(run: Run, path: string, data: TestData): Promise<void> {
  for (const [digest, content] of data.blobs) {
    await pushAny(run, `${path}/blob`, { repository: run.repository1, digest, content });
  }
  for (const [digest, content] of data.manifests) {
    const tags = data.tagParameters ? [...data.tags].filter(([, of]) => of === digest).map(([tag]) => tag) : [];
    await run.check(`${path}/manifest by digest`, () =>
      data.badDigest
        ? putRefused(run, digest, content)
        : putManifest(run, { reference: digest, digest, content }, tags),
    );
  }
  if (data.tagParameters) return;
  for (const [tag, digest] of data.tags) {
    const content = contentOf(data, digest);
    await run.check(`${path}/manifest by tag`, () => putManifest(run, { reference: tag, digest, content }));
  }
}

async function listAll(run: Run, path: string, data: TestData): Promise<void> {
  await run.check(path, async () => {
    const tags = await listTags(run);
    for (const tag of data.tags.keys()) assert.ok(tags.includes(tag), `${tag} is listed`);
    if (tags.length < 2) return;
    const sorted = tags.toSorted();
    const end = Math.floor(sorted.length / 2);
    const rest = await listTags(run, sorted[end - 1]);
    for (const tag of sorted.slice(0, end)) assert.ok(!rest.includes(tag), `${tag} is not listed again`);
    for (const tag of sorted.slice(end)) assert.ok(rest.includes(tag), `${tag} is listed behind the last`);
  });
}

interface Reading {
  readonly data: TestData;
  readonly manifest: typeof getManifest;
  readonly blob: typeof getBlob;
}

async function readAll(run: Run, path: string, { data, manifest, blob }: Reading): Promise<void> {
  if (!data.badDigest) {
    for (const [tag, digest] of data.tags) {
      const content = contentOf(data, digest);
      await run.check(`${path}/manifest by tag`, () => manifest(run, { reference: tag, digest, content }));
    }
    for (const [digest, content] of data.manifests) {
      await run.check(`${path}/manifest by digest`, () => manifest(run, { reference: digest, digest, content }));
    }
  }
  for (const [digest, content] of data.blobs) {
    await run.check(`${path}/blob`, () => blob(run, { repository: run.repository1, digest, content }));
  }
}

async function listReferences(run: Run, path: string, data: TestData): Promise<void> {
  for (const [subject, expected] of data.referrers) {
    if (!run.version.referrers) {
      run.skip(path, "not part of this version");
      continue;
    }
    await run.check(path, async () => {
      const all = await listReferrers(run, referrersPath(run, subject));
      for (const referrer of expected) expectListed(all.referrers, referrer);
      for (const type of new Set(expected.map(({ artifactType }) => artifactType))) {
        if (type === undefined) continue;
        const filtered = await listReferrers(run, withQuery(referrersPath(run, subject), "artifactType", type));
        assert.equal(filtered.filters, "artifactType", "OCI-Filters-Applied");
        for (const referrer of expected.filter(({ artifactType }) => artifactType === type)) {
          expectListed(filtered.referrers, referrer);
        }
        for (const { artifactType } of filtered.referrers) assert.equal(artifactType, type, "only the type asked for");
      }
    });
  }
}

function referrersPath(run: Run, subject: string): string {
  return `/v2/${run.repository1}/referrers/${subject}`;
}

function expectListed(listed: readonly Descriptor[], expected: Descriptor): void {
  const found = listed.find(({ digest }) => digest === expected.digest);
  assert.ok(found, `${expected.digest} is listed`);
  assert.equal(found.mediaType, expected.mediaType, "mediaType of a referrer");
  assert.equal(found.size, expected.size, "size of a referrer");
  assert.equal(found.artifactType, expected.artifactType, "artifactType of a referrer");
  assert.deepEqual(
    { ...expected.annotations, ...found.annotations },
    found.annotations ?? {},
    "annotations of a referrer",
  );
}

async function deleteAll(run: Run, path: string, data: TestData): Promise<void> {
  if (!data.badDigest) {
    for (const tag of data.tags.keys()) await run.check(`${path}/tag`, () => deleteManifest(run, tag));
  }
  for (const digest of [...data.manifests.keys()].toReversed()) {
    await run.check(`${path}/manifest`, () => deleteManifest(run, digest));
  }
  for (const digest of data.blobs.keys()) {
    await run.check(`${path}/blob`, () => deleteBlob(run, { repository: run.repository1, digest }));
  }
}

function contentOf(data: TestData, digest: string): Uint8Array {
  const content = data.manifests.get(digest);
  assert.ok(content, `${digest} is a manifest of the set`);
  return content;
}
