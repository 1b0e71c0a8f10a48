import { manifestKind, mediaTypes } from "@stowage/model";
import type { Descriptor, Digest, Manifest, Platform } from "@stowage/model";
import { digestBytes } from "../content.ts";
import { ContentMismatchError, InvalidContentError } from "../failures.ts";
import { readManifest } from "../manifests.ts";
import type { ManifestContent } from "../manifests.ts";
import type { OciPlatform } from "../platform.ts";
import { indexBytes } from "../referrers.ts";
import type { ImageSource } from "./image-store.ts";

/** Indexes and referrers inside each other. */
export const MAX_GRAPH_DEPTH = 16;
export const MAX_GRAPH_MANIFESTS = 20_000;
/** All manifests of one image together; they are held until they are written. */
export const MAX_GRAPH_BYTES = 64 * 1024 * 1024;

/** Which manifests of an index to take: `linux/arm64`, `linux/arm/v7`. */
export type PlatformChoice = "all" | readonly string[];

export interface GraphNode {
  readonly content: ManifestContent;
  readonly manifest: Manifest;
}

/** An image with everything that it consists of. */
export interface ImageGraph {
  readonly root: ManifestContent;
  /** Children before what names them, referrers after their subjects. */
  readonly nodes: readonly GraphNode[];
  /** Each once. */
  readonly blobs: readonly Descriptor[];
  /** Layers that may live elsewhere, which are not fetched. */
  readonly foreign: readonly Descriptor[];
}

export interface GraphOptions {
  readonly platforms: PlatformChoice;
  readonly referrers: boolean;
  /** Whether what the manifest consists of is at the target already. */
  readonly isThere: (digest: Digest) => Promise<boolean>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads the manifests of an image; each once, however often it is named.
 * @throws InvalidContentError a manifest is none, or there are more than the limits allow
 */
export async function readGraph(
  source: ImageSource,
  reference: string,
  { platform, ...options }: GraphOptions & { readonly platform: OciPlatform },
): Promise<ImageGraph> {
  const walk = new Walk(source, options);
  const root = await chosen(source, await source.manifest(reference, options.signal), { ...options, platform });
  await walk.visit(root, 0);
  return { root, nodes: walk.nodes, blobs: [...walk.blobs.values()], foreign: [...walk.foreign.values()] };
}

class Walk {
  readonly nodes: GraphNode[] = [];
  readonly blobs = new Map<Digest, Descriptor>();
  readonly foreign = new Map<Digest, Descriptor>();
  readonly #seen = new Set<Digest>();
  readonly #source: ImageSource;
  readonly #options: GraphOptions;
  #bytes = 0;

  constructor(source: ImageSource, options: GraphOptions) {
    this.#source = source;
    this.#options = options;
  }

  async visit(content: ManifestContent, depth: number): Promise<void> {
    const { digest } = content;
    if (this.#seen.has(digest)) return;
    this.#count(content, depth);
    const manifest = readManifest(content);
    const isThere = await this.#options.isThere(digest);
    // Whoever has a manifest has its parts, but perhaps not what refers to them.
    if (!isThere || this.#options.referrers) await this.#visitChildren(manifest, depth);
    if (!isThere) this.#addBlobs(manifest);
    this.nodes.push({ content, manifest });
    if (this.#options.referrers) await this.#visitReferrers(digest, depth);
  }

  async #visitChildren({ manifests }: Manifest, depth: number): Promise<void> {
    for (const child of manifests) {
      if (isManifest(child)) await this.#visitDescriptor(child, depth + 1);
    }
  }

  #addBlobs(manifest: Manifest): void {
    for (const child of manifest.manifests) if (!isManifest(child)) this.blobs.set(child.digest, child);
    if (manifest.kind === "index") return;
    this.blobs.set(manifest.config.digest, manifest.config);
    for (const layer of manifest.layers) (layer.foreign ? this.foreign : this.blobs).set(layer.digest, layer);
  }

  async #visitReferrers(digest: Digest, depth: number): Promise<void> {
    for await (const referrer of this.#source.referrers(digest, this.#options.signal)) {
      await this.#visitDescriptor(referrer, depth + 1);
    }
  }

  async #visitDescriptor(descriptor: Descriptor, depth: number): Promise<void> {
    if (this.#seen.has(descriptor.digest)) return;
    await this.visit(await fetched(this.#source, descriptor, this.#options.signal), depth);
  }

  #count({ digest, bytes }: ManifestContent, depth: number): void {
    if (depth > MAX_GRAPH_DEPTH) throw new InvalidContentError(`Manifests are nested deeper than ${MAX_GRAPH_DEPTH}`);
    this.#seen.add(digest);
    this.#bytes += bytes.length;
    if (this.#seen.size > MAX_GRAPH_MANIFESTS) {
      throw new InvalidContentError(`An image of more than ${MAX_GRAPH_MANIFESTS} manifests is not taken`);
    }
    if (this.#bytes > MAX_GRAPH_BYTES) {
      throw new InvalidContentError(`An image with more than ${MAX_GRAPH_BYTES} bytes of manifests is not taken`);
    }
  }
}

/** Caches of older BuildKits are indexes of layers. */
function isManifest({ mediaType }: Descriptor): boolean {
  return manifestKind(mediaType) !== "other";
}

async function fetched(
  source: ImageSource,
  descriptor: Descriptor,
  signal: AbortSignal | undefined,
): Promise<ManifestContent> {
  const { digest, sizeBytes, mediaType } = descriptor;
  const content = await source.manifest(digest, signal);
  if (content.digest !== digest || content.bytes.length !== sizeBytes) {
    throw new ContentMismatchError(`The manifest ${digest} is not what a descriptor says of it`);
  }
  return manifestKind(content.mediaType) === "other" ? { ...content, mediaType } : content;
}

/** What remains of an index when only some platforms are wanted: the one manifest, or an index of those. */
async function chosen(
  source: ImageSource,
  root: ManifestContent,
  { platforms, platform, signal }: GraphOptions & { readonly platform: OciPlatform },
): Promise<ManifestContent> {
  if (platforms === "all") return root;
  const manifest = readManifest(root);
  if (manifest.kind === "image") return root;
  const wanted = manifest.manifests.filter((entry) => platforms.some((name) => isPlatform(entry.platform, name)));
  const missing = platforms.filter((name) => !wanted.some((entry) => isPlatform(entry.platform, name)));
  if (missing.length > 0) throw new InvalidContentError(`The image is not made for ${missing.join(", ")}`);
  const [only] = wanted;
  if (only !== undefined && wanted.length === 1) return fetched(source, only, signal);
  const kept = manifest.manifests.filter((entry) => wanted.includes(entry) || describesOne(entry, wanted));
  const annotations = Object.keys(manifest.annotations).length === 0 ? {} : { annotations: manifest.annotations };
  const bytes = indexBytes(kept, annotations);
  return { digest: digestBytes(platform, bytes), mediaType: mediaTypes.ociIndex, bytes };
}

/** @param name `OS/ARCHITECTURE` or `OS/ARCHITECTURE/VARIANT` */
export function isPlatform(platform: Platform | undefined, name: string): boolean {
  const [os, architecture, variant] = name.split("/");
  if (platform?.os !== os || platform?.architecture !== architecture) return false;
  return variant === undefined || platform?.variant === variant;
}

/** BuildKit's attestations name the manifest that they are about. */
function describesOne({ annotations }: Descriptor, wanted: readonly Descriptor[]): boolean {
  const about = annotations?.["vnd.docker.reference.digest"];
  return about !== undefined && wanted.some(({ digest }) => digest === about);
}
