/** A flush to disk failed. What the kernel dropped then may pass a later flush unseen, so nothing is durable any more. */
export class DurabilityLost extends Error {
  override readonly name = "DurabilityLost";
  constructor(cause: unknown) {
    super("the database could not be flushed to disk: no commit is promised until it is opened anew", { cause });
  }
}

/** Lets all who wait for durability share flushes: one runs, one is next, and the next serves whoever came meanwhile. */
export class GroupSync {
  readonly #sync: () => Promise<void>;
  #unsynced = false;
  #running: Promise<void> | undefined;
  #next: PromiseWithResolvers<void> | undefined;
  #failure: DurabilityLost | undefined;

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Notes that something was written which no flush covers yet. */
  written(): void {
    this.#unsynced = true;
  }

  /** @throws DurabilityLost after a flush that failed */
  assertSound(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends every promise of durability. */
  fail(cause: unknown): void {
    this.#failure ??= new DurabilityLost(cause);
    this.#next?.reject(this.#failure);
    this.#next = undefined;
  }

  /**
   * Resolves when all that was written before the call has been flushed by a flush that began after it was written.
   * @throws DurabilityLost
   */
  async durable(): Promise<void> {
    this.assertSound();
    if (this.#unsynced) {
      this.#next ??= Promise.withResolvers();
      const { promise } = this.#next;
      this.#running ??= this.#run();
      await promise;
    } else {
      await this.#running;
      this.assertSound();
    }
  }

  async #run(): Promise<void> {
    while (this.#next !== undefined) {
      // Those whom the flush before let go on commit again in this turn of the event loop: they come along.
      await new Promise<void>((resolve) => setImmediate(resolve));
      const served = this.#next;
      this.#next = undefined;
      this.#unsynced = false;
      try {
        await this.#sync();
        this.assertSound();
        served.resolve();
      } catch (error) {
        this.fail(error);
        served.reject(this.#failure);
      }
    }
    this.#running = undefined;
  }
}
