import { ThrottlingException } from "@stowage/model";

interface Waiting {
  readonly bytes: number;
  readonly admit: () => void;
}

/** Lets bodies in, first come first served, as long as all that are in take no more than a number of bytes together. */
export class BodyBudget {
  readonly #limitBytes: number;
  readonly #maxWaiting: number;
  readonly #waiting: Waiting[] = [];
  #usedBytes = 0;

  constructor(limitBytes: number, maxWaiting: number) {
    this.#limitBytes = limitBytes;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Waits until `bytes` more fit. Whoever leaves the queue before that is passed over.
   * @returns what gives them back; to be called once
   * @throws ThrottlingException too many wait already
   */
  async take(bytes: number, signal: AbortSignal): Promise<() => void> {
    if (this.#waiting.length === 0 && this.#fits(bytes)) this.#usedBytes += bytes;
    else await this.#wait(bytes, signal);
    return () => this.#giveBack(bytes);
  }

  #wait(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) throw new ThrottlingException("Rate exceeded");
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal.reason instanceof Error ? signal.reason : new Error("the client left"));
        this.#admitNext();
      };
      const entry: Waiting = {
        bytes,
        admit: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      this.#waiting.push(entry);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
    this.#admitNext();
  }

  #admitNext(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#usedBytes += next.bytes;
      next.admit();
    }
  }

  #fits(bytes: number): boolean {
    return this.#usedBytes + bytes <= this.#limitBytes;
  }
}
