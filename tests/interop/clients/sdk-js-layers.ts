import {
  CompleteLayerUploadCommand,
  ECRServiceException,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  InvalidLayerPartException,
  PutImageCommand,
  UploadLayerPartCommand,
  type UploadLayerPartCommandInput,
} from "@aws-sdk/client-ecr";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { type Content, content, type Image, sha256 } from "../images.ts";

const MEBIBYTE = 1024 * 1024;

/** Expects a call to be refused with an error of this name, as the SDK reports it. */
export async function refused(call: Promise<unknown>, name: string, text = /./): Promise<ECRServiceException> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof ECRServiceException, String(error));
    assert.equal(error.name, name, error.message);
    assert.match(error.message, text);
    return error;
  }
  return assert.fail(`succeeded instead of failing with ${name}`);
}

export async function uploadLayer(ecr: ECRClient, repositoryName: string, layer: Content): Promise<void> {
  const { uploadId, partSize } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
  assert.ok(uploadId && partSize);
  for (let at = 0; at < layer.size; at += partSize) {
    const layerPartBlob = layer.bytes.subarray(at, at + partSize);
    const [partFirstByte, partLastByte] = [at, at + layerPartBlob.length - 1];
    const part: UploadLayerPartCommandInput = { repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob };
    const { lastByteReceived } = await ecr.send(new UploadLayerPartCommand(part));
    assert.equal(lastByteReceived, partLastByte);
  }
  const complete = new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [layer.digest] });
  assert.equal((await ecr.send(complete)).layerDigest, layer.digest);
}

/** Uploads what the repository lacks of an image and puts its manifest. */
export async function pushImage(
  ecr: ECRClient,
  repositoryName: string,
  image: Image,
  imageTag?: string,
): Promise<void> {
  for (const piece of [...image.layers, image.config]) {
    try {
      await uploadLayer(ecr, repositoryName, piece);
    } catch (error) {
      if (!(error instanceof ECRServiceException && error.name === "LayerAlreadyExistsException")) throw error;
    }
  }
  const imageManifest = Buffer.from(image.manifest.bytes).toString();
  const put = new PutImageCommand({ repositoryName, imageManifest, ...(imageTag === undefined ? {} : { imageTag }) });
  const { image: stored } = await ecr.send(put);
  assert.equal(stored?.imageId?.imageDigest, image.manifest.digest);
  assert.equal(stored.imageId.imageTag, imageTag);
}

export async function checkUploadErrors(ecr: ECRClient, repositoryName: string): Promise<void> {
  const missing = new InitiateLayerUploadCommand({ repositoryName: `${repositoryName}/missing` });
  await refused(ecr.send(missing), "RepositoryNotFoundException", /does not exist in the registry with id '\d{12}'/);
  const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
  const layer = content("application/octet-stream", randomBytes(MEBIBYTE));
  const complete = (layerDigests: string[], id = uploadId): Promise<unknown> =>
    ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId: id, layerDigests }));
  const send = (partFirstByte: number, layerPartBlob: Uint8Array): Promise<unknown> => {
    const partLastByte = partFirstByte + layerPartBlob.length - 1;
    return ecr.send(
      new UploadLayerPartCommand({ repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob }),
    );
  };
  await refused(complete([layer.digest]), "EmptyUploadException");
  await send(0, layer.bytes);
  const gap = await refused(send(2 * MEBIBYTE, layer.bytes), "InvalidLayerPartException");
  assert.ok(gap instanceof InvalidLayerPartException);
  assert.equal(gap.lastValidByteReceived, MEBIBYTE - 1);
  await refused(complete([sha256(randomBytes(8))]), "InvalidLayerException");
  await refused(complete([layer.digest], "00000000-0000-4000-8000-000000000000"), "UploadNotFoundException");
}

/** The URL of a layer works without credentials, whole and by range, and gives the bytes that were pushed. */
export async function checkDownload(ecr: ECRClient, repositoryName: string, image: Image): Promise<void> {
  const [layer] = image.layers;
  assert.ok(layer);
  const ask = new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: layer.digest });
  const { downloadUrl, layerDigest } = await ecr.send(ask);
  assert.ok(downloadUrl);
  assert.equal(layerDigest, layer.digest);
  await checkLayerUrl(downloadUrl, layer);
  const unknown = new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: sha256(randomBytes(8)) });
  await refused(ecr.send(unknown), "LayersNotFoundException");
}

export async function checkLayerUrl(url: string, layer: Content): Promise<void> {
  const whole = await fetch(url);
  assert.equal(whole.status, 200);
  assert.equal(sha256(Buffer.from(await whole.arrayBuffer())), layer.digest);
  const part = await fetch(url, { headers: { range: "bytes=1000-1999" } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("content-range"), `bytes 1000-1999/${layer.size}`);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), Buffer.from(layer.bytes.subarray(1000, 2000)));
}
