import { digestOf, mediaTypes } from "@stowage/model";
import type { Digest } from "@stowage/model";
import { digestBytes } from "../content.ts";
import { ContentMismatchError, InvalidContentError, NotFoundError } from "../failures.ts";
import { headBlob } from "../blobs.ts";
import { MAX_MANIFEST_BYTES, putManifest } from "../manifests.ts";
import { bytesOf, parseJson } from "../reply.ts";
import { uploadBlob } from "../uploads.ts";
import type { UploadedBlob } from "../uploads.ts";
import { concurrently } from "./concurrently.ts";
import { once } from "./files.ts";
import type { ReadableFiles } from "./files.ts";
import type { PushLayoutOptions } from "./push-layout.ts";
import type { ImageAddress } from "./registry-image.ts";
import { DEFAULT_CONCURRENCY } from "./transfer.ts";
import type { TransferResult } from "./transfer.ts";

const MAX_LAYERS = 10_000;
const GZIP_MAGIC = [0x1f, 0x8b];

interface SavedImage {
  readonly config: string;
  readonly names: readonly string[];
  readonly layers: readonly string[];
}

/**
 * Pushes what `docker save` wrote, as `docker push` does: the configuration as it is, layers compressed with gzip, and a
 * manifest of Docker's schema 2. Each layer is held against the digest that the configuration has of it.
 */
export async function pushDockerArchive(
  files: ReadableFiles,
  to: ImageAddress,
  options: PushLayoutOptions,
): Promise<TransferResult> {
  const saved = choose(await savedImages(files), options.image);
  const { transport } = to.client;
  const config = await small(files, saved.config);
  const diffIds = diffIdsOf(config);
  if (diffIds.length !== saved.layers.length) {
    throw new InvalidContentError(
      `The configuration names ${diffIds.length} layers, the archive ${saved.layers.length}`,
    );
  }
  const layers = new Map<string, UploadedBlob>();
  const { signal, concurrency: limit = DEFAULT_CONCURRENCY } = options;
  const different = [...new Map(saved.layers.map((name, at) => [name, diffIds[at] ?? ""]))];
  await concurrently(different, { limit, signal }, async ([name, diffId], running) => {
    layers.set(name, await pushLayer(files, { ...options, name, diffId, to, signal: running }));
  });
  const configDigest = digestBytes(transport.platform, config);
  const address = { repository: to.repository, digest: configDigest };
  if ((await headBlob(transport, address, { signal })) === undefined) {
    const expected = { digest: configDigest, sizeBytes: config.length };
    const content = { expected, open: (fromByte: number) => once(config.subarray(fromByte)) };
    await uploadBlob(transport, to.repository, { content, signal });
  }
  const bytes = new TextEncoder().encode(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.dockerImage,
      config: { mediaType: mediaTypes.dockerConfig, size: config.length, digest: configDigest },
      layers: saved.layers.map((name) => {
        const layer = layers.get(name);
        return { mediaType: mediaTypes.dockerLayerGzip, size: layer?.sizeBytes, digest: layer?.digest };
      }),
    }),
  );
  const mediaType = mediaTypes.dockerImage;
  let digest: Digest | undefined;
  for (const reference of [to.reference, ...(options.tags ?? [])]) {
    ({ digest } = await putManifest(transport, { repository: to.repository, reference }, { bytes, mediaType, signal }));
    options.onProgress?.({ kind: "manifest", digest, mediaType, state: "done", tag: reference });
  }
  const sizes = [...layers.values()].map(({ sizeBytes }) => sizeBytes);
  const total = sizes.reduce((sum, size) => sum + size, config.length);
  return {
    digest: digest ?? digestBytes(transport.platform, bytes),
    mediaType,
    manifests: 1,
    blobs: layers.size + 1,
    bytes: total,
  };
}

interface PushedLayer extends PushLayoutOptions {
  readonly name: string;
  readonly diffId: string;
  readonly to: ImageAddress;
}

async function pushLayer(files: ReadableFiles, layer: PushedLayer): Promise<UploadedBlob> {
  const { name, diffId, to, signal, onProgress } = layer;
  const { transport, partBytes } = to.client;
  const { platform } = transport;
  const isGzip = await startsWith(files, name, GZIP_MAGIC);
  const open = (): AsyncIterable<Uint8Array> =>
    isGzip ? files.read(name, 0) : platform.gzip(checked(files.read(name, 0), diffId, platform.hash("sha256")));
  const blob = await uploadBlob(transport, to.repository, { content: { open }, partBytes, signal });
  const { digest, sizeBytes } = blob;
  const mediaType = mediaTypes.dockerLayerGzip;
  onProgress?.({ kind: "blob", digest, mediaType, doneBytes: sizeBytes, totalBytes: sizeBytes, state: "done" });
  return blob;
}

async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  diffId: string,
  hash: { update(bytes: Uint8Array): void; digest(): string },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  const found = digestOf("sha256", hash.digest());
  if (found !== diffId) throw new ContentMismatchError(`The archive has bytes of ${found} as the layer ${diffId}`);
}

function choose(images: readonly SavedImage[], name: string | undefined): SavedImage {
  const [only] = name === undefined ? images : images.filter(({ names }) => names.includes(name));
  if (only !== undefined && (name !== undefined || images.length === 1)) return only;
  const names = images.flatMap((image) => image.names).slice(0, 20);
  throw new NotFoundError(`Name one image of the archive; it has ${names.join(", ") || "no names"}`);
}

async function savedImages(files: ReadableFiles): Promise<readonly SavedImage[]> {
  if ((await files.sizeBytes("manifest.json")) === undefined) {
    throw new InvalidContentError("The archive is neither an OCI layout nor from docker save");
  }
  const json = parseJson(await small(files, "manifest.json"));
  if (!Array.isArray(json)) throw new InvalidContentError("The archive's manifest.json is no list");
  return (json as readonly unknown[]).map((entry) => {
    const { Config: config, RepoTags: names, Layers: layers } = (entry ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof config !== "string" || !isTexts(layers) || layers.length > MAX_LAYERS) {
      throw new InvalidContentError("The archive's manifest.json has an invalid image");
    }
    return { config, layers, names: isTexts(names) ? names : [] };
  });
}

function diffIdsOf(config: Uint8Array): readonly string[] {
  const { rootfs } = (parseJson(config) ?? {}) as { readonly rootfs?: { readonly diff_ids?: unknown } };
  const diffIds = rootfs?.diff_ids;
  if (isTexts(diffIds)) return diffIds;
  throw new InvalidContentError("The archive's image configuration names no layers");
}

function isTexts(json: unknown): json is readonly string[] {
  return Array.isArray(json) && json.every((item) => typeof item === "string");
}

async function small(files: ReadableFiles, name: string): Promise<Uint8Array> {
  if ((await files.sizeBytes(name)) === undefined) throw new NotFoundError(`The archive does not have ${name}`);
  return bytesOf({ body: files.read(name, 0) }, MAX_MANIFEST_BYTES);
}

async function startsWith(files: ReadableFiles, name: string, magic: readonly number[]): Promise<boolean> {
  if ((await files.sizeBytes(name)) === undefined) throw new NotFoundError(`The archive does not have ${name}`);
  for await (const chunk of files.read(name, 0)) return magic.every((byte, at) => chunk[at] === byte);
  return false;
}
