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

  /** Works on at most `limit` rows of each kind. @returns how many it worked on */
  async run(limit: number): Promise<number> {
    const now = this.#clock.now();
    const purged = await this.#metadata.transaction((rows) => rows.repositories.purge(limit));
    const unlinked = await this.#metadata.transaction((rows) => rows.blobs.unlinkExpired(now, limit));
    const marked = await this.#metadata.transaction((rows) => rows.blobs.claimUnlinked(limit));
    for (const blob of marked) {
      await this.#blobs.remove(blob.location);
      await this.#metadata.transaction((rows) => rows.blobs.deleteShared(blob.id), { durable: false });
    }
    return purged + unlinked + marked.length;
  }

  /** Drops bytes of uploads that have no row, as a crash may leave them. @returns how many */
  async dropOrphans(): Promise<number> {
    let dropped = 0;
    for await (const id of this.#blobs.uploads()) {
      if ((await this.#metadata.uploads.find(id)) !== undefined) continue;
      await this.#blobs.discard(id);
      dropped += 1;
    }
    return dropped;
  }
}
