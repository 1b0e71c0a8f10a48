import { openTestRegistry, testBlob, testImage, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";

let test: TestRegistry;
beforeEach(async () => {
  test = await openTestRegistry();
});
afterEach(() => test.close());

const blob = testBlob("a blob");

it("tells which layers are here, with sizes, and which digests are none", async () => {
  const image = testImage();
  const layer = image.blobs[1] ?? blob;
  await test.push(test.name, image);
  await test.pushBlob(test.name, blob);
  const missing = testBlob("missing").digest;
  const asked = [layer.digest, blob.digest, missing, "", "sha256:short", layer.digest];
  expect(await test.registry.layers.availability(test.key, test.name, asked)).toEqual({
    layers: [
      {
        layerDigest: layer.digest,
        availability: "AVAILABLE",
        sizeBytes: layer.bytes.length,
        mediaType: "application/vnd.oci.image.layer.v1.tar",
      },
      {
        layerDigest: blob.digest,
        availability: "AVAILABLE",
        sizeBytes: blob.bytes.length,
        mediaType: "application/octet-stream",
      },
      { layerDigest: missing, availability: "UNAVAILABLE" },
    ],
    failures: [
      { layerDigest: "", failureCode: "MissingLayerDigest", failureReason: expect.any(String) },
      { layerDigest: "sha256:short", failureCode: "InvalidLayerDigest", failureReason: expect.any(String) },
    ],
  });
});

it("gives out for download only what an image refers to", async () => {
  const { layers } = test.registry;
  await test.pushBlob(test.name, blob);
  await expect(layers.downloadable(test.key, test.name, blob.digest)).rejects.toMatchObject({
    name: "LayerInaccessibleException",
  });
  const image = testImage();
  await test.push(test.name, image);
  for (const { digest, bytes } of image.blobs) {
    expect(await layers.downloadable(test.key, test.name, digest)).toMatchObject({ sizeBytes: bytes.length });
  }
});

it("tells nobody of what only another repository holds", async () => {
  await test.pushBlob(await test.repository("team/other"), blob);
  const notFound = { name: "LayersNotFoundException" };
  await expect(test.registry.layers.stat(test.key, test.name, blob.digest)).rejects.toMatchObject(notFound);
  await expect(test.registry.layers.find(test.key, test.name, blob.digest)).rejects.toMatchObject(notFound);
  await expect(test.registry.layers.downloadable(test.key, test.name, blob.digest)).rejects.toMatchObject(notFound);
});

it("writes a hold anew only when less than half of it is left", async () => {
  await test.pushBlob(test.name, blob);
  const held = async () => (await test.registry.layers.find(test.key, test.name, blob.digest)).heldUntil;
  const first = await held();
  test.clock.advance(12 * 3_600_000);
  await test.registry.layers.stat(test.key, test.name, blob.digest);
  expect(await held()).toEqual(first);
  test.clock.advance(1);
  await test.registry.layers.stat(test.key, test.name, blob.digest);
  expect(await held()).toEqual(new Date(test.clock.now().getTime() + 24 * 3_600_000));
});
