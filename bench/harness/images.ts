import { randomBytes, randomUUID } from "node:crypto";
import { sha256 } from "./content.ts";

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

export interface Content {
  readonly digest: string;
  readonly bytes: Buffer;
}

/** An image that no registry has seen before; its layers are random bytes. */
export interface Image {
  readonly manifest: Content;
  /** Layers and config, in the order in which clients push them. */
  readonly blobs: readonly Content[];
}

export function makeImage(layerSizesBytes: readonly number[]): Image {
  return makeImageOf(layerSizesBytes.map((size) => contentOf(randomBytes(size))));
}

export function makeImageOf(layers: readonly Content[]): Image {
  const config = contentOf(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { Labels: { "bench.id": randomUUID() } }, // no two images are the same, whatever their layers
      rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    }),
  );
  const manifest = contentOf(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: { mediaType: CONFIG_TYPE, digest: config.digest, size: config.bytes.length },
      layers: layers.map(({ digest, bytes }) => ({ mediaType: LAYER_TYPE, digest, size: bytes.length })),
    }),
  );
  return { manifest, blobs: [...layers, config] };
}

export function contentOf(bytes: Uint8Array | string): Content {
  const buffer = Buffer.from(bytes);
  return { digest: sha256(buffer), bytes: buffer };
}

/** Digests that a manifest names, config and layers. */
export function blobsOf(manifest: Uint8Array): string[] {
  const { config, layers } = JSON.parse(Buffer.from(manifest).toString("utf8")) as {
    readonly config: { readonly digest: string };
    readonly layers: readonly { readonly digest: string }[];
  };
  return [config.digest, ...layers.map(({ digest }) => digest)];
}
