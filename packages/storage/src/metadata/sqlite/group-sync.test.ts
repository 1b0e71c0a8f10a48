import { beforeEach, describe, expect, it } from "vitest";
import { DurabilityLost, GroupSync } from "./group-sync.ts";

describe("a group of commits", () => {
  let flushes: PromiseWithResolvers<void>[];
  let sync: GroupSync;

  beforeEach(() => {
    flushes = [];
    sync = new GroupSync(() => {
      const flush = Promise.withResolvers<void>();
      flushes.push(flush);
      return flush.promise;
    });
  });

  function commit(name: string, done: string[]): Promise<void> {
    sync.written();
    return sync.durable().then(() => void done.push(name));
  }

  async function turn(): Promise<void> {
    for (let round = 0; round < 3; round += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  it("is durable after a flush that began after the commit, not after one that ran already", async () => {
    const done: string[] = [];
    void commit("first", done);
    await turn();
    void commit("second", done);
    void commit("third", done);
    await turn();
    expect(flushes).toHaveLength(1);
    flushes[0]?.resolve();
    await turn();
    expect(done).toEqual(["first"]);
    expect(flushes).toHaveLength(2);
    flushes[1]?.resolve();
    await turn();
    expect(done).toEqual(["first", "second", "third"]);
    expect(flushes).toHaveLength(2);
  });

  it("shares flushes, however many wait", async () => {
    const done: string[] = [];
    const waiting = Array.from({ length: 1_000 }, (_, index) => commit(String(index), done));
    await turn();
    flushes[0]?.resolve();
    await Promise.all(waiting);
    expect(flushes).toHaveLength(1);
  });

  it("needs no flush when nothing was written, and waits for one that runs", async () => {
    await sync.durable();
    expect(flushes).toHaveLength(0);
    const done: string[] = [];
    void commit("written", done);
    await turn();
    void sync.durable().then(() => done.push("read"));
    await turn();
    expect(done).toEqual([]);
    flushes[0]?.resolve();
    await turn();
    expect(done.sort()).toEqual(["read", "written"]);
    expect(flushes).toHaveLength(1);
  });

  it("is never durable again once a flush has failed", async () => {
    const cause = new Error("EIO");
    const first = commit("first", []);
    await turn();
    const second = commit("second", []);
    flushes[0]?.reject(cause);
    await expect(first).rejects.toThrow(DurabilityLost);
    await expect(second).rejects.toMatchObject({ cause });
    sync.written();
    await expect(sync.durable()).rejects.toThrow(DurabilityLost);
    expect(() => sync.assertSound()).toThrow(DurabilityLost);
    expect(flushes).toHaveLength(1);
  });

  it("is not durable when durability ends while a flush runs", async () => {
    const first = commit("first", []);
    await turn();
    sync.fail(new Error("a checkpoint failed"));
    flushes[0]?.resolve();
    await expect(first).rejects.toThrow(DurabilityLost);
  });
});
