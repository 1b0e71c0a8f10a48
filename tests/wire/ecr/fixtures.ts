import { createHash, randomBytes } from "node:crypto";
import type { Service } from "./service.ts";

/** Bytes under their digest. */
export interface Blob {
  readonly bytes: Uint8Array;
  readonly digest: string;
}

export interface ManifestText {
  readonly text: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

export const OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const DOCKER_IMAGE = "application/vnd.docker.distribution.manifest.v2+json";
export const OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
export const OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
export const MIB = 1024 * 1024;

export function digestOf(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function blobOf(content: Uint8Array | string): Blob {
  const bytes = typeof content === "string" ? new Uint8Array(Buffer.from(content)) : content;
  return { bytes, digest: digestOf(bytes) };
}

/** Bytes that nobody has seen. */
export function randomBlob(sizeBytes = 64): Blob {
  return blobOf(new Uint8Array(randomBytes(sizeBytes)));
}

export function manifestText(value: object, mediaType: string): ManifestText {
  const text = JSON.stringify(value);
  return { text, digest: digestOf(text), mediaType, sizeBytes: Buffer.byteLength(text) };
}

export interface ImageOptions {
  readonly mediaType?: string;
  /** Further members of the manifest. */
  readonly extra?: object;
}

export function imageOf(
  config: Blob,
  layers: readonly Blob[],
  { mediaType = OCI_IMAGE, extra = {} }: ImageOptions = {},
): ManifestText {
  const described = (blob: Blob, type: string): object => ({
    mediaType: type,
    digest: blob.digest,
    size: blob.bytes.length,
  });
  const value = {
    schemaVersion: 2,
    mediaType,
    config: described(config, OCI_CONFIG),
    layers: layers.map((layer) => described(layer, OCI_LAYER)),
    ...extra,
  };
  return manifestText(value, mediaType);
}

export function indexOf(children: readonly ManifestText[], extra: object = {}): ManifestText {
  const manifests = children.map(({ mediaType, digest, sizeBytes }) => ({ mediaType, digest, size: sizeBytes }));
  return manifestText({ schemaVersion: 2, mediaType: OCI_INDEX, manifests, ...extra }, OCI_INDEX);
}

/** Uploads a blob in one part by the API's own way. */
export async function uploadLayer({ ecr }: Service, repositoryName: string, blob: Blob): Promise<Blob> {
  const { uploadId } = await ecr.initiateLayerUpload({ repositoryName });
  const part = { partFirstByte: 0, partLastByte: blob.bytes.length - 1, layerPartBlob: blob.bytes };
  await ecr.uploadLayerPart({ repositoryName, uploadId, ...part });
  await ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [blob.digest] });
  return blob;
}

export interface PushOptions extends ImageOptions {
  readonly tags?: readonly string[];
  readonly layers?: readonly Blob[];
}

/** Pushes an image that is like no other, once for each tag. */
export async function pushImage(
  service: Service,
  repositoryName: string,
  options: PushOptions = {},
): Promise<ManifestText> {
  const config = await uploadLayer(service, repositoryName, randomBlob());
  const layers = options.layers ?? [await uploadLayer(service, repositoryName, randomBlob(100))];
  const image = imageOf(config, layers, options);
  await putManifest(service, repositoryName, image, options.tags);
  return image;
}

export async function putManifest(
  { ecr }: Service,
  repositoryName: string,
  manifest: ManifestText,
  tags: readonly (string | undefined)[] = [undefined],
): Promise<void> {
  for (const imageTag of tags) await ecr.putImage({ repositoryName, imageManifest: manifest.text, imageTag });
}
