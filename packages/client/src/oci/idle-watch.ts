import type { Clock } from "../platform.ts";
import { TimeoutError } from "../ecr/failures.ts";

/** Aborts its signal when nothing moved for a while, however long the whole takes, or when the caller's does. */
export class IdleWatch {
  readonly #controller = new AbortController();
  readonly #timer = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #passOn: () => void;
  #moved = false;

  constructor(clock: Clock, timeoutMs: number, outer: AbortSignal | undefined) {
    this.#outer = outer;
    this.#passOn = () => this.#controller.abort(outer?.reason);
    outer?.addEventListener("abort", this.#passOn, { once: true });
    if (outer?.aborted === true) this.#passOn();
    void this.#watch(clock, timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something moved. */
  touch(): void {
    this.#moved = true;
  }

  stop(): void {
    this.#outer?.removeEventListener("abort", this.#passOn);
    this.#timer.abort();
  }

  async #watch(clock: Clock, timeoutMs: number): Promise<void> {
    try {
      do {
        this.#moved = false;
        await clock.sleep(timeoutMs, this.#timer.signal);
      } while (this.#moved);
      this.#controller.abort(new TimeoutError(`Nothing came or went for ${timeoutMs} ms`));
    } catch {
      // Stopped: the sleep was the last thing to end.
    }
  }
}
