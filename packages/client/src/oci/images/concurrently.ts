/** Works on items, some at a time; the first failure stops the others and is thrown when they have ended. */
export async function concurrently<T>(
  items: readonly T[],
  { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal | undefined },
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failing = new AbortController();
  const stop = (): void => failing.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop, { once: true });
  let failure: { readonly error: unknown } | undefined;
  const waiting = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    // Workers share the iterator, so each item is taken once.
    for (const item of waiting) {
      if (failing.signal.aborted) return;
      try {
        await work(item, failing.signal);
      } catch (error) {
        failure ??= { error };
        failing.abort(error);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker));
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  signal?.throwIfAborted();
  if (failure !== undefined) throw failure.error;
}
