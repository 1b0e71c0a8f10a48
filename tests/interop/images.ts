import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tarOf } from "./tar.ts";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

export interface Content extends Descriptor {
  readonly bytes: Uint8Array;
}

/** An image made here from nothing: its layers hold random bytes, so no registry has seen them before. */
export interface Image {
  readonly manifest: Content;
  readonly config: Content;
  readonly layers: readonly Content[];
}

export interface ImageIndex {
  readonly manifest: Content;
  readonly images: readonly Image[];
}

export const mediaTypes = {
  oci: {
    manifest: "application/vnd.oci.image.manifest.v1+json",
    index: "application/vnd.oci.image.index.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  },
  docker: {
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    index: "application/vnd.docker.distribution.manifest.list.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  },
} as const;

export interface ImageOptions {
  readonly flavour?: keyof typeof mediaTypes;
  readonly architecture?: string;
  /** One layer for each size, holding one file of that many random bytes. */
  readonly layerSizesBytes?: readonly number[];
}

export const HOST_ARCHITECTURE = process.arch === "arm64" ? "arm64" : "amd64"; // engines unpack only what they could run

export function makeImage(options: ImageOptions = {}): Image {
  const { flavour = "oci", architecture = HOST_ARCHITECTURE, layerSizesBytes = [200_000, 50_000] } = options;
  const types = mediaTypes[flavour];
  const archives = layerSizesBytes.map((size, at) => tarOf([{ name: `data-${at}.bin`, bytes: randomBytes(size) }]));
  const layers = archives.map((archive) => content(types.layer, gzipSync(archive, { level: 1 })));
  const config = jsonContent(types.config, configOf(architecture, archives.map(sha256)));
  return { manifest: manifestOf(flavour, config, layers), config, layers };
}

export function makeIndex(options: ImageOptions = {}): ImageIndex {
  const { flavour = "oci" } = options;
  const images = ["amd64", "arm64"].map((architecture) => makeImage({ ...options, architecture }));
  const manifests = images.map(({ manifest }, at) => ({
    ...descriptorOf(manifest),
    platform: { os: "linux", architecture: at === 0 ? "amd64" : "arm64" },
  }));
  const mediaType = mediaTypes[flavour].index;
  return { manifest: jsonContent(mediaType, { schemaVersion: 2, mediaType, manifests }), images };
}

export function configOf(architecture: string, diffIds: readonly string[]): object {
  return {
    created: new Date(0).toISOString(),
    architecture,
    os: "linux",
    config: { Env: ["PATH=/"], Cmd: ["/data-0.bin"] },
    rootfs: { type: "layers", diff_ids: diffIds },
    history: diffIds.map(() => ({ created: new Date(0).toISOString(), created_by: "interop" })),
  };
}

export function manifestOf(
  flavour: keyof typeof mediaTypes,
  config: Descriptor,
  layers: readonly Descriptor[],
): Content {
  const mediaType = mediaTypes[flavour].manifest;
  const body = { schemaVersion: 2, mediaType, config: descriptorOf(config), layers: layers.map(descriptorOf) };
  return jsonContent(mediaType, body);
}

/** Every piece of an image or index, children before what refers to them. */
export function contentsOf(source: Image | ImageIndex): readonly Content[] {
  return "images" in source
    ? [...source.images.flatMap(contentsOf), source.manifest]
    : [...source.layers, source.config, source.manifest];
}

/** Writes an OCI image layout with one tag a source. */
export async function writeLayout(
  folder: string,
  sources: Readonly<Record<string, Image | ImageIndex>>,
): Promise<void> {
  await mkdir(join(folder, "blobs/sha256"), { recursive: true });
  for (const source of Object.values(sources)) {
    for (const piece of contentsOf(source)) await writeFile(blobPath(folder, piece.digest), piece.bytes);
  }
  await writeLayoutIndex(
    folder,
    Object.fromEntries(Object.entries(sources).map(([tag, source]) => [tag, source.manifest])),
  );
}

export async function writeLayoutIndex(folder: string, tags: Readonly<Record<string, Descriptor>>): Promise<void> {
  const manifests = Object.entries(tags).map(([tag, descriptor]) => ({
    ...descriptorOf(descriptor),
    annotations: { "org.opencontainers.image.ref.name": tag },
  }));
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await writeFile(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
}

export function blobPath(layout: string, digest: string): string {
  return join(layout, "blobs", ...digest.split(":"));
}

/** Proves that a layout which a client wrote holds every piece of `source`, byte for byte. */
export async function checkLayout(folder: string, source: Image | ImageIndex): Promise<void> {
  for (const piece of contentsOf(source)) {
    const found = await readFile(blobPath(folder, piece.digest));
    if (!found.equals(piece.bytes)) throw new Error(`${piece.digest} in ${folder} holds other bytes than were pushed`);
  }
}

export function content(mediaType: string, bytes: Uint8Array): Content {
  return { mediaType, digest: sha256(bytes), size: bytes.length, bytes };
}

export function jsonContent(mediaType: string, value: object): Content {
  return content(mediaType, Buffer.from(JSON.stringify(value)));
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}

function descriptorOf({ mediaType, digest, size, platform }: Descriptor): Descriptor {
  return { mediaType, digest, size, ...(platform === undefined ? {} : { platform }) };
}
