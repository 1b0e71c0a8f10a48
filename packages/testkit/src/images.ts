import { createHash } from "node:crypto";
import { digestOf, mediaTypes, type Digest } from "@stowage/model";

/** Bytes under their digest. */
export interface TestBlob {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

export interface TestManifest extends TestBlob {
  readonly mediaType: string;
  readonly blobs: readonly TestBlob[];
}

export interface TestDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export function testBlob(content: string | Uint8Array, algorithm: "sha256" | "sha512" = "sha256"): TestBlob {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { bytes, digest: digestOf(algorithm, createHash(algorithm).update(bytes).digest("hex")) };
}

export function describe(mediaType: string, { digest, bytes }: TestBlob): TestDescriptor {
  return { mediaType, digest, size: bytes.length };
}

/** An image of one config and as many layers as texts; `extra` members go into the manifest. */
export function testImage(
  options: { readonly config?: string; readonly layers?: readonly string[]; readonly extra?: object } = {},
): TestManifest {
  const config = testBlob(options.config ?? '{"architecture":"amd64","os":"linux"}');
  const layers = (options.layers ?? ["a layer"]).map((text) => testBlob(text));
  const manifest = testBlob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociImage,
      config: describe("application/vnd.oci.image.config.v1+json", config),
      layers: layers.map((layer) => describe("application/vnd.oci.image.layer.v1.tar", layer)),
      ...options.extra,
    }),
  );
  return { ...manifest, mediaType: mediaTypes.ociImage, blobs: [config, ...layers] };
}

export function testIndex(children: readonly TestManifest[], extra: object = {}): TestManifest {
  const manifests = children.map((child) => describe(child.mediaType, child));
  const index = testBlob(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests, ...extra }));
  return { ...index, mediaType: mediaTypes.ociIndex, blobs: [] };
}
