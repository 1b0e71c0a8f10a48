import { mediaTypes } from "@stowage/model";
import type { Descriptor } from "@stowage/model";
import { digestBytes } from "../content.ts";
import { NotFoundError } from "../failures.ts";
import { headManifest, getManifest } from "../manifests.ts";
import type { OciCallOptions } from "../options.ts";
import { descriptorJson } from "../referrers.ts";
import { uploadBlob } from "../uploads.ts";
import { headBlob } from "../blobs.ts";
import { once } from "./files.ts";
import { registryTarget } from "./registry-image.ts";
import type { ImageAddress } from "./registry-image.ts";

/** What is attached to an image: a signature, an inventory, whatever has a type. */
export interface Artifact {
  readonly artifactType: string;
  readonly blobs: readonly {
    readonly mediaType: string;
    readonly bytes: Uint8Array;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/**
 * Pushes an artifact that refers to an image; under the image's fallback tag too where the registry lists no referrers.
 * @returns the artifact's manifest
 * @throws NotFoundError there is no such image
 * Source: image-spec, guidelines for artifact usage.
 */
export async function attach(
  to: ImageAddress,
  artifact: Artifact,
  { signal }: OciCallOptions = {},
): Promise<Descriptor> {
  const { client, repository } = to;
  const { artifactType, annotations } = artifact;
  const subject = await subjectOf(to, signal);
  const config = await push(to, { mediaType: mediaTypes.ociEmpty, bytes: new TextEncoder().encode("{}") }, signal);
  const layers: Descriptor[] = [];
  for (const blob of artifact.blobs) layers.push(await push(to, blob, signal));
  const bytes = new TextEncoder().encode(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociImage,
      artifactType,
      config: descriptorJson(config),
      // Registries of before 1.1 want a layer.
      layers: (layers.length === 0 ? [config] : layers).map(descriptorJson),
      subject: descriptorJson(subject),
      ...(annotations === undefined ? {} : { annotations }),
    }),
  );
  const digest = digestBytes(client.transport.platform, bytes);
  const mediaType = mediaTypes.ociImage;
  const place = { subject, artifactType, annotations, signal };
  await registryTarget({ client, repository }).putManifest({ digest, mediaType, bytes }, place);
  return {
    mediaType,
    digest,
    sizeBytes: bytes.length,
    artifactType,
    ...(annotations === undefined ? {} : { annotations }),
  };
}

async function subjectOf(address: ImageAddress, signal: AbortSignal | undefined): Promise<Descriptor> {
  const { client, repository, reference } = address;
  const head = await headManifest(client.transport, { repository, reference }, { signal });
  if (head === undefined) throw new NotFoundError(`${repository} has no image ${reference}`);
  const { digest, mediaType, bytes } = await getManifest(client.transport, { repository, reference }, { signal });
  return { mediaType, digest, sizeBytes: bytes.length };
}

async function push(
  { client, repository }: ImageAddress,
  { mediaType, bytes, annotations }: Artifact["blobs"][number],
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const { transport, partBytes } = client;
  const expected = { digest: digestBytes(transport.platform, bytes), sizeBytes: bytes.length };
  const content = { expected, open: (fromByte: number) => once(bytes.subarray(fromByte)) };
  const present = await headBlob(transport, { repository, digest: expected.digest }, { signal });
  if (present === undefined) await uploadBlob(transport, repository, { content, partBytes, signal });
  return { mediaType, ...expected, ...(annotations === undefined ? {} : { annotations }) };
}
