import type { RepositoryName } from "@stowage/model";
import { openTestRegistry, testImage, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RegistryKey } from "../ports/repository-rows.ts";

let test: TestRegistry;
beforeEach(async () => {
  test = await openTestRegistry();
});
afterEach(() => test.close());

const named = (text: string): RepositoryName => text as RepositoryName;
const repositories = () => test.registry.repositories;
const names = async (key: RegistryKey = test.key) =>
  (await repositories().list(key, { limit: 100 })).items.map(({ name }) => name);

describe("creating", () => {
  it("fills in ECR's defaults", async () => {
    expect(await repositories().create(test.key, { name: named("fresh") })).toMatchObject({
      tagMutability: "MUTABLE",
      exclusionFilters: [],
      scanOnPush: false,
      encryption: { encryptionType: "AES256" },
      createdAt: test.clock.now(),
    });
  });

  it("refuses a name that is taken, in this registry alone", async () => {
    await expect(repositories().create(test.key, { name: test.name })).rejects.toMatchObject({
      name: "RepositoryAlreadyExistsException",
      message: "The repository with name 'team/app' already exists in the registry with id '123456789012'",
    });
    const elsewhere = { ...test.key, region: "us-east-1" };
    await repositories().create(elsewhere, { name: test.name });
    expect(await names(elsewhere)).toEqual(["team/app"]);
  });

  it("stores nothing when a key is asked for", async () => {
    const encryption = { encryptionType: "KMS" as const };
    await expect(repositories().create(test.key, { name: named("secret"), encryption })).rejects.toMatchObject({
      name: "KmsException",
    });
    expect(await names()).toEqual(["team/app"]);
  });

  it("stops at the registry's quota", async () => {
    await test.close();
    test = await openTestRegistry({ quotas: { maxRepositories: 2 } });
    await test.repository("second");
    await expect(test.repository("third")).rejects.toMatchObject({ name: "LimitExceededException" });
    expect(await names()).toEqual(["second", "team/app"]);
  });

  it("takes 50 tags and refuses 51 without making the repository", async () => {
    const tags = Array.from({ length: 51 }, (_, n) => ({ key: `k${n}`, value: "" }));
    const many = repositories().create(test.key, { name: named("many"), tags });
    await expect(many).rejects.toMatchObject({ name: "TooManyTagsException" });
    await repositories().create(test.key, { name: named("many"), tags: tags.slice(0, 50) });
    expect(await repositories().resourceTags(test.key, named("many"))).toHaveLength(50);
  });
});

describe("listing", () => {
  it("goes by name in byte order, page by page", async () => {
    for (const name of ["b", "a/b", "a-b", "a"]) await test.repository(`x${name}`);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await repositories().list(test.key, { limit: 2, ...(after !== undefined && { after }) });
      seen.push(...page.items.map(({ name }) => name));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toEqual(["team/app", "xa", "xa-b", "xa/b", "xb"]);
  });

  it("fails as a whole when one of the names asked for is missing", async () => {
    await expect(repositories().describe(test.key, [test.name, named("none")])).rejects.toMatchObject({
      message: "The repository with name 'none' does not exist in the registry with id '123456789012'",
    });
  });
});

describe("deleting", () => {
  it("refuses a repository with images unless forced", async () => {
    await test.push(test.name, testImage(), "v1");
    await expect(repositories().delete(test.key, test.name, { force: false })).rejects.toMatchObject({
      name: "RepositoryNotEmptyException",
      message:
        "The repository with name 'team/app' in registry with id '123456789012' cannot be deleted because it still contains images",
    });
    expect(await repositories().delete(test.key, test.name, { force: true })).toMatchObject({ name: "team/app" });
    expect(await names()).toEqual([]);
  });

  it("leaves nothing behind for a repository of the same name", async () => {
    const image = testImage();
    await test.push(test.name, image, "v1");
    await repositories().tagResource(test.key, test.name, [{ key: "a", value: "b" }]);
    const upload = await test.registry.uploads.begin(test.key, test.name, test.owner);
    await repositories().delete(test.key, test.name, { force: true });
    await test.repository("team/app");
    expect((await test.registry.images.describe(test.key, test.name, { limit: 10 }, {})).items).toEqual([]);
    expect(await repositories().resourceTags(test.key, test.name)).toEqual([]);
    const [blob] = image.blobs;
    await expect(test.registry.layers.find(test.key, test.name, blob?.digest ?? image.digest)).rejects.toThrow("layer");
    await expect(test.registry.uploads.status(test.key, test.name, test.owner, upload.id)).rejects.toThrow("upload");
  });
});

describe("resource tags", () => {
  const tag = (key: string, value = "v") => repositories().tagResource(test.key, test.name, [{ key, value }]);

  it("overwrite equal keys, and unknown keys are passed over when removed", async () => {
    await tag("a", "1");
    await tag("a", "2");
    await tag("b");
    await repositories().untagResource(test.key, test.name, ["b", "none"]);
    expect(await repositories().resourceTags(test.key, test.name)).toEqual([{ key: "a", value: "2" }]);
  });

  it("count up to 50 and not to 51, and a refusal changes nothing", async () => {
    for (let n = 0; n < 50; n += 1) await tag(`k${n}`);
    await tag("k0", "again");
    await expect(tag("k50")).rejects.toMatchObject({ name: "TooManyTagsException" });
    expect(await repositories().resourceTags(test.key, test.name)).toHaveLength(50);
  });

  it.each([
    ["an empty key", "", "v"],
    ["a key of 129 characters", "k".repeat(129), "v"],
    ["a value of 257 characters", "k", "v".repeat(257)],
    ["a key of AWS's own", "aws:x", "v"],
    ["a key of AWS's own in capitals", "AWS:x", "v"],
  ])("refuse %s", (_, key, value) => {
    expect(() => tag(key, value)).toThrow("Tag parameters are invalid");
  });

  it("take keys of 128 and values of 256 characters", async () => {
    await tag("k".repeat(128), "v".repeat(256));
    expect(await repositories().resourceTags(test.key, test.name)).toHaveLength(1);
  });
});
