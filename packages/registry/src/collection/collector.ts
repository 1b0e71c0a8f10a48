import type { BlobStore } from "../ports/blobs.ts";
import type { Metadata } from "../ports/metadata.ts";
import type { Clock } from "../ports/runtime.ts";

/**
 * Removes what nothing needs: the rest of deleted repositories, and blobs that no image names and no hold protects. It works beside writers in small batches.
 * A blob is marked first and its bytes go after that commit, so that whoever needs it meanwhile brings bytes of their own;
 * a batch that broke off is taken up again, since what is marked stays marked.
 */
export class Collector {
  readonly #metadata: Metadata;
  readonly #blobs: BlobStore;
  readonly #clock: Clock;

  constructor(metadata: Metadata, blobs: BlobStore, clock: Clock) {
    this.#metadata = metadata;
    this.#blobs = blobs;
    this.#clock = clock;
  }

  /** Removes what deleted repositories have left, at most `limit` rows of it. @returns how many */
  purge(limit: number): Promise<number> {
    return this.#metadata.transaction((rows) => rows.repositories.purge(limit));
  }

  /** Works on at most `limit` blobs in each of their states. @returns how many it worked on */
  async run(limit: number): Promise<number> {
    const now = this.#clock.now();
    const unlinked = await this.#metadata.transaction((rows) => rows.blobs.unlinkExpired(now, limit));
    const marked = await this.#metadata.transaction((rows) => rows.blobs.claimUnlinked(limit));
    for (const blob of marked) {
      await this.#blobs.remove(blob.location);
      await this.#metadata.transaction((rows) => rows.blobs.deleteShared(blob.id), { durable: false });
    }
    return unlinked + marked.length;
  }

  /** Drops bytes that no row names, as a crash may leave them: of uploads, and of blobs. @returns how many */
  async dropOrphans(): Promise<number> {
    return (await this.#dropUploads()) + (await this.#dropBlobs());
  }

  async #dropUploads(): Promise<number> {
    let dropped = 0;
    for await (const id of this.#blobs.uploads()) {
      if ((await this.#metadata.uploads.find(id)) !== undefined) continue;
      await this.#blobs.discard(id);
      dropped += 1;
    }
    return dropped;
  }

  /** An upload's row stands until a row names its bytes, or never will: so the upload is looked for first. */
  async #dropBlobs(): Promise<number> {
    let dropped = 0;
    const { blobs, uploads } = this.#metadata;
    for await (const { location, digest, upload } of this.#blobs.published()) {
      if (await blobs.isNamed(digest, location)) continue;
      if ((await uploads.find(upload)) !== undefined || (await blobs.isNamed(digest, location))) continue;
      await this.#blobs.remove(location);
      dropped += 1;
    }
    return dropped;
  }
}
