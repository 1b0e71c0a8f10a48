import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** PASSIVE copies what it can beside readers and writers; RESTART makes the log start anew; TRUNCATE empties its file. */
export type CheckpointMode = "PASSIVE" | "RESTART" | "TRUNCATE";

export interface CheckpointAnswer {
  readonly busy: boolean;
  readonly error?: string;
}

/** Pages of the log that are not in the database yet, from which on they are copied: 16 MiB of 4 KiB pages. */
export const PASSIVE_PAGES = 4_096;

/** Pages in the log from which on it must start anew: 64 MiB. It grows beyond that by what is written meanwhile. */
export const LOG_PAGES_LIMIT = 16_384;

export interface LogSize {
  readonly pages: number;
  readonly copiedPages: number;
}

/**
 * Copies the write-ahead log into the database, on a thread of its own. As writers never pause by themselves, the log would
 * never start anew under constant load: past {@link LOG_PAGES_LIMIT} transactions wait for the little that is left to copy.
 */
export class Checkpointer {
  readonly #worker: Worker;
  readonly #alone: (work: () => Promise<void>) => Promise<void>;
  readonly #failed: (cause: unknown) => void;
  #running: Promise<void> | undefined;
  #restartAtPages = LOG_PAGES_LIMIT;

  /**
   * @param alone runs work while no transaction does
   * @param failed is told when a checkpoint failed for another reason than a full disk
   */
  constructor(path: string, alone: (work: () => Promise<void>) => Promise<void>, failed: (cause: unknown) => void) {
    const name = import.meta.url.endsWith(".ts") ? "./checkpoint-worker.ts" : "./checkpoint-worker.js";
    this.#worker = new Worker(new URL(name, import.meta.url), { workerData: path });
    this.#worker.on("error", failed);
    this.#worker.unref();
    this.#alone = alone;
    this.#failed = failed;
  }

  /** Looks at the size of the log after a commit, and begins what has become due. */
  committed(log: LogSize): void {
    if (log.pages < LOG_PAGES_LIMIT) this.#restartAtPages = LOG_PAGES_LIMIT;
    const due = log.pages - log.copiedPages >= PASSIVE_PAGES || log.pages >= this.#restartAtPages;
    if (!due || this.#running !== undefined) return;
    this.#running = this.#checkpoint(log)
      .catch(this.#failed)
      .finally(() => (this.#running = undefined));
  }

  /** Moves the whole log into the database and ends the thread. */
  async close(): Promise<void> {
    await this.#running;
    await this.#run("TRUNCATE");
    const exited = once(this.#worker, "exit");
    this.#worker.ref();
    this.#worker.postMessage("close");
    await exited;
  }

  async #checkpoint(log: LogSize): Promise<void> {
    await this.#run("PASSIVE");
    if (log.pages < this.#restartAtPages) return;
    await this.#alone(async () => {
      const { busy } = await this.#run("RESTART");
      if (busy) this.#restartAtPages = log.pages + PASSIVE_PAGES;
    });
  }

  async #run(mode: CheckpointMode): Promise<CheckpointAnswer> {
    this.#worker.ref();
    this.#worker.postMessage(mode);
    const [answer] = (await once(this.#worker, "message")) as [CheckpointAnswer];
    this.#worker.unref();
    if (answer.error !== undefined && !answer.error.includes("is full")) this.#failed(new Error(answer.error));
    return answer;
  }
}
