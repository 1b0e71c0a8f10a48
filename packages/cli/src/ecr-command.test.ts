import { describe, expect, it } from "vitest";
import { pageSize, parseCount } from "./ecr-command.ts";

describe("a page", () => {
  it.each([
    [undefined, 1000],
    [1, 1],
    [999, 999],
    [1000, 1000],
    [1001, 1000],
  ])("for a limit of %s is asked for with %i", (limit, size) => {
    expect(pageSize(limit)).toBe(size);
  });
});

describe("a count", () => {
  it("is a whole number from 1 to the greatest that is exact", () => {
    for (const count of [1, Number.MAX_SAFE_INTEGER]) expect(parseCount(String(count))).toBe(count);
    for (const text of ["0", "-1", "1.5", "", "x", "9007199254740992"]) {
      expect(() => parseCount(text)).toThrow("It is a number from 1.");
    }
  });
});
