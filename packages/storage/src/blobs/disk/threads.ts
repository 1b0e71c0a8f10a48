import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Answer, Failure, Reply, Request } from "./messages.ts";

/** Run from source, and built. */
const WORKER = import.meta.url.endsWith(".ts")
  ? new URL("./worker.ts", import.meta.url)
  : new URL("./worker.js", import.meta.url);

/** Most threads; they hash, and they wait for the disk. */
const THREADS_LIMIT = Math.min(8, Math.max(4, availableParallelism()));

/** Most uploads that nobody writes to and whose file and hash are kept at hand. */
export const IDLE_UPLOADS_LIMIT = 256;

/** One thread and what it has been asked. */
class Thread {
  /** Uploads that somebody works on here at the moment. */
  uploads = 0;
  readonly #worker: Worker;
  readonly #calls = new Map<number, PromiseWithResolvers<Answer>>();
  #lastNumber = 0;

  constructor(ended: (thread: Thread) => void) {
    this.#worker = new Worker(WORKER, { execArgv: [] });
    this.#worker.unref();
    this.#worker.on("message", ({ number, answer }: Reply) => {
      this.#calls.get(number)?.resolve(answer);
      this.#ended(number);
    });
    this.#worker.on("error", (error) => {
      ended(this);
      for (const [number, call] of this.#calls) {
        call.reject(new Error("a thread that writes blobs broke off", { cause: error }));
        this.#ended(number);
      }
    });
  }

  /** An upload that is under way may have nothing asked for between two of its batches. */
  get load(): number {
    return Math.max(this.uploads, this.#calls.size);
  }

  call(request: Request): Promise<Answer> {
    const call = Promise.withResolvers<Answer>();
    const number = (this.#lastNumber += 1);
    this.#calls.set(number, call);
    // A process that waits for an answer stays; one that does not may end.
    this.#worker.ref();
    this.#worker.postMessage({ number, request });
    return call.promise;
  }

  /** Ends the thread after it has answered what it was asked. */
  async close(): Promise<void> {
    await Promise.allSettled(Array.from(this.#calls.values(), (call) => call.promise));
    const exited = once(this.#worker, "exit");
    this.#worker.ref();
    this.#worker.postMessage("close");
    await exited;
  }

  #ended(number: number): void {
    this.#calls.delete(number);
    if (this.#calls.size === 0) this.#worker.unref();
  }
}

interface Pin {
  readonly path: string;
  readonly thread: Thread;
  users: number;
}

/** Sends the work on one upload to one thread, where its file is open and its hash goes on. */
export class Threads {
  readonly #threads = new Set<Thread>();
  /** By path, the one used last at the end. */
  readonly #pins = new Map<string, Pin>();

  /** Runs `work` with a way to ask the thread of an upload. */
  async using<T>(path: string, work: (ask: (request: Request) => Promise<Answer>) => Promise<T>): Promise<T> {
    const pin = this.#pins.get(path) ?? { path, thread: this.#leastBusy(), users: 0 };
    this.#pins.delete(path);
    this.#pins.set(path, pin);
    const { thread } = pin;
    pin.users += 1;
    thread.uploads += 1;
    try {
      return await work((request) => thread.call(request).then(answered));
    } finally {
      pin.users -= 1;
      thread.uploads -= 1;
      await this.#releaseIdle();
    }
  }

  /** Asks any thread. */
  async ask(request: Request): Promise<Answer> {
    return answered(await this.#leastBusy().call(request));
  }

  /** Forgets which thread an upload had; the thread has been told. */
  forget(path: string): void {
    this.#pins.delete(path);
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#threads, (thread) => thread.close()));
    this.#threads.clear();
    this.#pins.clear();
  }

  #leastBusy(): Thread {
    let best: Thread | undefined;
    for (const thread of this.#threads) {
      if (best === undefined || thread.load < best.load) best = thread;
    }
    if (best !== undefined && (best.load === 0 || this.#threads.size >= THREADS_LIMIT)) return best;
    const thread = new Thread((ended) => this.#drop(ended));
    this.#threads.add(thread);
    return thread;
  }

  /** A thread that ended took its files and hashes along: others open the files anew. */
  #drop(thread: Thread): void {
    this.#threads.delete(thread);
    for (const pin of this.#pins.values()) {
      if (pin.thread === thread) this.#pins.delete(pin.path);
    }
  }

  async #releaseIdle(): Promise<void> {
    if (this.#pins.size <= IDLE_UPLOADS_LIMIT) return;
    for (const pin of this.#pins.values()) {
      if (pin.users > 0) continue;
      this.#pins.delete(pin.path);
      await pin.thread.call({ kind: "release", path: pin.path });
      return;
    }
  }
}

function answered(answer: Answer): Answer {
  if (answer.kind === "failed") throw systemError(answer.failure);
  return answer;
}

function systemError({ message, code, syscall }: Failure): Error {
  return Object.assign(
    new Error(message),
    code === undefined ? {} : { code },
    syscall === undefined ? {} : { syscall },
  );
}
