import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf } from "./client.ts";
import {
  CONFIG_TYPE,
  describeBytes,
  IMAGE_TYPE,
  INDEX_TYPE,
  indexOf,
  manifestOf,
  prepareImage,
  pushImage,
  putManifest,
  sha256,
  type Manifest,
} from "./pushing.ts";
import { openServer, type OciServer } from "./server.ts";

const MAX_MANIFEST = 4 * 1024 * 1024;

let server: OciServer;

beforeAll(async () => {
  server = await openServer();
  await server.createRepository("manifests/app");
});

afterAll(() => server.close());

function path(reference: string, repository = "manifests/app"): string {
  return `/v2/${repository}/manifests/${reference}`;
}

/** An image whose manifest has exactly this many bytes. */
async function imageOfSize(size: number): Promise<Manifest> {
  const empty = await prepareImage(server.client, "manifests/app", { annotations: { filler: "" } });
  return prepareImage(server.client, "manifests/app", {
    annotations: { filler: "x".repeat(size - empty.bytes.length) },
  });
}

describe("PUT", () => {
  test("tells digest and place, relative, and by tag and by digest it is the same", async () => {
    const image = await prepareImage(server.client, "manifests/app");
    for (const reference of ["put", image.descriptor.digest]) {
      const answer = await putManifest(server.client, path(reference), image);
      expect(answer.status).toBe(201);
      expect(answer.header("docker-content-digest")).toBe(image.descriptor.digest);
      expect(answer.header("location")).toBe(path(image.descriptor.digest));
      expect(answer.header("docker-distribution-api-version")).toBe("registry/2.0");
      expect(answer.header("oci-subject")).toBeUndefined();
      expect(answer.body).toHaveLength(0);
    }
  });

  test("a push of what is there already is a success with the same headers", async () => {
    const subject = { mediaType: IMAGE_TYPE, digest: sha256(randomBytes(8)), size: 7 };
    const image = await prepareImage(server.client, "manifests/app", { subject });
    for (const _attempt of [1, 2]) {
      const answer = await putManifest(server.client, path("again"), image);
      expect(answer.status).toBe(201);
      expect(answer.header("docker-content-digest")).toBe(image.descriptor.digest);
      expect(answer.header("oci-subject")).toBe(subject.digest);
    }
  });

  test("a manifest of 4 MiB is taken, declared or streamed", async () => {
    const image = await imageOfSize(MAX_MANIFEST);
    expect(image.bytes).toHaveLength(MAX_MANIFEST);
    expect((await putManifest(server.client, path("large"), image)).status).toBe(201);
    const body = (async function* () {
      yield image.bytes.subarray(0, 100_000);
      yield image.bytes.subarray(100_000);
    })();
    const streamed = await server.client.send("PUT", path("large-2"), {
      headers: { "content-type": IMAGE_TYPE },
      body,
    });
    expect(streamed.status).toBe(201);
    expect((await server.client.send("GET", path("large-2"))).body.equals(image.bytes)).toBe(true);
  });

  test("one byte more is 413 SIZE_INVALID, declared or streamed", async () => {
    const image = await imageOfSize(MAX_MANIFEST + 1);
    const declared = await putManifest(server.client, path("too-large"), image);
    expect(declared.status).toBe(413);
    expect(errorOf(declared).code).toBe("SIZE_INVALID");
    const body = (async function* () {
      yield image.bytes;
    })();
    const streamed = await server.client.send("PUT", path("too-large"), {
      headers: { "content-type": IMAGE_TYPE },
      body,
    });
    expect(streamed.status).toBe(413);
    expect(errorOf(streamed).code).toBe("SIZE_INVALID");
    expect((await server.client.send("HEAD", path("too-large"))).status).toBe(404);
  });

  test("the pushed media type comes back, without parameters", async () => {
    const { mediaType: _dropped, ...document } = JSON.parse(
      (await prepareImage(server.client, "manifests/app", { content: "untyped" })).bytes.toString(),
    ) as { mediaType: string };
    const untyped = manifestOf(document, IMAGE_TYPE);
    const headers = { "content-type": `${IMAGE_TYPE}; charset=utf-8` };
    expect((await server.client.send("PUT", path("untyped"), { headers, body: untyped.bytes })).status).toBe(201);
    expect((await server.client.send("GET", path("untyped"))).header("content-type")).toBe(IMAGE_TYPE);
  });

  test("what a push names must be there", async () => {
    const config = describeBytes(CONFIG_TYPE, randomBytes(8));
    const image = manifestOf({ schemaVersion: 2, mediaType: IMAGE_TYPE, config, layers: [] }, IMAGE_TYPE);
    const layers = await putManifest(server.client, path("missing"), image);
    expect(layers.status).toBe(404);
    expect(errorOf(layers)).toEqual({
      code: "MANIFEST_BLOB_UNKNOWN",
      message:
        `Layers with digests '[${config.digest}]' required for pushing image into repository with name 'manifests/app' ` +
        `in the registry with id '000000000000' do not exist`,
    });
    const child = describeBytes(IMAGE_TYPE, randomBytes(8));
    const images = await putManifest(server.client, path("missing"), indexOf([child]));
    expect(images.status).toBe(404);
    expect(errorOf(images)).toEqual({
      code: "MANIFEST_BLOB_UNKNOWN",
      message:
        `Images with digests '[${child.digest}]' required for pushing image into repository with name 'manifests/app' ` +
        `in the registry with id '000000000000' do not exist`,
    });
  });

  test("an unknown repository is told by name", async () => {
    const image = await prepareImage(server.client, "manifests/app");
    const answer = await putManifest(server.client, path("latest", "manifests/none"), image);
    expect(answer.status).toBe(404);
    expect(errorOf(answer)).toEqual({
      code: "NAME_UNKNOWN",
      message: "The repository with name 'manifests/none' does not exist in the registry with id '000000000000'",
    });
  });

  test.each([
    ["nothing", "", IMAGE_TYPE],
    ["what is no JSON", "not json", IMAGE_TYPE],
    ["a list", "[]", IMAGE_TYPE],
    ["a withdrawn type", "{}", "application/vnd.oci.artifact.manifest.v1+json"],
    ["schema 1", '{"schemaVersion":1}', "application/vnd.docker.distribution.manifest.v1+prettyjws"],
    ["an unknown type", '{"schemaVersion":2}', "text/plain"],
    [
      "another type inside than outside",
      JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [] }),
      IMAGE_TYPE,
    ],
    ["both layers and manifests", '{"schemaVersion":2,"config":{},"layers":[],"manifests":[]}', IMAGE_TYPE],
  ])("%s is 400 MANIFEST_INVALID", async (_what, body, type) => {
    const answer = await server.client.send("PUT", path("bad"), { headers: { "content-type": type }, body });
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe("MANIFEST_INVALID");
  });

  test("bytes of another digest are 400 DIGEST_INVALID", async () => {
    const image = await prepareImage(server.client, "manifests/app");
    const answer = await putManifest(server.client, path(`sha256:${"1".repeat(64)}`), image);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe("DIGEST_INVALID");
    const unsupported = await putManifest(server.client, path(`blake3:${"1".repeat(64)}`), image);
    expect(unsupported.status).toBe(400);
    expect(errorOf(unsupported).code).toBe("DIGEST_INVALID");
  });
});

describe("PUT by digest with tags", () => {
  const tagged = (image: Manifest, tags: readonly string[]): string =>
    `${path(image.descriptor.digest)}?${tags.map((tag) => `tag=${tag}`).join("&")}`;

  test("every tag is made and named in the answer, up to a hundred", async () => {
    const image = await prepareImage(server.client, "manifests/app", { content: "with tags" });
    const tags = Array.from({ length: 100 }, (_, at) => `with-${at}`);
    const answer = await putManifest(server.client, tagged(image, tags), image);
    expect(answer.status).toBe(201);
    expect(answer.header("oci-tag")?.split(", ")).toEqual(tags);
    for (const tag of ["with-0", "with-99"]) {
      expect((await server.client.send("HEAD", path(tag))).header("docker-content-digest")).toBe(
        image.descriptor.digest,
      );
    }
  });

  test("one more is 414 and makes none", async () => {
    const image = await prepareImage(server.client, "manifests/app", { content: "too many tags" });
    const tags = Array.from({ length: 101 }, (_, at) => `many-${at}`);
    expect((await putManifest(server.client, tagged(image, tags), image)).status).toBe(414);
    expect((await server.client.send("HEAD", path("many-0"))).status).toBe(404);
  });

  test("one that is no tag refuses the push", async () => {
    const image = await prepareImage(server.client, "manifests/app", { content: "bad tag" });
    const answer = await putManifest(server.client, tagged(image, ["fine", "-bad"]), image);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe("TAG_INVALID");
    expect((await server.client.send("HEAD", path("fine"))).status).toBe(404);
  });
});

describe("GET and HEAD", () => {
  test("send what is stored whatever the client accepts, with its digest", async () => {
    const image = await pushImage(server.client, "manifests/app", { tag: "accept" });
    for (const accept of ["*/*", INDEX_TYPE, "application/vnd.docker.distribution.manifest.v2+json"]) {
      for (const reference of ["accept", image.descriptor.digest]) {
        const answer = await server.client.send("GET", path(reference), { headers: { accept } });
        expect(answer.status).toBe(200);
        expect(answer.header("content-type")).toBe(IMAGE_TYPE);
        expect(answer.header("docker-content-digest")).toBe(image.descriptor.digest);
        expect(answer.header("etag")).toBe(`"${image.descriptor.digest}"`);
        expect(answer.body.equals(image.bytes)).toBe(true);
      }
    }
  });

  test("a HEAD has the length and no body", async () => {
    const image = await pushImage(server.client, "manifests/app", { tag: "head" });
    const answer = await server.client.send("HEAD", path("head"));
    expect(answer.status).toBe(200);
    expect(answer.header("content-length")).toBe(String(image.bytes.length));
    expect(answer.body).toHaveLength(0);
  });

  test("a client that has it already gets 304", async () => {
    const image = await pushImage(server.client, "manifests/app", { tag: "cached" });
    const headers = { "if-none-match": `"other", "${image.descriptor.digest}"` };
    const answer = await server.client.send("GET", path("cached"), { headers });
    expect(answer.status).toBe(304);
    expect(answer.body).toHaveLength(0);
    expect((await server.client.send("GET", path("cached"), { headers: { "if-none-match": '"other"' } })).status).toBe(
      200,
    );
  });

  test("what is not there is told in ECR's words, and a HEAD of it without any", async () => {
    const answer = await server.client.send("GET", path("none"));
    expect(answer.status).toBe(404);
    expect(errorOf(answer)).toEqual({ code: "MANIFEST_UNKNOWN", message: "Requested image not found" });
    const head = await server.client.send("HEAD", path("none"));
    expect(head.status).toBe(404);
    expect(head.body).toHaveLength(0);
    expect(errorOf(await server.client.send("GET", path("latest", "manifests/none"))).code).toBe("NAME_UNKNOWN");
  });
});

describe("DELETE", () => {
  test("by digest takes the image with its tags", async () => {
    const image = await pushImage(server.client, "manifests/app", { tag: "gone-1", content: "to delete" });
    await putManifest(server.client, path("gone-2"), image);
    expect((await server.client.send("DELETE", path(image.descriptor.digest))).status).toBe(202);
    for (const reference of ["gone-1", "gone-2", image.descriptor.digest]) {
      expect((await server.client.send("HEAD", path(reference))).status).toBe(404);
    }
    expect(errorOf(await server.client.send("DELETE", path(image.descriptor.digest))).code).toBe("MANIFEST_UNKNOWN");
  });

  test("by tag takes the tag alone while the image has others", async () => {
    const image = await pushImage(server.client, "manifests/app", { tag: "one", content: "two tags" });
    await putManifest(server.client, path("two"), image);
    expect((await server.client.send("DELETE", path("one"))).status).toBe(202);
    expect((await server.client.send("HEAD", path("one"))).status).toBe(404);
    expect((await server.client.send("HEAD", path("two"))).status).toBe(200);
  });

  test("of what an index lists is 405 UNSUPPORTED and changes nothing", async () => {
    const image = await pushImage(server.client, "manifests/app", { tag: "child", content: "child" });
    const index = indexOf([image.descriptor]);
    expect((await putManifest(server.client, path("parent"), index)).status).toBe(201);
    for (const reference of ["child", image.descriptor.digest]) {
      const answer = await server.client.send("DELETE", path(reference));
      expect(answer.status).toBe(405);
      expect(errorOf(answer)).toEqual({
        code: "UNSUPPORTED",
        message: `Requested image referenced by manifest list: [${index.descriptor.digest}]`,
      });
    }
    expect((await server.client.send("DELETE", path("parent"))).status).toBe(202);
    expect((await server.client.send("DELETE", path("child"))).status).toBe(202);
  });
});

describe("immutable tags", () => {
  beforeAll(async () => {
    await server.createRepository("manifests/fixed", "IMMUTABLE");
  });

  test("another image under a taken tag is refused in ECR's words", async () => {
    const first = await pushImage(server.client, "manifests/fixed", { tag: "v1", content: "first" });
    const second = await prepareImage(server.client, "manifests/fixed", { content: "second" });
    const answer = await putManifest(server.client, path("v1", "manifests/fixed"), second);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toEqual({
      code: "TAG_INVALID",
      message:
        "The image tag 'v1' already exists in the 'manifests/fixed' repository and cannot be overwritten because the tag is immutable.",
    });
    const kept = await server.client.send("HEAD", path("v1", "manifests/fixed"));
    expect(kept.header("docker-content-digest")).toBe(first.descriptor.digest);
  });

  test("the same image under its own tag is refused as well, as on ECR", async () => {
    const image = await pushImage(server.client, "manifests/fixed", { tag: "v2", content: "same" });
    const answer = await putManifest(server.client, path("v2", "manifests/fixed"), image);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe("TAG_INVALID");
    expect((await putManifest(server.client, path("v3", "manifests/fixed"), image)).status).toBe(201);
  });
});
