import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  DOCKER_IMAGE,
  MIB,
  OCI_CONFIG,
  OCI_IMAGE,
  digestOf,
  imageOf,
  indexOf,
  manifestText,
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

const NO_JSON = invalid("ImageManifest", "Invalid JSON syntax");
const missing = digestOf("nobody pushed this");

/** The manifest of an image whose blobs are in the repository, not pushed yet. */
async function prepared(repositoryName: string, options: Parameters<typeof imageOf>[2] = {}) {
  const config = await uploadLayer(service, repositoryName, randomBlob());
  return imageOf(config, [await uploadLayer(service, repositoryName, randomBlob())], options);
}

describe("serialization", () => {
  it.each([
    ["a manifest as JSON instead of text", { repositoryName: "app", imageManifest: { schemaVersion: 2 } }],
    ["a list as tag", { repositoryName: "app", imageManifest: "{}", imageTag: ["v1"] }],
    ["a number as digest", { repositoryName: "app", imageManifest: "{}", imageDigest: 1 }],
    ["a flag as media type", { repositoryName: "app", imageManifest: "{}", imageManifestMediaType: true }],
  ])("%s is refused (C1)", async (_, input) => {
    expect(await refused(call(service, "PutImage", input))).toMatchObject({
      status: 400,
      name: "SerializationException",
    });
  });
});

describe("validation", () => {
  it.each([
    ["no repository (C2)", { imageManifest: "{}" }, invalid("repositoryName", "must not be null")],
    ["no manifest (C2)", { repositoryName: "app" }, invalid("imageManifest", "Member must not be null")],
    [
      "an empty manifest (A4)",
      { repositoryName: "app", imageManifest: "" },
      invalid("imageManifest", "Member must have length greater than or equal to 1"),
    ],
    [
      "a manifest over 4 MiB (A4)",
      { repositoryName: "app", imageManifest: " ".repeat(4 * MIB + 1) },
      invalid("imageManifest", "Member must have length less than or equal to 4194304"),
    ],
    [
      "a tag with a slash (C2)",
      { repositoryName: "app", imageManifest: "{}", imageTag: "a/b" },
      invalid("imageTag", "must satisfy regular expression '[a-zA-Z0-9-_.]+'"),
    ],
    [
      "a tag with a space (C2)",
      { repositoryName: "app", imageManifest: "{}", imageTag: "a b" },
      invalid("imageTag", "must satisfy regular expression '[a-zA-Z0-9-_.]+'"),
    ],
  ])("%s", async (_, input, expected) => {
    expect(await refused(call(service, "PutImage", input))).toMatchObject(expected);
  });

  it.each([
    ["a tag that begins with a dot (C4, OCI)", ".v1"],
    ["a tag over 128 (C4, OCI)", "v".repeat(129)],
  ])("%s", async (_, imageTag) => {
    const repositoryName = await service.repository();
    const { text } = await prepared(repositoryName);
    expect((await refusal(service.ecr.putImage({ repositoryName, imageManifest: text, imageTag }))).name).toBe(
      "InvalidParameterException",
    );
    await service.ecr.putImage({ repositoryName, imageManifest: text, imageTag: imageTag.slice(1, 129) });
  });

  it("a digest that is none is refused", async () => {
    const repositoryName = await service.repository();
    const { text } = await prepared(repositoryName);
    const refusedFor = await refusal(
      service.ecr.putImage({ repositoryName, imageManifest: text, imageDigest: "sha256" }),
    );
    expect(refusedFor).toEqual(
      invalid("imageDigest", "must satisfy regular expression '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"),
    );
  });

  it.each([
    ["no JSON (C2)", "{"],
    ["a text (C2)", '"manifest"'],
    ["an empty object (C2)", "{}"],
    ["no media type (C2)", '{"schemaVersion":2}'],
    ["a list (C2)", "[]"],
  ])("%s is no manifest", async (_, imageManifest) => {
    expect(await refusal(service.ecr.putImage({ repositoryName: await service.repository(), imageManifest }))).toEqual(
      NO_JSON,
    );
  });

  it("half a surrogate pair, which has no bytes, is refused", async () => {
    const input = { repositoryName: await service.repository(), imageManifest: '{"schemaVersion":2,"a":"\u{d800}"}' };
    expect(await refused(call(service, "PutImage", input))).toMatchObject(NO_JSON);
  });

  it("takes a manifest of exactly 4 MiB, escaped, and gives it back (A4, design 4)", async () => {
    const repositoryName = await service.repository();
    const { text } = await prepared(repositoryName);
    const imageManifest = text + "\n".repeat(4 * MIB - text.length);
    const { image } = await service.ecr.putImage({ repositoryName, imageManifest });
    expect(image?.imageId?.imageDigest).toBe(digestOf(imageManifest));
    const { images } = await service.ecr.batchGetImage({ repositoryName, imageIds: [image!.imageId!] });
    expect(images?.[0]?.imageManifest === imageManifest).toBe(true);
  });
});

describe("behaviour", () => {
  it("answers the image with manifest and media type (A6)", async () => {
    const repositoryName = await service.repository();
    const { text, digest } = await prepared(repositoryName);
    const { $metadata: _, ...answer } = await service.ecr.putImage({
      repositoryName,
      imageManifest: text,
      imageTag: "v1",
    });
    expect(answer.image).toEqual({
      registryId: service.caller.accountId,
      repositoryName,
      imageId: { imageDigest: digest, imageTag: "v1" },
      imageManifest: text,
      imageManifestMediaType: OCI_IMAGE,
    });
  });

  it("needs no tag, whose member is then absent (A2)", async () => {
    const repositoryName = await service.repository();
    const { text, digest } = await prepared(repositoryName);
    const { json } = await call(service, "PutImage", { repositoryName, imageManifest: text });
    expect((json["image"] as { imageId: object }).imageId).toEqual({ imageDigest: digest });
  });

  it("takes the media type from the parameter when the manifest has none (C7)", async () => {
    const repositoryName = await service.repository();
    const { text } = await prepared(repositoryName, { extra: { mediaType: undefined } });
    expect(await refusal(service.ecr.putImage({ repositoryName, imageManifest: text }))).toEqual(NO_JSON);
    const { image } = await service.ecr.putImage({
      repositoryName,
      imageManifest: text,
      imageManifestMediaType: DOCKER_IMAGE,
    });
    expect(image?.imageManifestMediaType).toBe(DOCKER_IMAGE);
  });

  it("checks a digest that is given (C3)", async () => {
    const repositoryName = await service.repository();
    const { text, digest } = await prepared(repositoryName);
    expect(await refusal(service.ecr.putImage({ repositoryName, imageManifest: text, imageDigest: missing }))).toEqual({
      name: "ImageDigestDoesNotMatchException",
      message: `The image with digest '${missing}' in repository '${repositoryName}' and registry ID '${service.caller.accountId}' does not match the image digest that Amazon ECR has calculated.`,
    });
    await service.ecr.putImage({ repositoryName, imageManifest: text, imageDigest: digest });
  });

  it("keeps bytes as they are, spaces and all (design 1.2)", async () => {
    const repositoryName = await service.repository();
    const { text } = await prepared(repositoryName);
    const imageManifest = `\n${JSON.stringify(JSON.parse(text), null, 3)}\r\n`;
    const { image } = await service.ecr.putImage({ repositoryName, imageManifest, imageTag: "spaced" });
    expect(image?.imageId?.imageDigest).toBe(digestOf(imageManifest));
    const { images } = await service.ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag: "spaced" }] });
    expect(images?.[0]?.imageManifest).toBe(imageManifest);
  });

  it.each([
    ["with its tag", "v1", "v1"],
    ["without a tag", undefined, "null"],
  ])("an image that is there %s already exists (C3, C7)", async (_, imageTag, told) => {
    const repositoryName = await service.repository();
    const { text, digest } = await prepared(repositoryName);
    await service.ecr.putImage({ repositoryName, imageManifest: text, imageTag });
    expect(await refusal(service.ecr.putImage({ repositoryName, imageManifest: text, imageTag }))).toEqual({
      name: "ImageAlreadyExistsException",
      message: `Image with digest '${digest}' and tag '${told}' already exists in the repository with name '${repositoryName}' in registry with id '${service.caller.accountId}'`,
    });
  });

  it("adds a tag to an image that is there (C7)", async () => {
    const repositoryName = await service.repository();
    const image = await pushImage(service, repositoryName, { tags: ["v1", "v2"] });
    const { imageDetails } = await service.ecr.describeImages({ repositoryName });
    expect(imageDetails).toMatchObject([{ imageDigest: image.digest, imageTags: ["v1", "v2"] }]);
  });

  it("moves a mutable tag and leaves the old image untagged (C7)", async () => {
    const repositoryName = await service.repository();
    const old = await pushImage(service, repositoryName, { tags: ["latest"] });
    const young = await pushImage(service, repositoryName, { tags: ["latest"] });
    const { imageIds } = await service.ecr.listImages({ repositoryName });
    expect(imageIds).toEqual([{ imageDigest: old.digest }, { imageDigest: young.digest, imageTag: "latest" }]);
  });

  it("names every layer that is missing (C3)", async () => {
    const repositoryName = await service.repository();
    const [config, layer] = [randomBlob(), randomBlob()];
    expect(
      await refusal(service.ecr.putImage({ repositoryName, imageManifest: imageOf(config, [layer]).text })),
    ).toEqual({
      name: "LayersNotFoundException",
      message: `Layers with digests '[${config.digest}, ${layer.digest}]' required for pushing image into repository with name '${repositoryName}' in the registry with id '${service.caller.accountId}' do not exist`,
    });
  });

  it("a layer of another repository is missing here (C7, design 7)", async () => {
    const elsewhere = await service.repository();
    const { text } = await prepared(elsewhere);
    const repositoryName = await service.repository();
    expect((await refusal(service.ecr.putImage({ repositoryName, imageManifest: text }))).name).toBe(
      "LayersNotFoundException",
    );
  });

  it("names every image of an index that is missing (C3)", async () => {
    const repositoryName = await service.repository();
    const child = await pushImage(service, repositoryName);
    const gone = manifestText({ schemaVersion: 2, mediaType: OCI_IMAGE, a: 1 }, OCI_IMAGE);
    expect(await refusal(service.ecr.putImage({ repositoryName, imageManifest: indexOf([child, gone]).text }))).toEqual(
      {
        name: "ReferencedImagesNotFoundException",
        message: `Images with digests '[${gone.digest}]' required for pushing image into repository with name '${repositoryName}' in the registry with id '${service.caller.accountId}' do not exist`,
      },
    );
    await putManifest(service, repositoryName, indexOf([child]), ["all"]);
  });

  it("takes an artifact with the empty descriptor as layer (C7)", async () => {
    const repositoryName = await service.repository();
    const empty = await uploadLayer(service, repositoryName, randomBlob());
    const layers = [{ mediaType: "application/vnd.oci.empty.v1+json", digest: empty.digest, size: empty.bytes.length }];
    const config = { ...layers[0], mediaType: OCI_CONFIG };
    const artifact = manifestText(
      { schemaVersion: 2, mediaType: OCI_IMAGE, artifactType: "application/x", config, layers },
      OCI_IMAGE,
    );
    await putManifest(service, repositoryName, artifact);
    expect((await service.ecr.listImages({ repositoryName })).imageIds).toEqual([{ imageDigest: artifact.digest }]);
  });

  it("refuses a repository that is not there (C3)", async () => {
    const repositoryName = service.freshName();
    expect(await refusal(service.ecr.putImage({ repositoryName, imageManifest: "{}" }))).toEqual(
      noRepository(service, repositoryName),
    );
  });

  it.runIf(isLocal)("is not for another account to do (C1)", async () => {
    const repositoryName = await service.repository();
    const stranger = clientOf(service.endpoint, service.stranger!);
    const pushed = stranger.putImage({ registryId: service.caller.accountId, repositoryName, imageManifest: "{}" });
    expect((await refusal(pushed)).name).toBe("AccessDeniedException");
  });
});

describe("immutable tags (C8)", () => {
  const filters = (...values: string[]) => values.map((filter) => ({ filterType: "WILDCARD" as const, filter }));
  const taken = (repositoryName: string, tag: string) => ({
    name: "ImageTagAlreadyExistsException",
    message: `The image tag '${tag}' already exists in the '${repositoryName}' repository and cannot be overwritten because the tag is immutable.`,
  });
  const push = (repositoryName: string, tag: string) => pushImage(service, repositoryName, { tags: [tag] });

  it("do not move, not even to the image that they are on (C3, field notes 1D)", async () => {
    const repositoryName = await service.repository({ imageTagMutability: "IMMUTABLE" });
    const image = await push(repositoryName, "v1");
    expect(await refusal(push(repositoryName, "v1"))).toEqual(taken(repositoryName, "v1"));
    expect(await refusal(putManifest(service, repositoryName, image, ["v1"]))).toEqual(taken(repositoryName, "v1"));
    await putManifest(service, repositoryName, image, ["v2"]);
  });

  it.each([
    ["IMMUTABLE_WITH_EXCLUSION", "dev-1", "v1"],
    ["MUTABLE_WITH_EXCLUSION", "v1", "dev-1"],
  ] as const)("%s: %s moves, %s does not", async (imageTagMutability, moving, standing) => {
    const repositoryName = await service.repository({
      imageTagMutability,
      imageTagMutabilityExclusionFilters: filters("dev-*"),
    });
    await push(repositoryName, moving);
    await push(repositoryName, moving);
    await push(repositoryName, standing);
    expect(await refusal(push(repositoryName, standing))).toEqual(taken(repositoryName, standing));
  });
});

describe.runIf(isLocal)("quotas (C20)", () => {
  it("an image more than the repository holds, a tag more than the image holds", async () => {
    const small = await openService({ quotas: { maxImagesPerRepository: 2, maxTagsPerImage: 2 } });
    const repositoryName = await small.repository();
    const image = await pushImage(small, repositoryName, { tags: ["a", "b"] });
    expect((await refusal(putManifest(small, repositoryName, image, ["c"]))).name).toBe("LimitExceededException");
    await pushImage(small, repositoryName);
    expect((await refusal(pushImage(small, repositoryName))).name).toBe("LimitExceededException");
    await small.close();
  });
});
