import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Run from source, and built. */
const WORKER = import.meta.url.endsWith(".ts")
  ? new URL("./checkpoint-worker.ts", import.meta.url)
  : new URL("./checkpoint-worker.js", import.meta.url);

/** PASSIVE copies what it can beside readers and writers; RESTART makes the log start anew; TRUNCATE empties its file. */
export type CheckpointMode = "PASSIVE" | "RESTART" | "TRUNCATE";

export interface CheckpointAnswer {
  readonly busy: boolean;
  readonly error?: string;
}

/** Pages of the log that are not in the database yet, from which on they are copied: 16 MiB of 4 KiB pages. */
export const PASSIVE_PAGES = 4_096;

/** Pages in the log from which on it must start anew: 64 MiB. One transaction at most takes it further. */
export const LOG_PAGES_LIMIT = 16_384;

export interface LogSize {
  readonly pages: number;
  readonly copiedPages: number;
}

/** What a checkpointer needs of the writer's side. */
export interface Writing {
  /** Runs work next, while no transaction does. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
  /** Is told when a checkpoint failed for another reason than a full disk. */
  readonly failed: (cause: unknown) => void;
}

/**
 * Copies the write-ahead log into the database, on a thread of its own. As writers never pause by themselves, the log would
 * never start anew under constant load: past {@link LOG_PAGES_LIMIT} transactions wait for the little that is left to copy.
 */
export class Checkpointer {
  readonly #path: string;
  readonly #writing: Writing;
  /** Started when there is something to copy: a start is not held up by it. */
  #worker: Worker | undefined;
  #broken: unknown;
  #copying: Promise<void> | undefined;
  #restarting: Promise<void> | undefined;
  #restartAtPages = LOG_PAGES_LIMIT;

  constructor(path: string, writing: Writing) {
    this.#path = path;
    this.#writing = writing;
  }

  /** Looks at the size of the log after a commit, and begins what has become due. */
  committed(log: LogSize): void {
    if (log.pages < LOG_PAGES_LIMIT) this.#restartAtPages = LOG_PAGES_LIMIT;
    if (this.#restarting !== undefined) return;
    if (log.pages >= this.#restartAtPages) {
      this.#restarting = this.#writing
        .alone(() => this.#restart(log))
        .catch(this.#writing.failed)
        .finally(() => (this.#restarting = undefined));
    } else if (this.#copying === undefined && log.pages - log.copiedPages >= PASSIVE_PAGES) {
      this.#copying = this.#run("PASSIVE")
        .then(() => undefined, this.#writing.failed)
        .finally(() => (this.#copying = undefined));
    }
  }

  /** Moves the whole log into the database and ends the thread. A little that is left is moved by SQLite when it closes. */
  async close(): Promise<void> {
    await this.#restarting;
    await this.#copying;
    if (this.#worker === undefined || this.#broken !== undefined) return;
    await this.#run("TRUNCATE");
    const exited = once(this.#worker, "exit");
    this.#worker.ref();
    this.#worker.postMessage("close");
    await exited;
  }

  async #restart(log: LogSize): Promise<void> {
    await this.#copying;
    const { busy } = await this.#run("RESTART");
    // Another process reads from the log. It is asked again later, or every commit would wait for it.
    if (busy) this.#restartAtPages = log.pages + PASSIVE_PAGES;
  }

  async #run(mode: CheckpointMode): Promise<CheckpointAnswer> {
    if (this.#broken !== undefined) throw this.#broken;
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(mode);
    const [answer] = (await once(this.#worker, "message")) as [CheckpointAnswer];
    this.#worker.unref();
    if (answer.error !== undefined && !answer.error.includes("is full")) throw new Error(answer.error);
    return answer;
  }

  #start(): Worker {
    const worker = new Worker(WORKER, { workerData: this.#path, execArgv: [] });
    worker.on("error", (error) => {
      this.#broken = error;
      this.#writing.failed(error);
    });
    return worker;
  }
}
