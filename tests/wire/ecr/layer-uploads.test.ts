import { createHash, randomUUID } from "node:crypto";
import { InvalidLayerPartException } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MIB, digestOf, randomBlob, uploadLayer } from "./fixtures.ts";
import { call, refused } from "./raw.ts";
import { invalid, isLocal, noRepository, openService, refusal, type Service } from "./service.ts";

let service: Service;
beforeAll(async () => void (service = await openService()));
afterAll(() => service.close());

const DIGEST = digestOf("a layer that nobody has");
const DIGEST_PATTERN = "Member must satisfy regular expression pattern: [a-zA-Z0-9-_+.]+:[a-fA-F0-9]+";

const begin = async (repositoryName: string): Promise<string> =>
  (await service.ecr.initiateLayerUpload({ repositoryName })).uploadId ?? "";
const part = (repositoryName: string, uploadId: string, bytes: Uint8Array, first = 0) =>
  service.ecr.uploadLayerPart({
    repositoryName,
    uploadId,
    partFirstByte: first,
    partLastByte: first + bytes.length - 1,
    layerPartBlob: bytes,
  });

describe("serialization", () => {
  it.each([
    ["InitiateLayerUpload", { repositoryName: {} }],
    [
      "UploadLayerPart",
      { repositoryName: "app", uploadId: DIGEST, partFirstByte: "0", partLastByte: 1, layerPartBlob: "AA==" },
    ],
    [
      "UploadLayerPart",
      { repositoryName: "app", uploadId: DIGEST, partFirstByte: 0, partLastByte: 1.5, layerPartBlob: "AA==" },
    ],
    [
      "UploadLayerPart",
      { repositoryName: "app", uploadId: DIGEST, partFirstByte: 0, partLastByte: 1, layerPartBlob: "not base64!" },
    ],
    [
      "UploadLayerPart",
      { repositoryName: "app", uploadId: DIGEST, partFirstByte: 0, partLastByte: 1, layerPartBlob: [1] },
    ],
    ["CompleteLayerUpload", { repositoryName: "app", uploadId: DIGEST, layerDigests: DIGEST }],
    ["BatchCheckLayerAvailability", { repositoryName: "app", layerDigests: [1] }],
    ["GetDownloadUrlForLayer", { repositoryName: "app", layerDigest: [DIGEST] }],
  ])("%s %j is refused (C1)", async (operation, input) => {
    expect(await refused(call(service, operation, input))).toMatchObject({
      status: 400,
      name: "SerializationException",
    });
  });
});

describe("validation", () => {
  const ids = { repositoryName: "app", uploadId: randomUUID() };
  it.each([
    ["InitiateLayerUpload", {}, invalid("repositoryName", "must not be null")],
    [
      "UploadLayerPart",
      { ...ids, uploadId: "x", partFirstByte: 0, partLastByte: 0, layerPartBlob: "AA==" },
      { name: "InvalidParameterException" },
    ],
    [
      "UploadLayerPart",
      { ...ids, partFirstByte: -1, partLastByte: 0, layerPartBlob: "AA==" },
      invalid("partFirstByte", "Member must have value greater than or equal to 0"),
    ],
    [
      "UploadLayerPart",
      { ...ids, partFirstByte: 0, partLastByte: 0 },
      invalid("layerPartBlob", "Member must not be null"),
    ],
    [
      "CompleteLayerUpload",
      { ...ids, layerDigests: [] },
      invalid("layerDigests", "Member must have length greater than or equal to 1"),
    ],
    ["CompleteLayerUpload", ids, invalid("layerDigests", "Member must not be null")],
    [
      "BatchCheckLayerAvailability",
      { repositoryName: "app", layerDigests: [] },
      invalid("layerDigests", "Member must have length greater than or equal to 1"),
    ],
    [
      "GetDownloadUrlForLayer",
      { repositoryName: "app", layerDigest: "sha256" },
      invalid("layerDigest", DIGEST_PATTERN),
    ],
  ])("%s %j", async (operation, input, expected) => {
    expect(await refused(call(service, operation, input))).toMatchObject(expected);
  });

  it("101 digests are too many to check (A4)", async () => {
    const layerDigests = Array.from({ length: 101 }, (_, index) => digestOf(String(index)));
    expect(
      await refusal(
        service.ecr.batchCheckLayerAvailability({ repositoryName: await service.repository(), layerDigests }),
      ),
    ).toEqual(invalid("layerDigests", "Member must have length less than or equal to 100"));
  });

  it("a digest of another algorithm is refused", async () => {
    const repositoryName = await service.repository();
    const uploadId = await begin(repositoryName);
    await part(repositoryName, uploadId, Uint8Array.of(1));
    const completed = service.ecr.completeLayerUpload({
      repositoryName,
      uploadId,
      layerDigests: [`md5:${"0".repeat(32)}`],
    });
    expect((await refusal(completed)).name).toBe("InvalidParameterException");
  });
});

describe("a repository that is not there (C3)", () => {
  it("is the first thing that is said", async () => {
    const repositoryName = service.freshName();
    const missing = noRepository(service, repositoryName);
    const uploadId = randomUUID();
    expect(await refusal(service.ecr.initiateLayerUpload({ repositoryName }))).toEqual(missing);
    expect(await refusal(part(repositoryName, uploadId, Uint8Array.of(1)))).toEqual(missing);
    expect(
      await refusal(service.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [DIGEST] })),
    ).toEqual(missing);
    expect(await refusal(service.ecr.batchCheckLayerAvailability({ repositoryName, layerDigests: [DIGEST] }))).toEqual(
      missing,
    );
    expect(await refusal(service.ecr.getDownloadUrlForLayer({ repositoryName, layerDigest: DIGEST }))).toEqual(missing);
  });
});

describe("UploadLayerPart", () => {
  it("answers positions as they were taken (C6)", async () => {
    const repositoryName = await service.repository();
    const { uploadId, partSize } = await service.ecr.initiateLayerUpload({ repositoryName });
    expect(uploadId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(partSize).toBe(10 * MIB);
    const { $metadata: _, ...first } = await part(repositoryName, uploadId!, new Uint8Array(5 * MIB));
    expect(first).toEqual({
      registryId: service.caller.accountId,
      repositoryName,
      uploadId,
      lastByteReceived: 5 * MIB - 1,
    });
    expect((await part(repositoryName, uploadId!, Uint8Array.of(1), 5 * MIB)).lastByteReceived).toBe(5 * MIB);
  });

  it.each([
    ["a gap", 6],
    ["an overlap", 2],
  ])("%s is told where to go on (C6)", async (_, first) => {
    const repositoryName = await service.repository();
    const uploadId = await begin(repositoryName);
    await part(repositoryName, uploadId, new Uint8Array(5));
    const failed = await part(repositoryName, uploadId, new Uint8Array(5), first).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(InvalidLayerPartException);
    expect(failed).toMatchObject({
      registryId: service.caller.accountId,
      repositoryName,
      uploadId,
      lastValidByteReceived: 4,
    });
  });

  it("positions that do not fit the bytes are refused (C6)", async () => {
    const repositoryName = await service.repository();
    const uploadId = await begin(repositoryName);
    const failed = service.ecr.uploadLayerPart({
      repositoryName,
      uploadId,
      partFirstByte: 0,
      partLastByte: 9,
      layerPartBlob: new Uint8Array(5),
    });
    expect((await refusal(failed)).name).toBe("InvalidLayerPartException");
  });

  it("takes 20 MiB and not a byte more (A4)", async () => {
    const repositoryName = await service.repository();
    const uploadId = await begin(repositoryName);
    const bytes = new Uint8Array(20 * MIB).fill(7);
    expect(await refusal(part(repositoryName, uploadId, new Uint8Array(20 * MIB + 1)))).toEqual(
      invalid("layerPartBlob", "Member must have length less than or equal to 20971520"),
    );
    await part(repositoryName, uploadId, bytes);
    const { layerDigest } = await service.ecr.completeLayerUpload({
      repositoryName,
      uploadId,
      layerDigests: [digestOf(bytes)],
    });
    expect(layerDigest).toBe(digestOf(bytes));
  });

  it("does not know an upload of nobody, of another repository or of another account (C6)", async () => {
    const repositoryName = await service.repository();
    const uploadId = await begin(await service.repository());
    for (const id of [randomUUID(), randomUUID().toUpperCase(), uploadId]) {
      expect(await refusal(part(repositoryName, id, Uint8Array.of(1)))).toEqual({
        name: "UploadNotFoundException",
        message: `The upload with ID '${id}' does not exist in the repository with name '${repositoryName}' in the registry with id '${service.caller.accountId}'`,
      });
    }
  });

  it.runIf(isLocal)("refuses the byte after the last that a layer may have (C20)", async () => {
    const small = await openService({ quotas: { maxLayerBytes: 10 } });
    const repositoryName = await small.repository();
    const { uploadId } = await small.ecr.initiateLayerUpload({ repositoryName });
    const send = (first: number, layerPartBlob: Uint8Array) => {
      const partLastByte = first + layerPartBlob.length - 1;
      return small.ecr.uploadLayerPart({ repositoryName, uploadId, partFirstByte: first, partLastByte, layerPartBlob });
    };
    expect((await refusal(send(0, new Uint8Array(11)))).name).toBe("LimitExceededException");
    expect((await send(0, new Uint8Array(10))).lastByteReceived).toBe(9);
    expect((await refusal(send(10, new Uint8Array(1)))).name).toBe("LimitExceededException");
    await small.close();
  });

  it.runIf(isLocal)("refuses the part after the last that is allowed (C20)", async () => {
    const small = await openService({ quotas: { maxParts: 2, minPartBytes: 1 } });
    const repositoryName = await small.repository();
    const { uploadId } = await small.ecr.initiateLayerUpload({ repositoryName });
    const send = (at: number) =>
      small.ecr.uploadLayerPart({
        repositoryName,
        uploadId,
        partFirstByte: at,
        partLastByte: at,
        layerPartBlob: Uint8Array.of(at),
      });
    await send(0);
    await send(1);
    expect((await refusal(send(2))).name).toBe("LimitExceededException");
    await small.close();
  });
});

describe("CompleteLayerUpload", () => {
  it("answers the layer, which is then available (C6)", async () => {
    const repositoryName = await service.repository();
    const uploadId = await begin(repositoryName);
    const blob = randomBlob(5 * MIB + 3);
    await part(repositoryName, uploadId, blob.bytes.subarray(0, 5 * MIB));
    await part(repositoryName, uploadId, blob.bytes.subarray(5 * MIB), 5 * MIB);
    const { $metadata: _, ...answer } = await service.ecr.completeLayerUpload({
      repositoryName,
      uploadId,
      layerDigests: [blob.digest],
    });
    expect(answer).toEqual({
      registryId: service.caller.accountId,
      repositoryName,
      uploadId,
      layerDigest: blob.digest,
    });
    const { layers } = await service.ecr.batchCheckLayerAvailability({ repositoryName, layerDigests: [blob.digest] });
    expect(layers).toMatchObject([
      { layerDigest: blob.digest, layerAvailability: "AVAILABLE", layerSize: 5 * MIB + 3 },
    ]);
  });

  it("takes a digest of sha512, too (design 1.6)", async () => {
    const repositoryName = await service.repository();
    const uploadId = await begin(repositoryName);
    const { bytes } = randomBlob();
    await part(repositoryName, uploadId, bytes);
    const digest = `sha512:${createHash("sha512").update(bytes).digest("hex")}`;
    const { layerDigest } = await service.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [digest] });
    expect(layerDigest).toBe(digest);
  });

  it("an upload without parts is empty (C6)", async () => {
    const repositoryName = await service.repository();
    const uploadId = await begin(repositoryName);
    expect(
      (await refusal(service.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [DIGEST] }))).name,
    ).toBe("EmptyUploadException");
  });

  it("a part below 5 MiB may only be the last (C6)", async () => {
    const repositoryName = await service.repository();
    const uploadId = await begin(repositoryName);
    await part(repositoryName, uploadId, new Uint8Array(5 * MIB - 1));
    await part(repositoryName, uploadId, new Uint8Array(1), 5 * MIB - 1);
    expect(
      (await refusal(service.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [DIGEST] }))).name,
    ).toBe("LayerPartTooSmallException");
  });

  it("bytes of another digest are refused (C6)", async () => {
    const repositoryName = await service.repository();
    const uploadId = await begin(repositoryName);
    await part(repositoryName, uploadId, Uint8Array.of(1));
    expect(
      (await refusal(service.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [DIGEST] }))).name,
    ).toBe("InvalidLayerException");
  });

  it("a layer that the repository has is told so (C6)", async () => {
    const repositoryName = await service.repository();
    const blob = await uploadLayer(service, repositoryName, randomBlob());
    expect((await refusal(uploadLayer(service, repositoryName, blob))).name).toBe("LayerAlreadyExistsException");
    await uploadLayer(service, await service.repository(), blob);
  });

  it("ends the upload (C6)", async () => {
    const repositoryName = await service.repository();
    const uploadId = await begin(repositoryName);
    const blob = randomBlob();
    await part(repositoryName, uploadId, blob.bytes);
    await service.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [blob.digest] });
    expect(
      (await refusal(service.ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [blob.digest] }))).name,
    ).toBe("UploadNotFoundException");
  });
});
