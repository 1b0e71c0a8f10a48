import type { Descriptor, Digest } from "@stowage/model";
import type { OciPlatform } from "../platform.ts";
import type { ManifestContent } from "../manifests.ts";
import type { BlobContent } from "../uploads.ts";

/** Where images come from. */
export interface ImageSource {
  /** @param reference a tag or a digest @throws NotFoundError OciError there is none */
  manifest(reference: string, signal?: AbortSignal): Promise<ManifestContent>;
  /** The bytes of a blob from one on, unverified. The memory of a chunk may be used again once the next is asked for. */
  blob(descriptor: Descriptor, fromByte: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  referrers(digest: Digest, signal?: AbortSignal): AsyncIterable<Descriptor>;
  /** The repository, when it is one of a registry: another of the same registry may mount from it. */
  readonly repository?: { readonly host: string; readonly name: string };
}

export type BlobOutcome = "done" | "mounted";

export interface BlobArrival {
  readonly content: BlobContent & { readonly expected: { readonly digest: Digest; readonly sizeBytes: number } };
  readonly from: ImageSource;
  readonly onBytes: (doneBytes: number) => void;
  readonly signal: AbortSignal;
}

/** Where images go to. What has a manifest has everything that the manifest names. */
export interface ImageTarget {
  readonly platform: OciPlatform;
  /** By digest, or the digest that a tag has. */
  manifestDigest(reference: string, signal?: AbortSignal): Promise<Digest | undefined>;
  hasBlob(descriptor: Descriptor, signal?: AbortSignal): Promise<boolean>;
  /** Verifies what arrives, and keeps nothing of what is wrong. */
  putBlob(descriptor: Descriptor, arrival: BlobArrival): Promise<BlobOutcome>;
  putManifest(content: ManifestContent, place: ManifestPlace): Promise<void>;
}

export interface ManifestPlace {
  readonly tag?: string | undefined;
  /** The manifest that this one refers to. */
  readonly subject?: Descriptor | undefined;
  readonly artifactType?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}
