import type { Tag } from "@stowage/model";
import { openTestRegistry, testBlob, testImage, testIndex, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ImageId } from "./image-ids.ts";

let test: TestRegistry;
beforeEach(async () => {
  test = await openTestRegistry();
});
afterEach(() => test.close());

const image = testImage();
const imageDigest = image.digest;
const remove = (...ids: ImageId[]) => test.registry.images.batchDelete(test.key, test.name, ids);
const left = async () => (await test.registry.images.listIds(test.key, test.name, { limit: 100 }, {})).items;

it("removes a tag alone while the image has others, and the image with the last", async () => {
  await test.push(test.name, image, "a", "b");
  expect(await remove({ imageTag: "a" })).toEqual({ imageIds: [{ imageDigest, imageTag: "a" }], failures: [] });
  expect(await left()).toEqual([{ imageDigest, imageTag: "b" }]);
  await remove({ imageTag: "b" });
  expect(await left()).toEqual([]);
});

it("removes an image by digest with all its tags, one entry each", async () => {
  await test.push(test.name, image, "a", "b");
  expect(await remove({ imageDigest })).toEqual({
    imageIds: [
      { imageDigest, imageTag: "a" },
      { imageDigest, imageTag: "b" },
    ],
    failures: [],
  });
  expect(await left()).toEqual([]);
});

it("answers an untagged image with its digest alone", async () => {
  await test.push(test.name, image);
  expect(await remove({ imageDigest })).toEqual({ imageIds: [{ imageDigest }], failures: [] });
});

it("removes by digest and tag only that tag", async () => {
  await test.push(test.name, image, "a", "b");
  expect(await remove({ imageDigest, imageTag: "a" })).toMatchObject({ imageIds: [{ imageDigest, imageTag: "a" }] });
  expect(await left()).toEqual([{ imageDigest, imageTag: "b" }]);
});

it("answers one entry when a call names an image by digest and again by its tag", async () => {
  await test.push(test.name, image, "a");
  expect(await remove({ imageDigest }, { imageTag: "a" })).toEqual({
    imageIds: [{ imageDigest, imageTag: "a" }],
    failures: [],
  });
});

it("tells for each id why it could not be removed, and removes the others", async () => {
  await test.push(test.name, image, "a");
  const other = testBlob("other").digest;
  const asked: ImageId[] = [
    {},
    { imageDigest: "sha256:short" },
    { imageDigest: other },
    { imageTag: "none" },
    { imageDigest: other, imageTag: "a" },
    { imageTag: "a" },
  ];
  const { imageIds, failures } = await remove(...asked);
  expect(imageIds).toEqual([{ imageDigest, imageTag: "a" }]);
  expect(failures.map(({ failureCode }) => failureCode)).toEqual([
    "MissingDigestAndTag",
    "InvalidImageDigest",
    "ImageNotFound",
    "ImageNotFound",
    "ImageTagDoesNotMatchDigest",
  ]);
  expect(failures.map(({ imageId }) => imageId)).toEqual(asked.slice(0, 5));
});

it("keeps a child of an index with its last tag, and says which index", async () => {
  const index = testIndex([image]);
  await test.push(test.name, image, "child");
  await test.push(test.name, index, "index");
  const { failures } = await remove({ imageTag: "child" });
  expect(failures).toEqual([
    {
      imageId: { imageTag: "child" },
      failureCode: "ImageReferencedByManifestList",
      failureReason: `Requested image referenced by manifest list: [${index.digest}]`,
    },
  ]);
  expect(await left()).toHaveLength(2);
});

it("removes children and their indexes by one call in any order", async () => {
  const inner = testIndex([image]);
  const outer = testIndex([inner]);
  await test.push(test.name, image);
  await test.push(test.name, inner);
  await test.push(test.name, outer, "outer");
  const { failures } = await remove({ imageDigest }, { imageDigest: inner.digest }, { imageTag: "outer" });
  expect(failures).toEqual([]);
  expect(await left()).toEqual([]);
});

it("lets `/v2/` remove by the same rules", async () => {
  const index = testIndex([image]);
  await test.push(test.name, image);
  await test.push(test.name, index, "all");
  const { images } = test.registry;
  await expect(images.remove(test.key, test.name, { imageDigest })).rejects.toMatchObject({
    message: `Requested image referenced by manifest list: [${index.digest}]`,
  });
  await images.remove(test.key, test.name, { imageTag: "all" });
  await images.remove(test.key, test.name, { imageDigest });
  const pull = images.pull(test.key, test.name, { tag: "all" as Tag }, { record: false });
  await expect(pull).rejects.toMatchObject({ name: "ImageNotFoundException" });
});
