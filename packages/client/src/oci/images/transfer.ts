import { isDigest } from "@stowage/model";
import type { Descriptor, Digest } from "@stowage/model";
import type { OciCallOptions } from "../options.ts";
import { concurrently } from "./concurrently.ts";
import { readGraph } from "./graph.ts";
import type { GraphNode, PlatformChoice } from "./graph.ts";
import type { ImageSource, ImageTarget } from "./image-store.ts";
import { PROGRESS_STEP_BYTES } from "./progress.ts";
import type { OnProgress } from "./progress.ts";

/** Blobs under way at once. */
export const DEFAULT_CONCURRENCY = 4;

export interface TransferOptions extends OciCallOptions {
  /** Of an index; all unless given. Fewer make another index, or leave its one manifest, and so another digest. */
  readonly platforms?: PlatformChoice | undefined;
  /** Whether what refers to the image goes with it: signatures, attestations, inventories. False unless given. */
  readonly referrers?: boolean | undefined;
  /** Further tags for the copy. */
  readonly tags?: readonly string[] | undefined;
  /** Blobs under way at once; 4 unless given. */
  readonly concurrency?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface TransferResult {
  /** Of the image as it is at the target. */
  readonly digest: Digest;
  readonly mediaType: string;
  /** Manifests and blobs that travelled. */
  readonly manifests: number;
  readonly blobs: number;
  readonly bytes: number;
}

/**
 * Brings an image from one place to another: only what is missing there, blobs before the manifests that name them, and tags
 * last. What a transfer that failed has brought is not brought again by the next.
 */
export async function transfer(
  source: ImageSource,
  target: ImageTarget,
  { from, to, ...options }: TransferOptions & { readonly from: string; readonly to: string | undefined },
): Promise<TransferResult> {
  const { platforms = "all", referrers = false, signal, concurrency = DEFAULT_CONCURRENCY, onProgress } = options;
  const present = new Map<Digest, Promise<boolean>>();
  const isThere = (digest: Digest): Promise<boolean> => {
    const known = present.get(digest) ?? target.manifestDigest(digest, signal).then((found) => found === digest);
    present.set(digest, known);
    return known;
  };
  const { platform } = target;
  const graph = await readGraph(source, from, { platforms, referrers, isThere, signal, platform });
  for (const layer of graph.foreign) report(onProgress, layer, { state: "skipped", doneBytes: 0 });

  const counts = { manifests: 0, blobs: 0, bytes: 0 };
  // The largest first: what is left for the end is soon done.
  const blobs = graph.blobs.toSorted((one, other) => other.sizeBytes - one.sizeBytes);
  await concurrently(blobs, { limit: concurrency, signal }, async (descriptor, running) => {
    const outcome = await bring({ source, target, onProgress, signal: running }, descriptor);
    if (outcome !== "done") return;
    counts.blobs += 1;
    counts.bytes += descriptor.sizeBytes;
  });
  const { root } = graph;
  const tags = [...(to === undefined || isDigest(to) ? [] : [to]), ...(options.tags ?? [])];
  for (const node of graph.nodes) {
    const { digest, mediaType } = node.content;
    if (await isThere(digest)) {
      onProgress?.({ kind: "manifest", digest, mediaType, state: "present" });
      continue;
    }
    // With nothing after it the root arrives under its tag. Otherwise tags wait for what refers to it.
    const tag = node === graph.nodes.at(-1) && digest === root.digest ? tags.shift() : undefined;
    await put(target, node, { tag, signal });
    counts.manifests += 1;
    onProgress?.({ kind: "manifest", digest, mediaType, state: "done", ...(tag === undefined ? {} : { tag }) });
  }
  for (const tag of tags) {
    if ((await target.manifestDigest(tag, signal)) !== root.digest) await target.putManifest(root, { tag, signal });
    onProgress?.({ kind: "manifest", digest: root.digest, mediaType: root.mediaType, state: "done", tag });
  }
  return { digest: root.digest, mediaType: root.mediaType, ...counts };
}

function put(
  target: ImageTarget,
  { content, manifest }: GraphNode,
  { tag, signal }: OciCallOptions & { readonly tag: string | undefined },
): Promise<void> {
  const { subject, annotations } = manifest;
  const artifactType = manifest.artifactType ?? (manifest.kind === "image" ? manifest.config.mediaType : undefined);
  return target.putManifest(content, { tag, subject, artifactType, annotations, signal });
}

interface Journey {
  readonly source: ImageSource;
  readonly target: ImageTarget;
  readonly onProgress: OnProgress | undefined;
  readonly signal: AbortSignal;
}

async function bring(journey: Journey, descriptor: Descriptor): Promise<"present" | "done" | "mounted"> {
  const { source, target, onProgress, signal } = journey;
  const { sizeBytes: totalBytes } = descriptor;
  if (await target.hasBlob(descriptor, signal)) {
    report(onProgress, descriptor, { state: "present", doneBytes: totalBytes });
    return "present";
  }
  let reported = 0;
  report(onProgress, descriptor, { state: "running", doneBytes: 0 });
  const outcome = await target.putBlob(descriptor, {
    content: { expected: descriptor, open: (fromByte) => source.blob(descriptor, fromByte, signal) },
    from: source,
    signal,
    onBytes: (doneBytes) => {
      if (Math.abs(doneBytes - reported) < PROGRESS_STEP_BYTES) return;
      reported = doneBytes;
      report(onProgress, descriptor, { state: "running", doneBytes });
    },
  });
  report(onProgress, descriptor, { state: outcome, doneBytes: totalBytes });
  return outcome;
}

function report(
  onProgress: OnProgress | undefined,
  { digest, mediaType, sizeBytes }: Descriptor,
  {
    state,
    doneBytes,
  }: { readonly state: "running" | "done" | "present" | "mounted" | "skipped"; readonly doneBytes: number },
): void {
  onProgress?.({ kind: "blob", digest, mediaType, doneBytes, totalBytes: sizeBytes, state });
}
