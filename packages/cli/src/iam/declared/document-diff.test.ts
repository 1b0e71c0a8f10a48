import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffDocuments, isSameDocument } from "./document-diff.ts";

const json = fc.jsonValue({ maxDepth: 4 });

/** The lines that one side of a difference has, without what was left out. */
function side(before: unknown, after: unknown, sign: "+" | "-"): string[] {
  const lines = diffDocuments(JSON.stringify(before), JSON.stringify(after));
  return lines.filter((line) => line.sign === sign).map(({ text }) => text);
}

describe("documents", () => {
  it("are the same but for white space and the order of keys", () => {
    expect(isSameDocument('{"a":1,"b":[{"c":2,"d":3}]}', '{ "b": [{"d":3, "c":2}],\n"a": 1 }')).toBe(true);
    expect(isSameDocument('{"a":[1,2]}', '{"a":[2,1]}')).toBe(false);
    expect(isSameDocument("{", "{")).toBe(true);
    expect(isSameDocument("{", "{}")).toBe(false);
  });

  it("that are the same have no difference", () => {
    fc.assert(
      fc.property(json, (value) => {
        const lines = diffDocuments(JSON.stringify(value), JSON.stringify(value));
        expect(lines).toEqual([]);
      }),
    );
  });

  it("differ by lines of which each side has its own", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const count = (value: unknown): number => JSON.stringify(value, undefined, 2).split("\n").length;
        const removed = side(before, after, "-").length;
        const added = side(before, after, "+").length;
        expect(count(before) - removed).toBe(count(after) - added);
      }),
    );
  });

  it("are compared line by line up to 4,000,000 pairs of lines", () => {
    const numbers = (count: number, from: number): number[] => {
      const own = Array.from({ length: count }, (_, index) => from + index);
      return own.with(1000, -1);
    };
    expect(side(numbers(2000, 0), numbers(2000, 10_000), "-")).toHaveLength(1999);
    expect(side(numbers(2001, 0), numbers(2000, 10_000), "-")).toHaveLength(2001);
  });

  it("of many lines are told as a whole, soon", () => {
    const long = (from: number): number[] => Array.from({ length: 3000 }, (_, index) => from + index);
    expect(side(long(0), long(10_000), "-")).toHaveLength(3000);
  });
});
