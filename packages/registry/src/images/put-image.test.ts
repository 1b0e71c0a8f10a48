import type { Digest, Tag } from "@stowage/model";
import { openTestRegistry, testBlob, testImage, testIndex, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ImageUnchanged } from "../errors.ts";

let test: TestRegistry;
beforeEach(async () => {
  test = await openTestRegistry();
});
afterEach(() => test.close());

const tags = (...texts: string[]): Tag[] => texts as Tag[];
const put = (image: { bytes: Uint8Array; mediaType?: string }, ...names: string[]) =>
  test.registry.images.put(test.key, test.name, {
    manifest: image.bytes,
    tags: tags(...names),
    ...(image.mediaType !== undefined && { mediaType: image.mediaType }),
  });
const describeAll = async () => (await test.registry.images.describe(test.key, test.name, { limit: 100 }, {})).items;

describe("a first push", () => {
  it("stores the bytes as they came, under the digest that they have", async () => {
    const image = testImage({ extra: { "x-unknown": [1.0, "é"] } });
    await test.push(test.name, image, "v1");
    const pulled = await test.registry.images.pull(test.key, test.name, { tag: "v1" as Tag }, { record: false });
    expect(pulled.bytes).toEqual(image.bytes);
    expect(pulled).toMatchObject({ digest: image.digest, mediaType: image.mediaType });
  });

  it("counts config and layers into the size, from the real bytes", async () => {
    const image = testImage({ config: "{}", layers: ["12345", "678"] });
    await test.push(test.name, image);
    expect(await describeAll()).toMatchObject([{ sizeBytes: 10, tags: [] }]);
  });

  it("gives an index the size of its largest child", async () => {
    const children = [testImage({ config: "{}", layers: ["1"] }), testImage({ config: "{}", layers: ["1234567"] })];
    for (const child of children) await test.push(test.name, child);
    await test.push(test.name, testIndex(children), "all");
    expect((await describeAll()).find(({ kind }) => kind === "index")).toMatchObject({ sizeBytes: 9, tags: ["all"] });
  });

  it("accepts an index without children, nested ones and a subject that is not there", async () => {
    const subject = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: testBlob("no").digest, size: 2 };
    const empty = testIndex([]);
    await test.push(test.name, empty);
    await test.push(test.name, testIndex([empty], { subject }), "outer");
    expect(await describeAll()).toHaveLength(2);
  });

  it("takes foreign layers without their bytes", async () => {
    const foreign = {
      mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar",
      digest: testBlob("f").digest,
      size: 1,
      urls: ["https://layers.invalid/f"],
    };
    const image = testImage({ layers: [], extra: { layers: [foreign] } });
    await test.push(test.name, image, "windows");
    expect(await describeAll()).toHaveLength(1);
  });
});

describe("a push that is refused changes nothing", () => {
  const expectRefusal = async (act: Promise<unknown>, name: string, text: string) => {
    await expect(act).rejects.toMatchObject({ name, message: expect.stringContaining(text) });
    expect(await describeAll()).toEqual([]);
  };

  it("with missing layers", async () => {
    const image = testImage();
    await expectRefusal(
      put(image, "v1"),
      "LayersNotFoundException",
      `Layers with digests '[${image.blobs.map((b) => b.digest).join(", ")}]'`,
    );
  });

  it("with blobs that only another repository has", async () => {
    const image = testImage();
    await test.push(await test.repository("team/other"), image);
    await expectRefusal(
      put(image),
      "LayersNotFoundException",
      "required for pushing image into repository with name 'team/app'",
    );
  });

  it("with missing children", async () => {
    const child = testImage();
    await expectRefusal(
      put(testIndex([child])),
      "ReferencedImagesNotFoundException",
      `Images with digests '[${child.digest}]'`,
    );
  });

  it("with another digest than was said", async () => {
    const image = testImage();
    const act = test.registry.images.put(test.key, test.name, {
      manifest: image.bytes,
      tags: [],
      digest: testBlob("x").digest,
    });
    await expectRefusal(
      act,
      "ImageDigestDoesNotMatchException",
      "does not match the image digest that Amazon ECR has calculated.",
    );
  });

  it("with an algorithm that is not supported", async () => {
    const digest = `blake3:${"0".repeat(64)}` as Digest;
    await expectRefusal(
      test.registry.images.put(test.key, test.name, { manifest: testImage().bytes, tags: [], digest }),
      "InvalidParameterException",
      "imageDigest",
    );
  });

  it.each([
    ["no JSON", "{", undefined],
    ["not an object", "[]", undefined],
    ["no media type anywhere", '{"schemaVersion":2,"layers":[]}', undefined],
    [
      "another media type than was said",
      JSON.stringify({ mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] }),
      "application/vnd.oci.image.manifest.v1+json",
    ],
    [
      "layers and manifests",
      JSON.stringify({ mediaType: "application/vnd.oci.image.index.v1+json", manifests: [], layers: [] }),
      undefined,
    ],
    [
      "schema 1",
      JSON.stringify({ schemaVersion: 1, name: "x" }),
      "application/vnd.docker.distribution.manifest.v1+json",
    ],
    ["a withdrawn type", JSON.stringify({ mediaType: "application/vnd.oci.artifact.manifest.v1+json" }), undefined],
  ])("with a manifest that is %s", async (_, text, mediaType) => {
    const act = put({ bytes: new TextEncoder().encode(text), ...(mediaType !== undefined && { mediaType }) });
    await expectRefusal(act, "InvalidParameterException", "Invalid parameter at 'ImageManifest'");
  });
});

describe("limits", () => {
  it("takes a manifest at the limit and refuses one byte more", async () => {
    const padded = (bytes: number) => {
      const bare = testIndex([], { annotations: { pad: "" } }).bytes.length;
      return testIndex([], { annotations: { pad: "x".repeat(bytes - bare) } });
    };
    await test.close();
    test = await openTestRegistry({ quotas: { maxManifestBytes: 1000 } });
    await put(padded(1000));
    await expect(put(padded(1001))).rejects.toMatchObject({
      message: expect.stringContaining("less than or equal to 1000"),
    });
  });

  it("takes types of 255 characters and refuses 256", async () => {
    const typed = (length: number) => testIndex([], { artifactType: `a/${"x".repeat(length - 2)}` });
    await put(typed(255));
    await expect(put(typed(256))).rejects.toMatchObject({
      message: expect.stringContaining("more than 255 characters"),
    });
  });

  it("takes images up to the quota of the repository and no more", async () => {
    await test.close();
    test = await openTestRegistry({ quotas: { maxImagesPerRepository: 2 } });
    await put(testIndex([], { annotations: { n: "1" } }));
    await put(testIndex([], { annotations: { n: "2" } }));
    await expect(put(testIndex([], { annotations: { n: "3" } }))).rejects.toMatchObject({
      name: "LimitExceededException",
    });
    expect(await describeAll()).toHaveLength(2);
  });

  it("takes tags up to the quota of the image and no more", async () => {
    await test.close();
    test = await openTestRegistry({ quotas: { maxTagsPerImage: 2 } });
    await put(testIndex([]), "a", "b");
    await expect(put(testIndex([]), "c")).rejects.toMatchObject({ name: "LimitExceededException" });
    expect(await describeAll()).toMatchObject([{ tags: ["a", "b"] }]);
  });
});

describe("pushing again", () => {
  it("says so when neither image nor tag is new", async () => {
    await test.push(test.name, testImage(), "v1");
    const again = put(testImage(), "v1");
    await expect(again).rejects.toBeInstanceOf(ImageUnchanged);
    await expect(again).rejects.toMatchObject({
      name: "ImageAlreadyExistsException",
      message: `Image with digest '${testImage().digest}' and tag 'v1' already exists in the repository with name 'team/app' in registry with id '123456789012'`,
    });
  });

  it("adds a tag to the image that is there", async () => {
    await test.push(test.name, testImage(), "v1");
    expect(await put(testImage(), "v2")).toMatchObject({ created: false });
    expect(await describeAll()).toMatchObject([{ tags: ["v1", "v2"] }]);
  });

  it("moves a mutable tag and leaves the old image without it", async () => {
    await test.push(test.name, testImage({ layers: ["old"] }), "latest");
    await test.push(test.name, testImage({ layers: ["new"] }), "latest");
    expect((await describeAll()).map((image) => image.tags)).toEqual([[], ["latest"]]);
  });

  it("refuses to move an immutable tag, and the same image on it as ECR does", async () => {
    await test.push(test.name, testImage({ layers: ["old"] }), "v1");
    await test.registry.repositories.putTagMutability(test.key, test.name, "IMMUTABLE", undefined);
    const refused = {
      name: "ImageTagAlreadyExistsException",
      message:
        "The image tag 'v1' already exists in the 'team/app' repository and cannot be overwritten because the tag is immutable.",
    };
    await expect(test.push(test.name, testImage({ layers: ["new"] }), "v1")).rejects.toMatchObject(refused);
    await expect(put(testImage({ layers: ["old"] }), "v1")).rejects.toMatchObject(refused);
    expect(await describeAll()).toMatchObject([{ tags: ["v1"] }]);
  });

  it("takes the same image on an immutable tag as done when the setting says so", async () => {
    await test.close();
    test = await openTestRegistry({ idempotentImmutableTags: true });
    await test.registry.repositories.putTagMutability(test.key, test.name, "IMMUTABLE", undefined);
    await test.push(test.name, testImage(), "v1");
    await expect(put(testImage(), "v1")).rejects.toBeInstanceOf(ImageUnchanged);
    await expect(test.push(test.name, testImage({ layers: ["other"] }), "v1")).rejects.toMatchObject({
      name: "ImageTagAlreadyExistsException",
    });
  });
});
