import { expect, it } from "vitest";
import { startWorkers, type Worker } from "./workers.ts";

const HOUR_MS = 3_600_000;
const onError = (): void => undefined;

function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

it("runs the next batch at once as long as batches are full, and then waits", async () => {
  const results = [10, 10, 3];
  const idle = gate();
  const worker: Worker = {
    name: "counting",
    everyMs: HOUR_MS,
    batch: 10,
    run: () => {
      const done = results.shift() ?? 0;
      if (results.length === 0) idle.open();
      return Promise.resolve(done);
    },
  };
  const workers = startWorkers([worker], { onError });
  await idle.opened;
  await workers.stop();
  expect(results).toEqual([]);
});

it("stops without waiting for the next turn, also when told so during a run", async () => {
  const [started, mayEnd] = [gate(), gate()];
  const worker: Worker = {
    name: "slow",
    everyMs: HOUR_MS,
    batch: 10,
    run: async () => {
      started.open();
      await mayEnd.opened;
      return 0;
    },
  };
  const workers = startWorkers([worker], { onError });
  await started.opened;
  const stopped = workers.stop();
  mayEnd.open();
  await expect(stopped).resolves.toBeUndefined();
});

it("reports a failure and goes on", async () => {
  const failures: string[] = [];
  const again = gate();
  let runs = 0;
  const worker: Worker = {
    name: "failing",
    everyMs: 0,
    batch: 1,
    run: () => {
      runs += 1;
      if (runs > 1) again.open();
      return runs === 1 ? Promise.reject(new Error("once")) : Promise.resolve(0);
    },
  };
  const workers = startWorkers([worker], { onError: (name, error) => failures.push(`${name}: ${String(error)}`) });
  await again.opened;
  await workers.stop();
  expect(failures).toEqual(["failing: Error: once"]);
});
