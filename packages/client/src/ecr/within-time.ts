import type { Clock } from "../platform.ts";
import { TimeoutError } from "./failures.ts";

export interface TimeLimit {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs until it is done, the time is over or the signal aborts, whether what runs heeds its signal or not.
 * @throws TimeoutError the time is over
 */
export async function withinTime<T>(limit: TimeLimit, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, timeoutMs, signal } = limit;
  signal?.throwIfAborted();
  const running = new AbortController();
  const timer = new AbortController();
  const stop = (): void => running.abort(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  const late = clock.sleep(timeoutMs, timer.signal).then(
    () => running.abort(new TimeoutError(`No answer within ${timeoutMs} ms`)),
    () => undefined,
  );
  const ended = new Promise<never>((_, reject) => {
    // The signal's reason is the caller's to choose.
    running.signal.addEventListener("abort", () => reject(running.signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([run(running.signal), ended]);
  } finally {
    signal?.removeEventListener("abort", stop);
    timer.abort();
    await late;
  }
}
