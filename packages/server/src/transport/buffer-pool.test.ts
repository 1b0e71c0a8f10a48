import { describe, expect, it } from "vitest";
import { BufferPool, LARGE_BUFFER_BYTES, SMALL_BUFFER_BYTES } from "./buffer-pool.ts";

describe("BufferPool", () => {
  it("hands out large buffers up to its limit, and small ones beyond it", () => {
    const pool = new BufferPool(2);
    const sizes = [1, 2, 3].map(() => pool.take(10 * LARGE_BUFFER_BYTES).length);
    expect(sizes).toEqual([LARGE_BUFFER_BYTES, LARGE_BUFFER_BYTES, SMALL_BUFFER_BYTES]);
  });

  it("reuses what came back", () => {
    const pool = new BufferPool(1);
    const first = pool.take(LARGE_BUFFER_BYTES);
    pool.release(pool.take(LARGE_BUFFER_BYTES));
    pool.release(first);
    expect(pool.take(LARGE_BUFFER_BYTES)).toBe(first);
  });

  it("gives small regions what they need, outside the limit", () => {
    const pool = new BufferPool(0);
    expect(pool.take(SMALL_BUFFER_BYTES)).toHaveLength(SMALL_BUFFER_BYTES);
    expect(pool.take(10)).toHaveLength(10);
    expect(new BufferPool(1).take(SMALL_BUFFER_BYTES + 1)).toHaveLength(LARGE_BUFFER_BYTES);
  });
});
