import { randomBytes } from "node:crypto";
import { copyImage } from "@stowage/client";
import type { ImageProgress } from "@stowage/client";
import { testBlob, testImage, testIndex } from "@stowage/testkit";
import type { TestManifest } from "@stowage/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { push } from "./images.ts";
import { listed, openRegistry } from "./registries.ts";
import type { TestRegistry } from "./registries.ts";

let source: TestRegistry;
let target: TestRegistry;

beforeAll(async () => {
  source = await openRegistry();
  target = await openRegistry();
  await source.server.createRepository("src/app");
  await target.server.createRepository("dst/app");
});

afterAll(async () => {
  await source.server.close();
  await target.server.close();
});

it("copies an index with all platforms and referrers, byte for byte, and brings nothing twice", async () => {
  const amd = testImage({ layers: ["amd", randomBytes(3_000_000).toString("hex")] });
  const arm = testImage({ config: '{"architecture":"arm64","os":"linux"}', layers: ["arm"] });
  const index = testIndex([amd, arm]);
  await push(source.client, "src/app", amd);
  await push(source.client, "src/app", arm);
  await push(source.client, "src/app", index, "v1");
  const subject = { mediaType: index.mediaType, digest: index.digest, size: index.bytes.length };
  const signature = testImage({ layers: ["signature"], extra: { subject, artifactType: "application/x-signature" } });
  await push(source.client, "src/app", signature);

  const events: ImageProgress[] = [];
  const from = { client: source.client, repository: "src/app", reference: "v1" };
  const to = { client: target.client, repository: "dst/app", reference: "v1" };
  const result = await copyImage(from, to, {
    referrers: true,
    tags: ["latest"],
    onProgress: (event) => events.push(event),
  });
  expect(result).toMatchObject({ digest: index.digest, manifests: 4, blobs: 6 });
  const copied = await target.client.getManifest("dst/app", "latest");
  expect(Buffer.from(copied.bytes).equals(index.bytes)).toBe(true);
  const referrers = await listed(target.client.referrers("dst/app", index.digest));
  expect(referrers.map(({ digest }) => digest)).toEqual([signature.digest]);
  expect(events.filter(({ state }) => state === "done").length).toBe(4 + 6 + 2);

  expect(await copyImage(from, to, { referrers: true })).toMatchObject({ manifests: 0, blobs: 0, bytes: 0 });
});

it("brings an image that nothing refers to in under its tag, with one request", async () => {
  const image = testImage({ layers: ["tagged at once"] });
  await push(source.client, "src/app", image, "once");
  const events: ImageProgress[] = [];
  await copyImage(
    { client: source.client, repository: "src/app", reference: "once" },
    { client: target.client, repository: "dst/app", reference: "once" },
    { onProgress: (event) => events.push(event) },
  );
  const { mediaType, digest } = image;
  expect(events.filter(({ kind }) => kind === "manifest")).toEqual([
    { kind: "manifest", digest, mediaType, state: "done", tag: "once" },
  ]);
  expect(await target.client.headManifest("dst/app", "once")).toMatchObject({ digest });
});

it("keeps what a registry has when only some platforms are wanted", async () => {
  const platformOf = (image: TestManifest, architecture: string): object => ({
    mediaType: image.mediaType,
    digest: image.digest,
    size: image.bytes.length,
    platform: { os: "linux", architecture },
  });
  const amd = testImage({ layers: ["two amd"] });
  const arm = testImage({ config: '{"architecture":"arm64"}', layers: ["two arm"] });
  const index = {
    ...testBlob(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.index.v1+json",
        manifests: [platformOf(amd, "amd64"), platformOf(arm, "arm64")],
      }),
    ),
    mediaType: "application/vnd.oci.image.index.v1+json",
    blobs: [],
  };
  await push(source.client, "src/app", amd);
  await push(source.client, "src/app", arm);
  await push(source.client, "src/app", index, "two");
  const from = { client: source.client, repository: "src/app", reference: "two" };
  const to = { client: target.client, repository: "dst/app", reference: "one" };
  const { digest } = await copyImage(from, to, { platforms: ["linux/arm64"] });
  expect(digest).toBe(arm.digest);
  expect(await target.client.headManifest("dst/app", amd.digest)).toBeUndefined();
  await expect(copyImage(from, to, { platforms: ["linux/riscv64"] })).rejects.toThrow("not made for linux/riscv64");
});
