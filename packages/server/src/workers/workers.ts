import type { Registry } from "@stowage/registry";

/** Something that is done again and again in bounded batches, never inside a request. */
export interface Worker {
  readonly name: string;
  readonly everyMs: number;
  /** @returns how much was done; a full batch is followed by the next at once */
  readonly run: () => Promise<number>;
  readonly batch: number;
}

export interface WorkerHooks {
  readonly onError: (worker: string, error: unknown) => void;
}

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const PULL_BATCH = 1000;
const SWEEP_BATCH = 100;

/** The workers that every process runs. */
export function registryWorkers(registry: Registry): readonly Worker[] {
  return [
    {
      name: "pull-times",
      everyMs: 5 * SECOND_MS,
      batch: PULL_BATCH,
      run: () => registry.images.flushPulls(PULL_BATCH),
    },
    {
      name: "expired-uploads",
      everyMs: 60 * SECOND_MS,
      batch: SWEEP_BATCH,
      run: () => registry.uploads.sweep(SWEEP_BATCH),
    },
    { name: "orphans", everyMs: 24 * HOUR_MS, batch: Infinity, run: () => registry.collector.dropOrphans() },
    { name: "purge", everyMs: 60 * SECOND_MS, batch: SWEEP_BATCH, run: () => registry.collector.purge(SWEEP_BATCH) },
    { name: "collection", everyMs: 60 * SECOND_MS, batch: SWEEP_BATCH, run: () => registry.collector.run(SWEEP_BATCH) },
  ];
}

/** Runs workers until they are told to stop. A failure is reported, and the worker goes on at its next turn. */
export function startWorkers(workers: readonly Worker[], hooks: WorkerHooks): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const loops = workers.map((worker) => loop(worker, hooks, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function loop(worker: Worker, hooks: WorkerHooks, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const done = await worker.run().catch((error: unknown) => {
      hooks.onError(worker.name, error);
      return 0;
    });
    if (done < worker.batch && !stopping.aborted) await pause(worker.everyMs, stopping);
  }
}

function pause(ms: number, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    timer.unref();
    stopping.addEventListener("abort", end, { once: true });
    function end(): void {
      clearTimeout(timer);
      stopping.removeEventListener("abort", end);
      resolve();
    }
  });
}
