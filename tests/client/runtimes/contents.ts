import { digestOf, mediaTypes } from "@stowage/model";
import type { Digest, SupportedAlgorithm } from "@stowage/model";

/** Bytes under their digest, which the runtime computed and not the client. */
export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly digest: Digest;
}

export interface Image extends Content {
  readonly mediaType: string;
  readonly blobs: readonly Content[];
  /** Of an index. */
  readonly children: readonly Image[];
}

const MOST_RANDOM_BYTES = 65_536;

/** Bytes that cannot be compressed. */
export function noise(sizeBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  for (let at = 0; at < sizeBytes; at += MOST_RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(at, at + MOST_RANDOM_BYTES));
  }
  return bytes;
}

export async function contentOf(
  from: Uint8Array<ArrayBuffer> | string | object,
  algorithm: SupportedAlgorithm = "sha256",
): Promise<Content> {
  const bytes = bytesOf(from);
  const hash = await crypto.subtle.digest(algorithm === "sha256" ? "SHA-256" : "SHA-512", bytes);
  const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { bytes, digest: digestOf(algorithm, hex) };
}

function bytesOf(from: Uint8Array<ArrayBuffer> | string | object): Uint8Array<ArrayBuffer> {
  if (from instanceof Uint8Array) return from as Uint8Array<ArrayBuffer>;
  return new TextEncoder().encode(typeof from === "string" ? from : JSON.stringify(from));
}

export async function imageOf(layer: Uint8Array<ArrayBuffer>, architecture = "amd64"): Promise<Image> {
  const config = await contentOf({ architecture, os: "linux", rootfs: { type: "layers", diff_ids: [] } });
  const blobs = [config, await contentOf(layer)];
  const [configEntry, ...layers] = blobs.map((blob, place) =>
    entryOf(blob, place === 0 ? mediaTypes.ociConfig : "application/vnd.oci.image.layer.v1.tar"),
  );
  const mediaType = mediaTypes.ociImage;
  return {
    ...(await contentOf({ schemaVersion: 2, mediaType, config: configEntry, layers })),
    mediaType,
    blobs,
    children: [],
  };
}

/** An index of one image for each architecture. */
export async function indexOf(images: Readonly<Record<string, Image>>): Promise<Image> {
  const manifests = Object.entries(images).map(([architecture, image]) => ({
    ...entryOf(image, image.mediaType),
    platform: { os: "linux", architecture },
  }));
  const mediaType = mediaTypes.ociIndex;
  const children = Object.values(images);
  return { ...(await contentOf({ schemaVersion: 2, mediaType, manifests })), mediaType, blobs: [], children };
}

function entryOf({ bytes, digest }: Content, mediaType: string): object {
  return { mediaType, digest, size: bytes.length };
}
