import type { Tag } from "@stowage/model";
import { openTestRegistry, testBlob, testImage, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImageFilter } from "../ports/image-rows.ts";

let test: TestRegistry;
beforeEach(async () => {
  test = await openTestRegistry();
});
afterEach(() => test.close());

const images = () => test.registry.images;
const numbered = (n: number) => testImage({ layers: [`layer ${n}`] });
const collect = async <T>(read: (after?: string) => Promise<{ items: readonly T[]; next?: string }>): Promise<T[]> => {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const page = await read(after);
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all;
};
const listIds = (limit: number, filter: ImageFilter = {}) =>
  collect((after) => images().listIds(test.key, test.name, { limit, ...(after !== undefined && { after }) }, filter));

describe("lists", () => {
  beforeEach(async () => {
    await test.push(test.name, numbered(0), "z", "a");
    await test.push(test.name, numbered(1));
    await test.push(test.name, numbered(2), "m");
  });

  it.each([1, 2, 3, 4, 5])("one entry a tag and one an untagged image, the same by pages of %i", async (limit) => {
    expect(await listIds(limit)).toEqual([
      { imageDigest: numbered(0).digest, imageTag: "a" },
      { imageDigest: numbered(0).digest, imageTag: "z" },
      { imageDigest: numbered(1).digest },
      { imageDigest: numbered(2).digest, imageTag: "m" },
    ]);
  });

  it("keeps tagged and untagged apart", async () => {
    expect((await listIds(10, { tagged: true })).map(({ imageTag }) => imageTag)).toEqual(["a", "z", "m"]);
    expect(await listIds(10, { tagged: false })).toEqual([{ imageDigest: numbered(1).digest }]);
  });

  it("shows nothing archived to who asks for what is active", async () => {
    expect(await listIds(10, { status: "ARCHIVED" })).toEqual([]);
    expect(await listIds(10, { status: "ACTIVE" })).toHaveLength(4);
  });

  it.each([1, 2, 10])("describes each image once with all its tags by pages of %i", async (limit) => {
    const all = await collect((after) =>
      images().describe(test.key, test.name, { limit, ...(after !== undefined && { after }) }, {}),
    );
    expect(all.map(({ tags }) => tags)).toEqual([["a", "z"], [], ["m"]]);
  });

  it("gives tags in byte order by pages", async () => {
    const tags = await collect((after) =>
      images().listTags(test.key, test.name, { limit: 2, ...(after !== undefined && { after }) }),
    );
    expect(tags).toEqual(["a", "m", "z"]);
  });

  it("describes by ids in the order asked, an image named twice once", async () => {
    const ids = [{ imageTag: "m" }, { imageTag: "z" }, { imageDigest: numbered(0).digest }];
    const found = await images().describeIds(test.key, test.name, ids);
    expect(found.map(({ digest }) => digest)).toEqual([numbered(2).digest, numbered(0).digest]);
  });

  it("refuses to describe an image that is not there, with ECR's text", async () => {
    await expect(images().describeIds(test.key, test.name, [{ imageTag: "none" }])).rejects.toMatchObject({
      name: "ImageNotFoundException",
      message:
        "The image with imageId {imageDigest:'null', imageTag:'none'} does not exist within the repository with name 'team/app' in the registry with id '123456789012'",
    });
  });
});

describe("batchGet", () => {
  it("answers the tag only to who asked by it, each id once", async () => {
    await test.push(test.name, numbered(0), "a");
    const { digest: imageDigest } = numbered(0);
    const ids = [{ imageTag: "a" }, { imageDigest }, { imageTag: "a" }, { imageDigest, imageTag: "a" }];
    const { images: found, failures } = await images().batchGet(test.key, test.name, ids);
    expect(found.map(({ imageId }) => imageId)).toEqual([
      { imageDigest, imageTag: "a" },
      { imageDigest },
      { imageDigest, imageTag: "a" },
    ]);
    expect(failures).toEqual([]);
  });

  it("tells what could not be served beside what could", async () => {
    await test.push(test.name, numbered(0), "a");
    const other = testBlob("other").digest;
    const ids = [{ imageTag: "a" }, { imageTag: "b" }, { imageTag: "a", imageDigest: other }, {}];
    const { images: found, failures } = await images().batchGet(test.key, test.name, ids);
    expect(found).toHaveLength(1);
    expect(failures.map(({ failureCode }) => failureCode)).toEqual([
      "ImageNotFound",
      "ImageTagDoesNotMatchDigest",
      "MissingDigestAndTag",
    ]);
  });
});

describe("pull times", () => {
  const pull = (record: boolean) => images().pull(test.key, test.name, { tag: "a" as Tag }, { record });
  const seen = async () => (await images().describeIds(test.key, test.name, [{ imageTag: "a" }]))[0]?.lastPulledAt;

  beforeEach(() => test.push(test.name, numbered(0), "a"));

  it("show at once, and stay when written", async () => {
    expect(await seen()).toBeUndefined();
    await pull(false);
    expect(await seen()).toBeUndefined();
    await pull(true);
    const at = test.clock.now();
    expect(await seen()).toEqual(at);
    expect(await images().flushPulls(10)).toBe(1);
    expect(await images().flushPulls(10)).toBe(0);
    expect(await seen()).toEqual(at);
  });

  it("pass over images that are gone", async () => {
    await pull(true);
    await images().remove(test.key, test.name, { imageTag: "a" });
    expect(await images().flushPulls(10)).toBe(1);
  });
});

it("tells a missing repository from a missing image", async () => {
  const missing = { tag: "a" as Tag };
  await expect(images().pull(test.key, test.name, missing, { record: false })).rejects.toMatchObject({
    name: "ImageNotFoundException",
  });
  const elsewhere = { ...test.key, region: "us-east-1" };
  await expect(images().pull(elsewhere, test.name, missing, { record: false })).rejects.toMatchObject({
    name: "RepositoryNotFoundException",
  });
});
