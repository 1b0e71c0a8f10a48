import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { TransactionQueue, TransactionQueueFull, TransactionSpannedTurns, WAITING_LIMIT } from "./transaction-queue.ts";

describe("a transaction queue", () => {
  let log: string[];
  let commit: () => void;
  let queue: TransactionQueue;

  beforeEach(() => {
    log = [];
    commit = () => log.push("commit");
    queue = new TransactionQueue({
      begin: () => log.push("begin"),
      commit: () => commit(),
      rollback: () => log.push("rollback"),
    });
  });

  const nothing = { work: async (): Promise<void> => undefined };

  it("rolls back what can't be committed, tells so, and goes on", async () => {
    commit = () => {
      throw new Error("disk full");
    };
    await expect(queue.transaction(nothing)).rejects.toThrow("disk full");
    commit = () => log.push("commit");
    await queue.transaction(nothing);
    expect(log).toEqual(["begin", "rollback", "begin", "commit"]);
  });

  it("tells of a commit before anybody can follow it, and of an end in any case", async () => {
    const told = (name: string) => ({
      committed: () => log.push(`${name} committed`),
      ended: () => log.push(`${name} ended`),
    });
    const first = queue.transaction({ ...nothing, ...told("first") });
    const second = queue.transaction({ work: () => Promise.reject(new Error("no")), ...told("second") });
    await first;
    await expect(second).rejects.toThrow("no");
    expect(log).toEqual(["begin", "commit", "first committed", "first ended", "begin", "rollback", "second ended"]);
  });

  it.each([
    ["a tick", () => new Promise<void>((resolve) => process.nextTick(resolve))],
    ["an immediate", () => new Promise<void>((resolve) => setImmediate(resolve))],
    ["a timer", () => new Promise<void>((resolve) => setTimeout(resolve, 0))],
    ["a timer that is due", waitForDueTimer],
    ["a file", () => readFile(import.meta.filename)],
  ])("refuses work that awaits %s", async (_, wait) => {
    await new Promise((resolve) => setImmediate(resolve));
    const work = async (): Promise<void> => void (await wait());
    await expect(queue.transaction({ work })).rejects.toThrow(TransactionSpannedTurns);
    expect(log).toEqual(["begin", "rollback"]);
  });

  it("takes work of however many steps that are done already", async () => {
    const work = async (): Promise<number> => {
      for (let step = 0; step < 10_000; step += 1) await Promise.resolve(step);
      return 7;
    };
    expect(await queue.transaction({ work })).toBe(7);
  });

  it("lets work that must be alone go first, and waits for it", async () => {
    const order: string[] = [];
    const note = (text: string) => async (): Promise<void> => void order.push(text);
    const running = queue.transaction({ work: note("running") });
    const waiting = queue.transaction({ work: note("waiting") });
    const alone = queue.alone(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(queue.open === undefined ? "alone" : "not alone");
    });
    await Promise.all([running, waiting, alone]);
    expect(order).toEqual(["alone", "running", "waiting"]);
  });

  it("takes as many waiting transactions as its limit, and refuses one more", async () => {
    const free = Promise.withResolvers<void>();
    const alone = queue.alone(() => free.promise);
    await Promise.resolve();
    const waiting = Array.from({ length: WAITING_LIMIT }, () => queue.transaction(nothing));
    await expect(queue.transaction(nothing)).rejects.toThrow(TransactionQueueFull);
    free.resolve();
    await Promise.all([alone, ...waiting]);
    await queue.transaction(nothing);
    expect(log.filter((entry) => entry === "commit")).toHaveLength(WAITING_LIMIT + 1);
  });

  it.each(["all at once", "each after the other"])(
    "gives the event loop turns while transactions come %s",
    async (how) => {
      let turns = 0;
      let counting = setImmediate(function count() {
        turns += 1;
        counting = setImmediate(count);
      });
      const slow = { work: async (): Promise<void> => blockFor(1) };
      if (how === "all at once") await Promise.all(Array.from({ length: 40 }, () => queue.transaction(slow)));
      else for (let index = 0; index < 40; index += 1) await queue.transaction(slow);
      clearImmediate(counting);
      expect(turns).toBeGreaterThan(0);
    },
  );

  it("has ended everything that was asked for once it is drained", async () => {
    let done = 0;
    for (let index = 0; index < 10; index += 1) {
      void queue.transaction({ work: async () => void (done += 1) });
    }
    await queue.drained();
    expect(done).toBe(10);
    expect(queue.open).toBeUndefined();
  });
});

/** The loop may come to a timer that is due before it comes to an immediate. */
async function waitForDueTimer(): Promise<void> {
  const due = new Promise<void>((resolve) => setTimeout(resolve, 1));
  blockFor(3);
  await due;
}

/** As a synchronous database does. */
function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
