import { describe, expect, it } from "vitest";
import { BATCH_BYTES, BatchBuffers, LARGE_BATCHES_LIMIT } from "./batches.ts";

describe("memory for batches", () => {
  it("is large up to the limit and small past it, and nobody waits", () => {
    const buffers = new BatchBuffers();
    const large = Array.from({ length: LARGE_BATCHES_LIMIT }, () => buffers.take());
    expect(large.map(({ byteLength }) => byteLength)).toEqual(large.map(() => BATCH_BYTES));
    const small = buffers.take();
    expect(small.byteLength).toBeLessThan(BATCH_BYTES);
    buffers.give(small);
    expect(buffers.take()).toBe(small);
  });

  it("is given out again", () => {
    const buffers = new BatchBuffers();
    const large = Array.from({ length: LARGE_BATCHES_LIMIT }, () => buffers.take());
    for (const buffer of large) buffers.give(buffer);
    expect(new Set(large)).toContain(buffers.take());
  });
});
