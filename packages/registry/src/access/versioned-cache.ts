export interface CacheLimits {
  readonly maxEntries: number;
  /** Sum of the weights of all entries. */
  readonly maxWeight: number;
}

interface Entry<V> {
  readonly value: V;
  readonly weight: number;
}

/** What was concluded from rows under one access version; with the next one all of it is forgotten. The oldest entries give way. */
export class VersionedCache<V> {
  readonly #limits: CacheLimits;
  readonly #entries = new Map<string, Entry<V>>();
  #version = Number.NEGATIVE_INFINITY;
  #weight = 0;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  /** @param version read after the request came; answers of an older one are dropped */
  find(key: string, version: number): V | undefined {
    // Versions may be read out of order by processes that wait for a database: a newer one holds for older requests, too.
    if (version > this.#version) this.#clear(version);
    return this.#entries.get(key)?.value;
  }

  /**
   * Keeps a value, unless the rows that it was made from may have changed meanwhile.
   * @param version as it was read before those rows
   */
  keep(key: string, version: number, { value, weight }: Entry<V>): void {
    if (version !== this.#version || weight > this.#limits.maxWeight) return;
    this.#drop(key);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.maxEntries && this.#weight <= this.#limits.maxWeight) break;
      this.#drop(oldest);
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  #drop(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }

  #clear(version: number): void {
    this.#entries.clear();
    this.#weight = 0;
    this.#version = version;
  }
}
