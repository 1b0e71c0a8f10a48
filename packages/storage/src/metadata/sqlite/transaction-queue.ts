/** What a database does around a transaction; each call is done when it returns. */
export interface TransactionControl {
  begin(): void;
  commit(): void;
  /** Does nothing when no transaction is open. */
  rollback(): void;
}

export interface TransactionTask<T> {
  readonly work: () => Promise<T>;
  /** Called right after the commit, before anything else sees it. */
  readonly committed?: () => void;
  /** Called when the transaction is over, even when its work goes on. */
  readonly ended?: () => void;
}

/** The work of a transaction awaited something else than its rows. A defect of the caller. */
export class TransactionSpannedTurns extends Error {
  override readonly name = "TransactionSpannedTurns";
  constructor() {
    super("a transaction awaited something else than the rows that it was handed, and was rolled back");
  }
}

/** More transactions wait than {@link WAITING_LIMIT}. */
export class TransactionQueueFull extends Error {
  override readonly name = "TransactionQueueFull";
  constructor() {
    super(`${WAITING_LIMIT} transactions wait already`);
  }
}

/** Most transactions that wait at a time. */
export const WAITING_LIMIT = 16_384;

/** How long transactions follow each other before the event loop gets its turn. */
const SLICE_MS = 4;

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Runs transactions one after another on a synchronous database, so that none sees another's open changes. */
export class TransactionQueue {
  readonly #control: TransactionControl;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running: Promise<void> | undefined;
  /** Outlives a run: transactions that each follow the end of another would otherwise keep the loop to themselves. */
  #sliceEnds = 0;
  #open: PromiseWithResolvers<void> | undefined;

  constructor(control: TransactionControl) {
    this.#control = control;
  }

  /** Does a task between begin and commit. Work that throws, or is not done within one turn of the event loop, is rolled back. */
  transaction<T>(task: TransactionTask<T>): Promise<T> {
    return this.#enqueue(() => this.#transact(task));
  }

  /** Runs `work` next, while no transaction does; it may take as long as it likes. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.unshift(() => work().then(resolve, reject));
      this.#begin();
    });
  }

  /** Resolves when everything that was asked for has been done. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Present while a transaction is open, and resolves when it has ended. Another may have begun by then. */
  get open(): Promise<void> | undefined {
    return this.#open?.promise;
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting.length >= WAITING_LIMIT) return Promise.reject(new TransactionQueueFull());
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => task().then(resolve, reject));
      this.#begin();
    });
  }

  #begin(): void {
    // A microtask later: a task that asks for another one finds this running.
    this.#running ??= Promise.resolve().then(() => this.#run());
  }

  async #run(): Promise<void> {
    for (let task = this.#waiting.shift(); task !== undefined; task = this.#waiting.shift()) {
      await task();
      if (performance.now() < this.#sliceEnds) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.#sliceEnds = performance.now() + SLICE_MS;
    }
    this.#running = undefined;
  }

  async #transact<T>(task: TransactionTask<T>): Promise<T> {
    this.#control.begin();
    this.#open = Promise.withResolvers();
    try {
      const outcome = await withinThisTurn(task.work);
      if ("error" in outcome) throw outcome.error;
      this.#control.commit();
      task.committed?.();
      return outcome.value;
    } catch (error) {
      this.#control.rollback();
      throw error;
    } finally {
      task.ended?.();
      this.#open.resolve();
      this.#open = undefined;
    }
  }
}

/**
 * A tick that is asked for by a promise's continuation comes after all continuations and before any timer or event: work that
 * awaits nothing but finished statements is done before it.
 */
function withinThisTurn<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    let settled = false;
    const settle = (outcome: Outcome<T>): void => {
      settled = true;
      resolve(outcome);
    };
    process.nextTick(() => {
      if (!settled) resolve({ error: new TransactionSpannedTurns() });
    });
    work().then(
      (value) => settle({ value }),
      (error: unknown) => settle({ error }),
    );
  });
}
