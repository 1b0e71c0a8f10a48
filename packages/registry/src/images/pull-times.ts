import type { ImageRowId } from "../ports/image-rows.ts";
import type { Metadata } from "../ports/metadata.ts";
import type { Clock } from "../ports/runtime.ts";

/** Images whose pulls are remembered between two flushes; those beyond wait for their next pull. */
const MAX_GATHERED = 100_000;

/** Gathers when images were pulled, so that a pull writes nothing. A crash loses what was not flushed. */
export class PullTimes {
  readonly #metadata: Metadata;
  readonly #clock: Clock;
  readonly #gathered = new Map<ImageRowId, number>();

  constructor(metadata: Metadata, clock: Clock) {
    this.#metadata = metadata;
    this.#clock = clock;
  }

  note(image: ImageRowId): void {
    if (this.#gathered.size < MAX_GATHERED || this.#gathered.has(image)) {
      this.#gathered.set(image, this.#clock.now().getTime());
    }
  }

  /** When an image was last pulled as far as only this process knows. */
  gathered(image: ImageRowId): Date | undefined {
    const at = this.#gathered.get(image);
    return at === undefined ? undefined : new Date(at);
  }

  /** Writes at most `limit` of them. @returns how many */
  async flush(limit: number): Promise<number> {
    const batch = [...this.#gathered].slice(0, limit);
    if (batch.length === 0) return 0;
    const pulls = batch.map(([imageId, at]) => ({ imageId, at: new Date(at) }));
    await this.#metadata.transaction((rows) => rows.images.recordPulls(pulls), { durable: false });
    for (const [imageId, at] of batch) if (this.#gathered.get(imageId) === at) this.#gathered.delete(imageId);
    return batch.length;
  }
}
