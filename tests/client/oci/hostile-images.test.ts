import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { attach, ContentMismatchError, copyImage, InvalidContentError, ociPlatform } from "@stowage/client";
import { describeBlob as descriptorOf, testBlob, testImage, testIndex } from "@stowage/testkit";
import type { TestBlob, TestManifest } from "@stowage/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enableMounting } from "../../wire/oci/server.ts";
import { answer, bodyOf, FakeRegistry } from "./fake-registry.ts";
import { push } from "./images.ts";
import { listed, openRegistry } from "./registries.ts";
import type { TestRegistry } from "./registries.ts";

let target: TestRegistry;

beforeAll(async () => {
  target = await openRegistry();
  for (const name of ["to/app", "to/other", "to/forged", "to/parts"]) await target.server.createRepository(name);
});

afterAll(() => target.server.close());

/** Serves manifests and blobs by digest, and the root under the tag `root`. */
function serving(root: TestManifest, others: readonly (TestManifest | TestBlob)[]) {
  const known = new Map<string, TestBlob & { readonly mediaType?: string }>([["root", root]]);
  for (const item of [root, ...others]) known.set(item.digest, item);
  return (request: IncomingMessage, response: ServerResponse): void => {
    const name = (request.url ?? "").split("/").at(-1) ?? "";
    const found = known.get(name);
    const mediaType = found?.mediaType ?? "application/octet-stream";
    if (found === undefined) answer(response, 404);
    else answer(response, 200, { headers: { "content-type": mediaType }, body: found.bytes });
  };
}

const to = (repository: string, reference = "x") => ({ client: target.client, repository, reference });

describe("a hostile source", () => {
  it("of indexes that name each other's children twice over is asked for each manifest once", async () => {
    let level: TestManifest[] = [testImage({ layers: ["leaf a"] }), testImage({ layers: ["leaf b"] })];
    const all: (TestManifest | TestBlob)[] = [...level, ...level.flatMap(({ blobs }) => blobs)];
    for (let depth = 0; depth < 14; depth += 1) {
      level = [
        testIndex(level, { annotations: { n: `a${depth}` } }),
        testIndex(level, { annotations: { n: `b${depth}` } }),
      ];
      all.push(...level);
    }
    await using source = await FakeRegistry.open(serving(level[0]!, all));
    const from = { client: source.client(), repository: "a/b", reference: "root" };
    const { manifests } = await copyImage(from, to("to/app", "lattice"));
    expect(manifests).toBe(2 * 13 + 1 + 2);
    const asked = source.lines.filter((line) => line.includes("/manifests/"));
    expect(new Set(asked).size).toBe(asked.length);
  });

  it("of indexes 17 deep is refused, before anything is pushed", async () => {
    let inner = testImage({ layers: ["deep"] });
    const all = [inner, ...inner.blobs];
    for (let depth = 0; depth < 17; depth += 1) {
      inner = testIndex([inner]);
      all.push(inner);
    }
    await using source = await FakeRegistry.open(serving(inner, all));
    const from = { client: source.client(), repository: "a/b", reference: "root" };
    await expect(copyImage(from, to("to/app", "deep"))).rejects.toThrow("nested deeper than 16");
    expect(source.lines.some((line) => line.includes("/blobs/"))).toBe(false);
    const under = { ...from, reference: all.at(-2)!.digest };
    expect(await copyImage(under, to("to/app", "deep"))).toMatchObject({ manifests: 17 });
  });

  it("whose layer lives elsewhere is not followed there", async () => {
    const image = testImage({
      layers: [],
      extra: {
        layers: [
          {
            mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            digest: testBlob("elsewhere").digest,
            size: 9,
            urls: ["http://169.254.169.254/latest/meta-data"],
          },
        ],
      },
    });
    await using source = await FakeRegistry.open(serving(image, image.blobs));
    const states: string[] = [];
    const from = { client: source.client(), repository: "a/b", reference: "root" };
    await copyImage(from, to("to/app", "foreign"), { onProgress: ({ state }) => states.push(state) });
    expect(states).toContain("skipped");
    expect(source.lines.some((line) => line.includes(testBlob("elsewhere").digest))).toBe(false);
  });

  it("with a manifest that is not what its index says is refused", async () => {
    const image = testImage({ layers: ["sized"] });
    const entry = { ...descriptorOf(image.mediaType, image), size: image.bytes.length + 1 };
    const index = testIndex([], { manifests: [entry] });
    await using source = await FakeRegistry.open(serving(index, [image, ...image.blobs]));
    const from = { client: source.client(), repository: "a/b", reference: "root" };
    await expect(copyImage(from, to("to/app"))).rejects.toThrow(ContentMismatchError);
  });

  it("with something else than a manifest is refused", async () => {
    const page = { ...testBlob("<html>"), mediaType: "text/html", blobs: [] };
    await using source = await FakeRegistry.open(serving(page, []));
    const from = { client: source.client(), repository: "a/b", reference: "root" };
    await expect(copyImage(from, to("to/app"))).rejects.toThrow(InvalidContentError);
  });

  it("of forged bytes leaves nothing at the target but what was right, and the next copy brings the rest", async () => {
    const large = randomBytes(1_500_000).toString("base64");
    const larger = randomBytes(1_600_000).toString("base64"); // so that it travels first
    const image = testImage({ layers: [larger, large] });
    const [, , layer] = image.blobs;
    const forged = { ...layer!, bytes: Buffer.from(layer!.bytes).fill("!", 100, 101) };
    await using source = await FakeRegistry.open(serving(image, [...image.blobs, forged]));
    const from = { client: source.client(), repository: "a/b", reference: "root" };
    await expect(copyImage(from, to("to/forged"), { concurrency: 1 })).rejects.toThrow(ContentMismatchError);
    expect(await target.client.headManifest("to/forged", "x")).toBeUndefined();
    expect(await target.client.headBlob("to/forged", layer!.digest)).toBeUndefined();

    await using honest = await FakeRegistry.open(serving(image, image.blobs));
    const again = { client: honest.client(), repository: "a/b", reference: "root" };
    expect(await copyImage(again, to("to/forged"))).toMatchObject({ blobs: 2 });
  });
});

it("a copy goes on when the source breaks off within a layer", async () => {
  const image = testImage({ layers: [randomBytes(3_000_000).toString("base64")] });
  const serve = serving(image, image.blobs);
  const layer = image.blobs[1]!;
  let breaks = 0;
  await using source = await FakeRegistry.open((request, response) => {
    if (request.url?.endsWith(layer.digest) !== true) return serve(request, response);
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const rest = layer.bytes.subarray(from);
    const { length } = layer.bytes;
    const range = from > 0 ? { "content-range": `bytes ${from}-${length - 1}/${length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { "content-length": String(rest.length), ...range });
    breaks += 1;
    if (breaks > 2) response.end(rest);
    else response.write(rest.subarray(0, 1_200_000), () => response.destroy());
    return undefined;
  });
  const from = { client: source.client(), repository: "a/b", reference: "root" };
  await copyImage(from, to("to/app", "broken"));
  expect(breaks).toBe(3);
  expect(await target.client.headBlob("to/app", layer.digest)).toEqual({ sizeBytes: layer.bytes.length });
});

it("a copy in parts arrives whole", async () => {
  const image = testImage({ layers: [randomBytes(3_000_000).toString("base64")] });
  await using source = await FakeRegistry.open(serving(image, image.blobs));
  const client = target.connect({ http: { ...ociPlatform.http, streamsBodies: false }, partBytes: 1_000_000 });
  const from = { client: source.client(), repository: "a/b", reference: "root" };
  await copyImage(from, { client, repository: "to/parts", reference: "x" });
  expect(await target.client.headBlob("to/parts", image.blobs[1]!.digest)).toBeDefined();
});

it("a copy within a registry mounts what it may", async () => {
  const image = testImage({ layers: ["mounted"] });
  await push(target.client, "to/app", image, "here");
  const from = { client: target.client, repository: "to/app", reference: "here" };
  const states: string[] = [];
  const onProgress = ({ state }: { readonly state: string }): void => void states.push(state);
  await copyImage(from, to("to/other", "without"), { onProgress });
  expect(states).not.toContain("mounted");
  await enableMounting(target.server.ecr);
  const other = testImage({ layers: ["mounted too"] });
  await push(target.client, "to/app", other, "here");
  expect(await copyImage(from, to("to/other", "with"), { onProgress })).toMatchObject({ blobs: 0 });
  expect(states).toContain("mounted");
});

describe("an attached artifact", () => {
  const artifact = {
    artifactType: "application/vnd.example.note",
    blobs: [{ mediaType: "text/plain", bytes: new TextEncoder().encode("a note") }],
    annotations: { about: "this" },
  };

  it("is listed by a registry that lists referrers", async () => {
    const image = testImage({ layers: ["subject"] });
    await push(target.client, "to/app", image, "subject");
    const attached = await attach(to("to/app", "subject"), artifact);
    const { artifactType } = artifact;
    const found = await listed(target.client.referrers("to/app", image.digest, { artifactType }));
    expect(found).toEqual([expect.objectContaining({ digest: attached.digest, artifactType })]);
    expect(await listed(target.client.referrers("to/app", image.digest, { artifactType: "other/type" }))).toEqual([]);
  });

  it("is listed under the fallback tag of a registry that does not", async () => {
    const image = testImage({ layers: ["subject"] });
    const manifests = new Map<string, { type: string; body: Uint8Array }>([
      ["root", { type: image.mediaType, body: image.bytes }],
    ]);
    await using registry = await FakeRegistry.open(async (request, response) => {
      const { method = "", url = "" } = request;
      const name = url.split("/").at(-1) ?? "";
      if (method === "POST") return answer(response, 202, { headers: { location: "/v2/a/b/blobs/uploads/one" } });
      if (url.includes("/referrers/")) return answer(response, 404);
      if (method === "PUT") {
        const body = await bodyOf(request);
        if (url.includes("/manifests/")) manifests.set(name, { type: request.headers["content-type"] ?? "", body });
        return answer(response, 201);
      }
      const found = manifests.get(name);
      if (found === undefined) return answer(response, 404);
      return answer(response, 200, {
        headers: { "content-type": found.type },
        body: method === "HEAD" ? "" : found.body,
      });
    });
    const address = { client: registry.client(), repository: "a/b", reference: "root" };
    const one = await attach(address, artifact);
    const two = await attach(address, { ...artifact, annotations: { about: "that" } });
    const found = await listed(address.client.referrers("a/b", image.digest));
    expect(found.map(({ digest }) => digest)).toEqual([one.digest, two.digest]);
    expect(manifests.has(image.digest.replace(":", "-"))).toBe(true);
  });
});
