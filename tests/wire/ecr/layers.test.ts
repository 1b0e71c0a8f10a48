import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OCI_LAYER, blobOf, digestOf, pushImage, randomBlob, uploadLayer } from "./fixtures.ts";
import { clientOf, isLocal, openService, refusal, type Service } from "./service.ts";

let service: Service;
beforeAll(async () => void (service = await openService()));
afterAll(() => service.close());

const DIGEST = digestOf("a layer that nobody has");

describe("BatchCheckLayerAvailability", () => {
  it("an unknown layer is unavailable, not a failure (C6, containerd's resolver)", async () => {
    const repositoryName = await service.repository();
    const { layers, failures } = await service.ecr.batchCheckLayerAvailability({
      repositoryName,
      layerDigests: [DIGEST],
    });
    expect(layers).toEqual([{ layerDigest: DIGEST, layerAvailability: "UNAVAILABLE" }]);
    expect(failures).toEqual([]);
  });

  it("a layer has the media type that a manifest gives it (C6)", async () => {
    const repositoryName = await service.repository();
    const layer = await uploadLayer(service, repositoryName, randomBlob(100));
    await pushImage(service, repositoryName, { layers: [layer] });
    const { layers } = await service.ecr.batchCheckLayerAvailability({ repositoryName, layerDigests: [layer.digest] });
    expect(layers).toEqual([
      { layerDigest: layer.digest, layerAvailability: "AVAILABLE", layerSize: 100, mediaType: OCI_LAYER },
    ]);
  });

  it("tells what is wrong with malformed and empty digests (C6)", async () => {
    const repositoryName = await service.repository();
    const { layers, failures } = await service.ecr.batchCheckLayerAvailability({
      repositoryName,
      layerDigests: ["sha256", ""],
    });
    expect(layers).toEqual([]);
    expect(failures).toMatchObject([
      { layerDigest: "sha256", failureCode: "InvalidLayerDigest" },
      { layerDigest: "", failureCode: "MissingLayerDigest" },
    ]);
  });

  it("tells nothing of other repositories (design 7)", async () => {
    const blob = await uploadLayer(service, await service.repository(), randomBlob());
    const repositoryName = await service.repository();
    const { layers } = await service.ecr.batchCheckLayerAvailability({ repositoryName, layerDigests: [blob.digest] });
    expect(layers).toEqual([{ layerDigest: blob.digest, layerAvailability: "UNAVAILABLE" }]);
  });
});

describe("GetDownloadUrlForLayer", () => {
  it("gives an address that serves the bytes to anyone, with ranges (C6)", async () => {
    const repositoryName = await service.repository();
    const layer = await uploadLayer(service, repositoryName, blobOf("0123456789".repeat(100)));
    await pushImage(service, repositoryName, { layers: [layer] });
    const { downloadUrl, layerDigest } = await service.ecr.getDownloadUrlForLayer({
      repositoryName,
      layerDigest: layer.digest,
    });
    expect(layerDigest).toBe(layer.digest);
    const whole = await fetch(downloadUrl!);
    expect(digestOf(new Uint8Array(await whole.arrayBuffer()))).toBe(layer.digest);
    const range = await fetch(downloadUrl!, { headers: { range: "bytes=10-13" } });
    expect([range.status, await range.text()]).toEqual([206, "0123"]);
  });

  it("refuses a layer that no image refers to (C6)", async () => {
    const repositoryName = await service.repository();
    const { digest: layerDigest } = await uploadLayer(service, repositoryName, randomBlob());
    expect((await refusal(service.ecr.getDownloadUrlForLayer({ repositoryName, layerDigest }))).name).toBe(
      "LayerInaccessibleException",
    );
  });

  it("refuses a layer that is not there (C3)", async () => {
    const repositoryName = await service.repository();
    expect(await refusal(service.ecr.getDownloadUrlForLayer({ repositoryName, layerDigest: DIGEST }))).toEqual({
      name: "LayersNotFoundException",
      message: `The layer with digest '${DIGEST}' does not exist within the repository with name '${repositoryName}' in the registry with id '${service.caller.accountId}'`,
    });
  });

  it.runIf(isLocal)("is not for another account to do (C1)", async () => {
    const repositoryName = await service.repository();
    const stranger = clientOf(service.endpoint, service.stranger!);
    const asked = stranger.getDownloadUrlForLayer({
      registryId: service.caller.accountId,
      repositoryName,
      layerDigest: DIGEST,
    });
    expect((await refusal(asked)).name).toBe("AccessDeniedException");
  });
});
