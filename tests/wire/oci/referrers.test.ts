import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, withQuery, type Answer } from "./client.ts";
import {
  CONFIG_TYPE,
  describeBytes,
  IMAGE_TYPE,
  INDEX_TYPE,
  indexOf,
  manifestOf,
  pushBlob,
  pushImage,
  putManifest,
  sha256,
  type Descriptor,
  type Manifest,
} from "./pushing.ts";
import { openServer, type OciServer } from "./server.ts";

const REPOSITORY = "referrers/app";
const SIGNATURE = "application/vnd.example.signature+json";
const EMPTY = Buffer.from("{}");

interface Listed extends Descriptor {
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

let server: OciServer;
let subject: Manifest;

beforeAll(async () => {
  server = await openServer();
  await server.createRepository(REPOSITORY);
  subject = await pushImage(server.client, REPOSITORY);
  await pushBlob(server.client, REPOSITORY, EMPTY);
});

afterAll(() => server.close());

function path(digest: string): string {
  return `/v2/${REPOSITORY}/referrers/${digest}`;
}

function list(answer: Answer): readonly Listed[] {
  expect(answer.status).toBe(200);
  expect(answer.header("content-type")).toBe(INDEX_TYPE);
  const index = JSON.parse(answer.body.toString()) as { schemaVersion: number; mediaType: string; manifests: Listed[] };
  expect(index.schemaVersion).toBe(2);
  expect(index.mediaType).toBe(INDEX_TYPE);
  return index.manifests;
}

async function attach(to: Descriptor, more: object = {}): Promise<Manifest> {
  const config = describeBytes(CONFIG_TYPE, EMPTY);
  const document = { schemaVersion: 2, mediaType: IMAGE_TYPE, config, layers: [], subject: to, ...more };
  const artifact = manifestOf(document, IMAGE_TYPE);
  const answer = await putManifest(
    server.client,
    `/v2/${REPOSITORY}/manifests/${artifact.descriptor.digest}`,
    artifact,
  );
  expect(answer.status).toBe(201);
  expect(answer.header("oci-subject")).toBe(to.digest);
  return artifact;
}

function linkOf(answer: Answer): string | undefined {
  const [, next] = /^<(\/[^>]*)>; rel="next"$/.exec(answer.header("link") ?? "") ?? [];
  return next;
}

describe("a list without entries", () => {
  test("is what a digest has that nothing refers to, known or not", async () => {
    for (const digest of [sha256(randomBytes(4)), `sha512:${"a".repeat(128)}`, `blake3:${"a".repeat(64)}`]) {
      expect(list(await server.client.send("GET", path(digest)))).toEqual([]);
    }
  });

  test("says that it was filtered when it was", async () => {
    const answer = await server.client.send("GET", withQuery(path(sha256(randomBytes(4))), "artifactType", SIGNATURE));
    expect(list(answer)).toEqual([]);
    expect(answer.header("oci-filters-applied")).toBe("artifactType");
  });
});

test("what is no digest is 400, an unknown repository 404", async () => {
  const malformed = await server.client.send("GET", path("sha256:x"));
  expect(malformed.status).toBe(400);
  expect(errorOf(malformed).code).toBe("DIGEST_INVALID");
  const unknown = await server.client.send("GET", `/v2/referrers/none/referrers/${sha256(EMPTY)}`);
  expect(unknown.status).toBe(404);
  expect(errorOf(unknown).code).toBe("NAME_UNKNOWN");
});

test("entries tell type, size, artifact type and annotations, and the filter picks among them", async () => {
  const annotations = { "org.example.note": "ü", empty: "" };
  const signed = await attach(subject.descriptor, { artifactType: SIGNATURE, annotations });
  const plain = await attach(subject.descriptor, { annotations: { unique: "1" } });
  const index = indexOf([], { subject: subject.descriptor, annotations: { unique: "2" } });
  await putManifest(server.client, `/v2/${REPOSITORY}/manifests/index`, index);

  const answer = await server.client.send("GET", path(subject.descriptor.digest));
  expect(answer.header("oci-filters-applied")).toBeUndefined();
  expect(list(answer)).toEqual([
    { ...signed.descriptor, artifactType: SIGNATURE, annotations },
    { ...plain.descriptor, artifactType: CONFIG_TYPE, annotations: { unique: "1" } },
    { ...index.descriptor, annotations: { unique: "2" } },
  ]);
  // The plus sign of a media type comes raw from some clients and encoded from others.
  for (const type of [SIGNATURE, encodeURIComponent(SIGNATURE)]) {
    const filtered = await server.client.send("GET", `${path(subject.descriptor.digest)}?artifactType=${type}`);
    expect(filtered.header("oci-filters-applied")).toBe("artifactType");
    expect(list(filtered).map(({ digest }) => digest)).toEqual([signed.descriptor.digest]);
  }
});

test("a list that clients kept under a tag is folded in", async () => {
  const target = describeBytes(IMAGE_TYPE, randomBytes(16));
  const own = await attach(target, { annotations: { kind: "own" } });
  const { subject: _none, ...untied } = JSON.parse((await attach(target)).bytes.toString()) as { subject?: unknown };
  const old = manifestOf({ ...untied, annotations: { kind: "old" } }, IMAGE_TYPE);
  await putManifest(server.client, `/v2/${REPOSITORY}/manifests/${old.descriptor.digest}`, old);
  const entry = { ...old.descriptor, artifactType: SIGNATURE };
  const fallback = indexOf([entry, own.descriptor]);
  await putManifest(server.client, `/v2/${REPOSITORY}/manifests/${target.digest.replace(":", "-")}`, fallback);
  const digests = list(await server.client.send("GET", path(target.digest))).map(({ digest }) => digest);
  expect(digests.filter((digest) => digest === own.descriptor.digest)).toHaveLength(1);
  expect(digests).toContain(old.descriptor.digest);
});

describe("long lists", () => {
  test("come in pages of a hundred, each linking to the next, filtered or not", async () => {
    const target = describeBytes(IMAGE_TYPE, randomBytes(16));
    const digests: string[] = [];
    for (let at = 0; at < 101; at += 1) {
      digests.push(
        (await attach(target, { artifactType: SIGNATURE, annotations: { at: String(at) } })).descriptor.digest,
      );
    }
    for (const start of [path(target.digest), withQuery(path(target.digest), "artifactType", SIGNATURE)]) {
      const first = await server.client.send("GET", start);
      expect(list(first).map(({ digest }) => digest)).toEqual(digests.slice(0, 100));
      const next = linkOf(first);
      expect(next).toBeDefined();
      const second = await server.client.send("GET", next ?? "");
      expect(list(second).map(({ digest }) => digest)).toEqual(digests.slice(100));
      expect(second.header("link")).toBeUndefined();
      expect(second.header("oci-filters-applied")).toBe(first.header("oci-filters-applied"));
    }
  });

  test("a page token of another list, or a changed one, is 400", async () => {
    const target = describeBytes(IMAGE_TYPE, randomBytes(16));
    for (let at = 0; at < 101; at += 1) await attach(target, { annotations: { at: String(at) } });
    const next = linkOf(await server.client.send("GET", path(target.digest))) ?? "";
    const elsewhere = next.replace(target.digest, subject.descriptor.digest);
    expect(elsewhere).not.toBe(next);
    for (const bad of [
      elsewhere,
      `${next}0`,
      next.slice(0, -1),
      `${path(target.digest)}?next=`,
      `${next}&artifactType=x`,
    ]) {
      expect((await server.client.send("GET", bad)).status).toBe(400);
    }
  });

  test("a page is cut before it is longer than a manifest may be, and nothing is lost", async () => {
    const target = describeBytes(IMAGE_TYPE, randomBytes(16));
    const digests: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      const annotations = { at: String(at), filler: "x".repeat(2 * 1024 * 1024) };
      digests.push((await attach(target, { annotations })).descriptor.digest);
    }
    const found: string[] = [];
    for (let next: string | undefined = path(target.digest); next !== undefined;) {
      const answer: Answer = await server.client.send("GET", next);
      expect(answer.body.length).toBeLessThanOrEqual(4 * 1024 * 1024);
      found.push(...list(answer).map(({ digest }) => digest));
      next = linkOf(answer);
    }
    expect(found).toEqual(digests);
  });
});
