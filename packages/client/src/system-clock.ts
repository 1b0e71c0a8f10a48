import type { Clock } from "./platform.ts";

export interface Timers<T> {
  readonly start: (run: () => void, ms: number) => T;
  readonly stop: (timer: T) => void;
}

/** The machine's own time. */
export function systemClock<T>({ start, stop }: Timers<T>): Clock {
  return {
    now: () => new Date(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const ended = (): void => {
          stop(timer);
          // The signal's reason is the caller's to choose.
          reject(signal?.reason as Error);
        };
        const timer = start(() => {
          signal?.removeEventListener("abort", ended);
          resolve();
        }, ms);
        signal?.addEventListener("abort", ended, { once: true });
      }),
  };
}
