import { mediaTypes } from "@stowage/model";
import type { Descriptor, Digest, Manifest } from "@stowage/model";
import { getBlob } from "../blobs.ts";
import { InvalidContentError } from "../failures.ts";
import { getManifest, MAX_MANIFEST_BYTES, readManifest } from "../manifests.ts";
import type { OciCallOptions } from "../options.ts";
import { bytesOf, parseJson } from "../reply.ts";
import { isPlatform } from "./graph.ts";
import type { ImageAddress } from "./registry-image.ts";

export interface InspectedImage {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly manifest: Manifest;
  /** The image's configuration as it is; absent for an index, and for what is no container image. */
  readonly config?: unknown;
  /** Bytes of the configuration and all layers, each once. */
  readonly sizeBytes: number;
}

/**
 * Reads what an image is without pulling its layers.
 * @throws OciError 404: there is no such image
 * @throws InvalidContentError an index has no image for the platform that was asked for
 */
export async function inspectImage(
  { client, repository, reference }: ImageAddress,
  { platform, signal }: { readonly platform?: string | undefined } & OciCallOptions = {},
): Promise<InspectedImage> {
  const { transport } = client;
  const content = await getManifest(transport, { repository, reference }, { signal });
  const manifest = readManifest(content);
  if (manifest.kind === "index" && platform !== undefined) {
    const child = manifest.manifests.find((entry) => isPlatform(entry.platform, platform));
    if (child === undefined) throw new InvalidContentError(`The image is not made for ${platform}`);
    return inspectImage({ client, repository, reference: child.digest }, { signal });
  }
  const { digest, mediaType } = content;
  if (manifest.kind === "index") return { digest, mediaType, manifest, sizeBytes: 0 };
  const { config, layers } = manifest;
  const sizes = new Map([config, ...layers].map((blob): [Digest, number] => [blob.digest, blob.sizeBytes]));
  const sizeBytes = [...sizes.values()].reduce((total, size) => total + size, 0);
  const inspected = { digest, mediaType, manifest, sizeBytes };
  if (!isImageConfig(config)) return inspected;
  const body = getBlob(transport, { repository, digest: config.digest }, { sizeBytes: config.sizeBytes, signal });
  return { ...inspected, config: parseJson(await bytesOf({ body }, MAX_MANIFEST_BYTES)) };
}

function isImageConfig({ mediaType }: Descriptor): boolean {
  return mediaType === mediaTypes.ociConfig || mediaType === mediaTypes.dockerConfig;
}
