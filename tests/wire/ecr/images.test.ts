import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  MIB,
  OCI_IMAGE,
  digestOf,
  imageOf,
  indexOf,
  pushImage,
  putManifest,
  randomBlob,
  uploadLayer,
} from "./fixtures.ts";
import { call, refused } from "./raw.ts";
import { clientOf, invalid, isLocal, noRepository, openService, refusal, type Service } from "./service.ts";

let service: Service;
beforeAll(async () => void (service = await openService()));
afterAll(() => service.close());

const missing = digestOf("nobody pushed this");
const failure = (imageId: object, failureCode: string, failureReason: string) => ({
  imageId,
  failureCode,
  failureReason,
});
const notFound = (imageId: object) => failure(imageId, "ImageNotFound", "Requested image not found");
const idsOf = async (repositoryName: string) => (await service.ecr.listImages({ repositoryName })).imageIds;

/** What both operations do with ids that name nothing. */
const FAILURES: readonly (readonly [string, object, string, string])[] = [
  ["an unknown tag (C3)", { imageTag: "nope" }, "ImageNotFound", "Requested image not found"],
  ["an unknown digest (C3)", { imageDigest: missing }, "ImageNotFound", "Requested image not found"],
  ["neither (C3, moto)", {}, "MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null"],
  [
    "a malformed digest (C3, moto)",
    { imageDigest: "sha256" },
    "InvalidImageDigest",
    "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
  ],
  [
    "a tag on another digest (C3)",
    { imageTag: "v1", imageDigest: missing },
    "ImageTagDoesNotMatchDigest",
    "Invalid request parameters: given tag does not map to the given digest",
  ],
];

describe.each(["BatchGetImage", "BatchDeleteImage"] as const)("%s", (operation) => {
  it.each([
    ["a text as ids", { repositoryName: "app", imageIds: "v1" }],
    ["texts among the ids", { repositoryName: "app", imageIds: ["v1"] }],
    ["a number as tag", { repositoryName: "app", imageIds: [{ imageTag: 1 }] }],
  ])("serialization: %s is refused (C1)", async (_, input) => {
    expect(await refused(call(service, operation, input))).toMatchObject({ name: "SerializationException" });
  });

  it.each([
    [
      "no ids (C2)",
      { repositoryName: "app", imageIds: [] },
      invalid("imageIds", "Member must have length greater than or equal to 1"),
    ],
    [
      "101 ids (C2)",
      { repositoryName: "app", imageIds: Array.from({ length: 101 }, () => ({ imageTag: "a" })) },
      invalid("imageIds", "Member must have length less than or equal to 100"),
    ],
    ["ids left out (C2)", { repositoryName: "app" }, invalid("imageIds", "Member must not be null")],
  ])("validation: %s", async (_, input, expected) => {
    expect(await refused(call(service, operation, input))).toMatchObject(expected);
  });

  it.each(FAILURES)("%s is a failure inside a 200 answer", async (_, imageId, code, reason) => {
    const repositoryName = await service.repository();
    await pushImage(service, repositoryName, { tags: ["v1"] });
    const answer = await call(service, operation, { repositoryName, imageIds: [imageId] });
    expect(answer.status).toBe(200);
    expect(answer.json["failures"]).toEqual([failure(imageId, code, reason)]);
  });

  it("refuses a repository that is not there (C3)", async () => {
    const repositoryName = service.freshName();
    const { status, json } = await call(service, operation, { repositoryName, imageIds: [{ imageTag: "v1" }] });
    expect(status).toBe(400);
    expect({ name: json["__type"], message: json["message"] }).toEqual(noRepository(service, repositoryName));
  });
});

describe("BatchGetImage", () => {
  it("answers the image; its id has the tag when it was asked for by tag (C10)", async () => {
    const repositoryName = await service.repository();
    const { digest, text } = await pushImage(service, repositoryName, { tags: ["v1"] });
    const image = {
      registryId: service.caller.accountId,
      repositoryName,
      imageManifest: text,
      imageManifestMediaType: OCI_IMAGE,
    };
    const byTag = await service.ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag: "v1" }] });
    expect(byTag.images).toEqual([{ ...image, imageId: { imageDigest: digest, imageTag: "v1" } }]);
    expect(byTag.failures).toEqual([]);
    const byDigest = await service.ecr.batchGetImage({ repositoryName, imageIds: [{ imageDigest: digest }] });
    expect(byDigest.images).toEqual([{ ...image, imageId: { imageDigest: digest } }]);
  });

  it("gives a manifest as it was pushed, whatever types are accepted (C10, design 1.2)", async () => {
    const repositoryName = await service.repository();
    const { text } = await pushImage(service, repositoryName, { tags: ["v1"] });
    const acceptedMediaTypes = ["application/vnd.docker.distribution.manifest.v1+json"];
    const { images } = await service.ecr.batchGetImage({
      repositoryName,
      imageIds: [{ imageTag: "v1" }],
      acceptedMediaTypes,
    });
    expect(images).toMatchObject([{ imageManifest: text, imageManifestMediaType: OCI_IMAGE }]);
  });

  it("answers an id that is given many times once", async () => {
    const repositoryName = await service.repository();
    await pushImage(service, repositoryName, { tags: ["v1"] });
    const imageIds = Array.from({ length: 20 }, (_, index) => ({ imageTag: index % 2 === 0 ? "v1" : "nope" }));
    const { images, failures } = await service.ecr.batchGetImage({ repositoryName, imageIds });
    expect([images?.length, failures?.length]).toEqual([1, 1]);
  });

  it("serves a hundred ids, found and not, in the order asked", async () => {
    const repositoryName = await service.repository();
    const tags = Array.from({ length: 10 }, (_, index) => `t${index}`);
    await pushImage(service, repositoryName, { tags });
    const imageIds = Array.from({ length: 100 }, (_, index) => ({ imageTag: `t${index}` }));
    const { images, failures } = await service.ecr.batchGetImage({ repositoryName, imageIds });
    expect(images?.map(({ imageId }) => imageId?.imageTag)).toEqual(tags);
    expect(failures).toHaveLength(90);
  });

  it.runIf(isLocal)("an answer over 32 MiB is refused (design 4)", async () => {
    const repositoryName = await service.repository();
    const config = await uploadLayer(service, repositoryName, randomBlob());
    const imageIds: { imageDigest: string }[] = [];
    for (let number = 0; number < 9; number += 1) {
      const image = imageOf(config, [], { extra: { annotations: { filler: String(number).repeat(4 * MIB - 1000) } } });
      await putManifest(service, repositoryName, image);
      imageIds.push({ imageDigest: image.digest });
    }
    expect((await refusal(service.ecr.batchGetImage({ repositoryName, imageIds }))).name).toBe(
      "LimitExceededException",
    );
    const fewer = await service.ecr.batchGetImage({ repositoryName, imageIds: imageIds.slice(0, 7) });
    expect(fewer.images).toHaveLength(7);
  });

  it.runIf(isLocal)(
    "manifests that grow past 32 MiB when they are escaped are refused as well (design 4)",
    async () => {
      const repositoryName = await service.repository();
      const config = await uploadLayer(service, repositoryName, randomBlob());
      const image = imageOf(config, [], { extra: { annotations: { filler: "\u{1}".repeat(600_000) } } });
      await putManifest(service, repositoryName, image);
      // In the manifest each of these characters is an escape of six, in the answer of seven: 4.2 MB, and 33.6 MB for eight.
      const others = Array.from({ length: 7 }, (_, number) => `${image.text}${" ".repeat(number + 1)}`);
      for (const imageManifest of others) await service.ecr.putImage({ repositoryName, imageManifest });
      const imageIds = [image.text, ...others].map((text) => ({ imageDigest: digestOf(text) }));
      expect((await refusal(service.ecr.batchGetImage({ repositoryName, imageIds }))).name).toBe(
        "LimitExceededException",
      );
      expect((await service.ecr.batchGetImage({ repositoryName, imageIds: imageIds.slice(1) })).images).toHaveLength(7);
    },
  );

  it.runIf(isLocal)("is not for another account to do (C1)", async () => {
    const repositoryName = await service.repository();
    const stranger = clientOf(service.endpoint, service.stranger!);
    const asked = stranger.batchGetImage({
      registryId: service.caller.accountId,
      repositoryName,
      imageIds: [{ imageTag: "v1" }],
    });
    expect((await refusal(asked)).name).toBe("AccessDeniedException");
  });
});

describe("BatchDeleteImage (C9)", () => {
  const remove = async (repositoryName: string, ...imageIds: object[]) => {
    const { imageIds: removed, failures } = await service.ecr.batchDeleteImage({ repositoryName, imageIds });
    return { imageIds: removed, failures };
  };

  it("by tag: the tag goes, the image stays while it has others, and goes with the last", async () => {
    const repositoryName = await service.repository();
    const { digest: imageDigest } = await pushImage(service, repositoryName, { tags: ["v1", "v2"] });
    expect(await remove(repositoryName, { imageTag: "v1" })).toEqual({
      imageIds: [{ imageDigest, imageTag: "v1" }],
      failures: [],
    });
    expect(await idsOf(repositoryName)).toEqual([{ imageDigest, imageTag: "v2" }]);
    expect(await remove(repositoryName, { imageTag: "v2" })).toEqual({
      imageIds: [{ imageDigest, imageTag: "v2" }],
      failures: [],
    });
    expect(await idsOf(repositoryName)).toEqual([]);
  });

  it("by digest: the image goes with all its tags, one entry a tag", async () => {
    const repositoryName = await service.repository();
    const { digest: imageDigest } = await pushImage(service, repositoryName, { tags: ["v1", "v2"] });
    const { imageIds } = await remove(repositoryName, { imageDigest });
    expect(imageIds).toEqual([
      { imageDigest, imageTag: "v1" },
      { imageDigest, imageTag: "v2" },
    ]);
    expect(await idsOf(repositoryName)).toEqual([]);
  });

  it("by digest: an untagged image gives one entry without a tag", async () => {
    const repositoryName = await service.repository();
    const { digest: imageDigest } = await pushImage(service, repositoryName);
    expect(await remove(repositoryName, { imageDigest })).toEqual({ imageIds: [{ imageDigest }], failures: [] });
  });

  it("by both: only that tag goes", async () => {
    const repositoryName = await service.repository();
    const { digest: imageDigest } = await pushImage(service, repositoryName, { tags: ["v1", "v2"] });
    expect(await remove(repositoryName, { imageDigest, imageTag: "v1" })).toEqual({
      imageIds: [{ imageDigest, imageTag: "v1" }],
      failures: [],
    });
    expect(await idsOf(repositoryName)).toEqual([{ imageDigest, imageTag: "v2" }]);
  });

  it("a digest and its tag in one call: one entry, no failure", async () => {
    const repositoryName = await service.repository();
    const { digest: imageDigest } = await pushImage(service, repositoryName, { tags: ["v1"] });
    expect(await remove(repositoryName, { imageDigest }, { imageTag: "v1" })).toEqual({
      imageIds: [{ imageDigest, imageTag: "v1" }],
      failures: [],
    });
  });

  it("a child of an index stays until the index is gone, with its last tag", async () => {
    const repositoryName = await service.repository();
    const child = await pushImage(service, repositoryName, { tags: ["child"] });
    const index = indexOf([child]);
    await putManifest(service, repositoryName, index, ["all"]);
    const reason = `Requested image referenced by manifest list: [${index.digest}]`;
    for (const imageId of [{ imageDigest: child.digest }, { imageTag: "child" }]) {
      expect((await remove(repositoryName, imageId)).failures).toEqual([
        failure(imageId, "ImageReferencedByManifestList", reason),
      ]);
    }
    expect(await idsOf(repositoryName)).toHaveLength(2);
    expect((await remove(repositoryName, { imageDigest: index.digest })).failures).toEqual([]);
    expect((await remove(repositoryName, { imageDigest: child.digest })).failures).toEqual([]);
  });

  it("one call may name an index and its children in any order", async () => {
    const repositoryName = await service.repository();
    const child = await pushImage(service, repositoryName);
    const index = indexOf([child]);
    await putManifest(service, repositoryName, index);
    const { imageIds, failures } = await remove(
      repositoryName,
      { imageDigest: child.digest },
      { imageDigest: index.digest },
    );
    expect(failures).toEqual([]);
    expect(imageIds).toHaveLength(2);
  });

  it("what can be deleted is, beside what cannot", async () => {
    const repositoryName = await service.repository();
    const { digest: imageDigest } = await pushImage(service, repositoryName, { tags: ["v1"] });
    expect(await remove(repositoryName, { imageTag: "nope" }, { imageTag: "v1" })).toEqual({
      imageIds: [{ imageDigest, imageTag: "v1" }],
      failures: [notFound({ imageTag: "nope" })],
    });
  });

  it("a repository with images is deleted by force alone, and all is gone (C3)", async () => {
    const repositoryName = await service.repository();
    await pushImage(service, repositoryName, { tags: ["v1"] });
    expect(await refusal(service.ecr.deleteRepository({ repositoryName }))).toEqual({
      name: "RepositoryNotEmptyException",
      message: `The repository with name '${repositoryName}' in registry with id '${service.caller.accountId}' cannot be deleted because it still contains images`,
    });
    expect((await refusal(service.ecr.deleteRepository({ repositoryName, force: false }))).name).toBe(
      "RepositoryNotEmptyException",
    );
    await service.ecr.deleteRepository({ repositoryName, force: true });
    await service.repository({ repositoryName });
    expect(await idsOf(repositoryName)).toEqual([]);
  });
});
