import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  OCI_CONFIG,
  OCI_IMAGE,
  OCI_INDEX,
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
const enumOf = (...values: string[]) => `Member must satisfy enum value set: [${values.join(", ")}]`;

describe.each(["ListImages", "DescribeImages"] as const)("%s", (operation) => {
  const list = async (input: object): Promise<unknown> => {
    const answer = await call(service, operation, input);
    return answer.json[operation === "ListImages" ? "imageIds" : "imageDetails"];
  };

  it.each([
    ["a text as filter", { repositoryName: "app", filter: "TAGGED" }],
    ["a text as maxResults", { repositoryName: "app", maxResults: "1" }],
    ["a list as token", { repositoryName: "app", nextToken: [] }],
  ])("serialization: %s is refused (C1)", async (_, input) => {
    expect(await refused(call(service, operation, input))).toMatchObject({ name: "SerializationException" });
  });

  it.each([
    ["no repository (C2)", {}, invalid("repositoryName", "must not be null")],
    [
      "a tag status that is none (C2)",
      { repositoryName: "app", filter: { tagStatus: "tagged" } },
      invalid("filter.tagStatus", enumOf("TAGGED", "UNTAGGED", "ANY")),
    ],
    [
      "an image status that is none (C2)",
      { repositoryName: "app", filter: { imageStatus: "GONE" } },
      invalid("filter.imageStatus", enumOf("ACTIVE", "ARCHIVED", "ACTIVATING", "ANY")),
    ],
    [
      "maxResults of 1001 (A7)",
      { repositoryName: "app", maxResults: 1001 },
      invalid("maxResults", "Member must have value less than or equal to 1000"),
    ],
    [
      "maxResults of 0 (A7)",
      { repositoryName: "app", maxResults: 0 },
      invalid("maxResults", "Member must have value greater than or equal to 1"),
    ],
  ])("validation: %s", async (_, input, expected) => {
    expect(await refused(call(service, operation, input))).toMatchObject(expected);
  });

  it("refuses a repository that is not there (C3)", async () => {
    const repositoryName = service.freshName();
    expect(await refused(call(service, operation, { repositoryName }))).toMatchObject(
      noRepository(service, repositoryName),
    );
  });

  it("answers an empty list and no token for an empty repository (A2)", async () => {
    const { json } = await call(service, operation, { repositoryName: await service.repository() });
    expect(json).toEqual({ [operation === "ListImages" ? "imageIds" : "imageDetails"]: [] });
  });

  it("filters by tags and by status; active ones are the default (C11)", async () => {
    const repositoryName = await service.repository();
    await pushImage(service, repositoryName, { tags: ["v1"] });
    await pushImage(service, repositoryName);
    const count = async (filter: object) => ((await list({ repositoryName, filter })) as unknown[]).length;
    const counted = [
      { tagStatus: "TAGGED" },
      { tagStatus: "UNTAGGED" },
      { tagStatus: "ANY" },
      {},
      { imageStatus: "ACTIVE" },
      { imageStatus: "ANY" },
      { imageStatus: "ARCHIVED" },
      { imageStatus: "ACTIVATING" },
    ];
    expect(await Promise.all(counted.map(count))).toEqual([1, 1, 2, 2, 2, 2, 0, 0]);
  });

  it.runIf(isLocal)("is not for another account to do (C1)", async () => {
    const repositoryName = await service.repository();
    const registryId = service.caller.accountId;
    const answer = refused(call(service, operation, { registryId, repositoryName }, { caller: service.stranger! }));
    expect(await answer).toMatchObject({ status: 400, name: "AccessDeniedException" });
  });
});

describe("ListImages", () => {
  it("gives an entry for each tag, and one without a tag for an untagged image, in order of first push (C11, design 6)", async () => {
    const repositoryName = await service.repository();
    const first = await pushImage(service, repositoryName, { tags: ["z", "a"] });
    const second = await pushImage(service, repositoryName);
    const { imageIds } = await service.ecr.listImages({ repositoryName });
    expect(imageIds).toEqual([
      { imageDigest: first.digest, imageTag: "a" },
      { imageDigest: first.digest, imageTag: "z" },
      { imageDigest: second.digest },
    ]);
  });
});

describe("DescribeImages", () => {
  it("tells size, times and types of an image (C11)", async () => {
    const repositoryName = await service.repository();
    const image = await pushImage(service, repositoryName, { tags: ["v1"] });
    const { imageDetails } = await service.ecr.describeImages({ repositoryName });
    expect(imageDetails).toEqual([
      {
        registryId: service.caller.accountId,
        repositoryName,
        imageDigest: image.digest,
        imageTags: ["v1"],
        imageSizeInBytes: 164,
        imagePushedAt: expect.any(Date),
        imageManifestMediaType: OCI_IMAGE,
        artifactMediaType: OCI_CONFIG,
        imageStatus: "ACTIVE",
      },
    ]);
    expect((imageDetails?.[0]?.imagePushedAt?.getTime() ?? 1) % 1000).toBe(0);
  });

  it("an index has the size of its largest image and no artifact type; untagged has no tags (A2, C11)", async () => {
    const repositoryName = await service.repository();
    const small = await pushImage(service, repositoryName);
    const large = await pushImage(service, repositoryName, {
      layers: [await uploadLayer(service, repositoryName, randomBlob(5000))],
    });
    const index = indexOf([small, large]);
    await putManifest(service, repositoryName, index);
    const { json } = await call(service, "DescribeImages", {
      repositoryName,
      imageIds: [{ imageDigest: index.digest }],
    });
    const [detail] = json["imageDetails"] as [object];
    expect(detail).toMatchObject({ imageSizeInBytes: 5064, imageManifestMediaType: OCI_INDEX });
    expect(Object.keys(detail)).not.toContain("imageTags");
    expect(Object.keys(detail)).not.toContain("artifactMediaType");
    expect(Object.keys(detail)).not.toContain("lastRecordedPullTime");
  });

  it("a layer that is named twice counts twice, as a pull sees it", async () => {
    const repositoryName = await service.repository();
    const layer = await uploadLayer(service, repositoryName, randomBlob(100));
    await pushImage(service, repositoryName, { layers: [layer, layer] });
    expect((await service.ecr.describeImages({ repositoryName })).imageDetails?.[0]?.imageSizeInBytes).toBe(264);
  });

  it("tells when an image was pulled, and of what it speaks (A6, C11)", async () => {
    const repositoryName = await service.repository();
    const subject = await pushImage(service, repositoryName);
    const extra = { subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.sizeBytes } };
    const signature = await pushImage(service, repositoryName, { extra });
    const imageIds = [{ imageDigest: signature.digest }];
    await service.ecr.batchGetImage({ repositoryName, imageIds });
    const { imageDetails } = await service.ecr.describeImages({ repositoryName, imageIds });
    expect(imageDetails).toMatchObject([
      { subjectManifestDigest: subject.digest, lastRecordedPullTime: expect.any(Date) },
    ]);
  });

  it("by ids: each image once, and one that is missing refuses all (C3)", async () => {
    const repositoryName = await service.repository();
    const { digest } = await pushImage(service, repositoryName, { tags: ["v1", "v2"] });
    const imageIds = [{ imageTag: "v2" }, { imageDigest: digest }];
    expect((await service.ecr.describeImages({ repositoryName, imageIds })).imageDetails).toHaveLength(1);
    const asked = service.ecr.describeImages({ repositoryName, imageIds: [...imageIds, { imageTag: "nope" }] });
    expect(await refusal(asked)).toEqual({
      name: "ImageNotFoundException",
      message: `The image with imageId {imageDigest:'null', imageTag:'nope'} does not exist within the repository with name '${repositoryName}' in the registry with id '${service.caller.accountId}'`,
    });
    const byDigest = service.ecr.describeImages({ repositoryName, imageIds: [{ imageDigest: missing }] });
    expect((await refusal(byDigest)).message).toContain(`{imageDigest:'${missing}', imageTag:'null'}`);
  });

  it.each([{ maxResults: 10 }, { nextToken: "token" }])("%j may not stand beside ids (A7)", async (paging) => {
    const repositoryName = await service.repository();
    await pushImage(service, repositoryName, { tags: ["v1"] });
    const asked = service.ecr.describeImages({ repositoryName, imageIds: [{ imageTag: "v1" }], ...paging });
    expect((await refusal(asked)).name).toBe("InvalidParameterException");
  });

  it("101 ids are too many (A4)", async () => {
    const imageIds = Array.from({ length: 101 }, (_, index) => ({ imageTag: `t${index}` }));
    expect(await refusal(service.ecr.describeImages({ repositoryName: await service.repository(), imageIds }))).toEqual(
      invalid("imageIds", "Member must have length less than or equal to 100"),
    );
  });
});

describe("ListImageReferrers", () => {
  const list = async (repositoryName: string, imageDigest: string, filter?: object) =>
    (await service.ecr.listImageReferrers({ repositoryName, subjectId: { imageDigest }, ...(filter && { filter }) }))
      .referrers;

  it.each([
    ["a text as subject", { repositoryName: "app", subjectId: missing }],
    ["a text as types", { repositoryName: "app", subjectId: { imageDigest: missing }, filter: { artifactTypes: "a" } }],
  ])("serialization: %s is refused (C1)", async (_, input) => {
    expect(await refused(call(service, "ListImageReferrers", input))).toMatchObject({ name: "SerializationException" });
  });

  it.each([
    ["no subject (A3)", { repositoryName: "app" }, invalid("subjectId", "Member must not be null")],
    [
      "a subject without a digest (A6)",
      { repositoryName: "app", subjectId: {} },
      invalid("subjectId.imageDigest", "Member must not be null"),
    ],
    [
      "51 a page (A7)",
      { repositoryName: "app", subjectId: { imageDigest: missing }, maxResults: 51 },
      invalid("maxResults", "Member must have value less than or equal to 50"),
    ],
    [
      "six types (A4)",
      {
        repositoryName: "app",
        subjectId: { imageDigest: missing },
        filter: { artifactTypes: ["a", "b", "c", "d", "e", "f"] },
      },
      invalid("filter.artifactTypes", "Member must have length less than or equal to 5"),
    ],
    [
      "a status that is none (A5)",
      { repositoryName: "app", subjectId: { imageDigest: missing }, filter: { artifactStatus: "x" } },
      invalid("filter.artifactStatus", enumOf("ACTIVE", "ARCHIVED", "ACTIVATING", "ANY")),
    ],
  ])("validation: %s", async (_, input, expected) => {
    expect(await refused(call(service, "ListImageReferrers", input))).toMatchObject(expected);
  });

  it("lists what names the subject, by type and status (A6, C11)", async () => {
    const repositoryName = await service.repository();
    const subject = await pushImage(service, repositoryName);
    const config = await uploadLayer(service, repositoryName, randomBlob());
    const referTo = { mediaType: subject.mediaType, digest: subject.digest, size: subject.sizeBytes };
    const artifact = imageOf(config, [], {
      extra: { artifactType: "application/sbom", subject: referTo, annotations: { made: "by us" } },
    });
    const plain = imageOf(config, [config], { extra: { subject: referTo } });
    for (const manifest of [artifact, plain]) await putManifest(service, repositoryName, manifest);
    const sbom = {
      digest: artifact.digest,
      mediaType: OCI_IMAGE,
      artifactType: "application/sbom",
      size: artifact.sizeBytes,
      annotations: { made: "by us" },
      artifactStatus: "ACTIVE",
    };
    expect(await list(repositoryName, subject.digest)).toEqual([
      sbom,
      {
        digest: plain.digest,
        mediaType: OCI_IMAGE,
        artifactType: OCI_CONFIG,
        size: plain.sizeBytes,
        artifactStatus: "ACTIVE",
      },
    ]);
    expect(
      await list(repositoryName, subject.digest, { artifactTypes: ["application/sbom", "application/other"] }),
    ).toEqual([sbom]);
    expect(await list(repositoryName, subject.digest, { artifactStatus: "ARCHIVED" })).toEqual([]);
    expect(await list(repositoryName, subject.digest, { artifactStatus: "ANY" })).toHaveLength(2);
  });

  it("answers an empty list for a subject that nobody names, even one that is not there", async () => {
    expect(await list(await service.repository(), missing)).toEqual([]);
  });

  it("refuses a subject that is no digest and a repository that is not there", async () => {
    const repositoryName = service.freshName();
    expect(await refusal(list(repositoryName, missing))).toEqual(noRepository(service, repositoryName));
    expect((await refusal(list(await service.repository(), "latest"))).name).toBe("InvalidParameterException");
  });

  it.runIf(isLocal)("is not for another account to do (C1)", async () => {
    const repositoryName = await service.repository();
    const stranger = clientOf(service.endpoint, service.stranger!);
    const registryId = service.caller.accountId;
    const asked = stranger.listImageReferrers({ registryId, repositoryName, subjectId: { imageDigest: missing } });
    expect((await refusal(asked)).name).toBe("AccessDeniedException");
  });
});
