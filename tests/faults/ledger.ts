import type { Content } from "../../bench/harness/images.ts";

export interface KnownManifest {
  readonly repository: string;
  readonly digest: string;
  readonly blobs: readonly string[];
  /** Whether a client was told that it is stored; one that was sent only may be there or not, but whole if it is. */
  acknowledged: boolean;
}

export interface KnownTag {
  readonly repository: string;
  readonly tag: string;
  /** What the last acknowledged push made it; undefined before one. */
  acknowledged: string | undefined;
  /** Digests of pushes that were sent since, and never answered. */
  readonly unanswered: Set<string>;
}

/** An upload that was begun. */
export interface KnownUpload {
  readonly repository: string;
  readonly door: "v2" | "ecr";
  /** Where it goes on: a path of `/v2/`, or an upload id. */
  place: string;
  readonly content: Content;
  /** Bytes that the server said it holds. */
  heldBytes: number;
  /** The request that ends it was sent, so it may be gone because it is done. */
  ending: boolean;
}

/** What clients did to a registry, and what it told them: all that an audit may hold against it. */
export class Ledger {
  readonly repositories = new Set<string>();
  /** Acknowledged blobs, as `repository digest`. */
  readonly blobs = new Set<string>();
  readonly manifests = new Map<string, KnownManifest>();
  readonly tags = new Map<string, KnownTag>();
  readonly uploads = new Set<KnownUpload>();
  /** What has changed since {@link settle}. */
  readonly recentBlobs = new Set<string>();
  readonly recentManifests = new Set<KnownManifest>();

  storedBlob(repository: string, digest: string): void {
    this.blobs.add(`${repository} ${digest}`);
    this.recentBlobs.add(`${repository} ${digest}`);
  }

  begun(upload: KnownUpload): KnownUpload {
    this.uploads.add(upload);
    return upload;
  }

  ended(upload: KnownUpload): void {
    this.uploads.delete(upload);
    this.storedBlob(upload.repository, upload.content.digest);
  }

  /** A manifest is about to be sent under a tag. @returns what to call when it was acknowledged */
  tagging(repository: string, tag: string, manifest: Content, blobs: readonly string[]): () => void {
    const key = `${repository} ${manifest.digest}`;
    const known = this.manifests.get(key) ?? { repository, digest: manifest.digest, blobs, acknowledged: false };
    this.manifests.set(key, known);
    this.recentManifests.add(known);
    const tagKey = `${repository}:${tag}`;
    const knownTag = this.tags.get(tagKey) ?? { repository, tag, acknowledged: undefined, unanswered: new Set() };
    this.tags.set(tagKey, knownTag);
    knownTag.unanswered.add(manifest.digest);
    return () => {
      known.acknowledged = true;
      knownTag.acknowledged = manifest.digest;
      knownTag.unanswered.clear(); // one client writes a tag, one push after another
    };
  }

  /** The audit has seen everything. */
  settle(): void {
    this.recentBlobs.clear();
    this.recentManifests.clear();
  }

  get summary(): string {
    const acknowledged = [...this.manifests.values()].filter((manifest) => manifest.acknowledged).length;
    return (
      `${acknowledged} images and ${this.blobs.size} blobs acknowledged, ` +
      `${this.manifests.size - acknowledged} images sent without an answer`
    );
  }
}
