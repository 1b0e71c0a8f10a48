import { describe, expect, it } from "vitest";
import { VersionedCache } from "./versioned-cache.ts";

function cacheOf(maxEntries: number, maxWeight: number): VersionedCache<string> {
  return new VersionedCache({ maxEntries, maxWeight });
}

function keep(cache: VersionedCache<string>, key: string, weight = 1): void {
  cache.find(key, 1);
  cache.keep(key, 1, { value: key, weight });
}

describe("a versioned cache", () => {
  it("forgets everything when the version moves on, and never goes back", () => {
    const cache = cacheOf(9, 9);
    keep(cache, "a");
    expect(cache.find("a", 1)).toBe("a");
    expect(cache.find("a", 2)).toBeUndefined();
    cache.keep("a", 2, { value: "new", weight: 1 });
    expect(cache.find("a", 1)).toBe("new");
    expect(cache.find("a", 2)).toBe("new");
  });

  it("does not keep what was read under an older version", () => {
    const cache = cacheOf(9, 9);
    cache.find("a", 1);
    cache.find("b", 2);
    cache.keep("a", 1, { value: "stale", weight: 1 });
    expect(cache.find("a", 2)).toBeUndefined();
  });

  it("holds as many entries as its limit, and with one more lets the oldest go", () => {
    const cache = cacheOf(2, 9);
    keep(cache, "a");
    keep(cache, "b");
    expect([cache.find("a", 1), cache.find("b", 1)]).toEqual(["a", "b"]);
    keep(cache, "c");
    expect([cache.find("a", 1), cache.find("b", 1), cache.find("c", 1)]).toEqual([undefined, "b", "c"]);
    expect(cache.size).toBe(2);
  });

  it("holds as much weight as its limit, and no entry above it", () => {
    const cache = cacheOf(9, 10);
    keep(cache, "a", 4);
    keep(cache, "b", 6);
    expect(cache.size).toBe(2);
    keep(cache, "c", 1);
    expect([cache.find("a", 1), cache.find("b", 1), cache.find("c", 1)]).toEqual([undefined, "b", "c"]);
    keep(cache, "d", 10);
    expect(cache.size).toBe(1);
    keep(cache, "e", 11);
    expect([cache.find("d", 1), cache.find("e", 1)]).toEqual(["d", undefined]);
  });

  it("counts the weight of an entry that is replaced once", () => {
    const cache = cacheOf(9, 10);
    for (let turn = 0; turn < 5; turn += 1) keep(cache, "a", 8);
    keep(cache, "b", 2);
    expect(cache.size).toBe(2);
  });
});
