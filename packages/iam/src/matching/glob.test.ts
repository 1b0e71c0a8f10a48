import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { expand, matches } from "../../test/naive-strings.ts";
import { compileGlob, globMatches, literalTokens, wildcardTokens } from "./glob.ts";

function like(pattern: string, text: string): boolean {
  return globMatches(compileGlob(wildcardTokens(pattern)), text);
}

const few = (unit: string, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(unit)), maxLength });

describe("globMatches", () => {
  it.each([
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["**", "ab", true],
    ["?", "", false],
    ["a*b", "ab", true],
    ["a*b", "aXbXb", true],
    ["a*b", "abX", false],
    ["ab*ba", "aba", false],
    ["*ab*ab*", "ab", false],
    ["a?c*", "abcd", true],
    ["*.txt", "a.b", false],
    ["[a-z]+", "[a-z]+", true],
    ["a\\*", "a\\bc", true],
    ["*é*", "caféx", true],
  ])("%j against %j", (pattern, text, expected) => {
    expect(like(pattern, text)).toBe(expected);
  });

  it("takes an asterisk among literal tokens for an asterisk", () => {
    expect(globMatches(compileGlob(literalTokens("a*b")), "a*b")).toBe(true);
    expect(globMatches(compileGlob(literalTokens("a*b")), "axb")).toBe(false);
  });

  it("agrees with the table of all prefixes", () => {
    fc.assert(
      fc.property(few("ab*?", 12), few("ab", 12), (pattern, text) => {
        expect(like(pattern, text)).toBe(
          matches(
            expand(pattern, "2008-10-17", () => []),
            text,
          ),
        );
      }),
      { numRuns: 20_000 },
    );
  });

  it("agrees for runs that are too long to be searched place by place", () => {
    const run = fc.string({ unit: fc.constantFrom(...Array.from("aaaab?")), minLength: 65, maxLength: 140 });
    const part = fc.oneof(run, few("ab", 3), fc.constant("*"));
    // Texts made from the pattern, so that long runs are found at all.
    const cases = fc.tuple(fc.array(part, { minLength: 1, maxLength: 5 }), few("ab", 6), fc.boolean());
    let found = 0;
    fc.assert(
      fc.property(cases, ([parts, filler, isSpoiled]) => {
        const pattern = parts.join("*");
        const full = pattern.replaceAll("*", filler).replaceAll("?", "b");
        const text = isSpoiled ? full.slice(0, -1) : full;
        const isMatch = like(pattern, text);
        if (isMatch) found += 1;
        expect(isMatch).toBe(
          matches(
            expand(pattern, "2008-10-17", () => []),
            text,
          ),
        );
      }),
      { numRuns: 2_000 },
    );
    expect(found).toBeGreaterThan(500);
  });
});

// Each of these takes minutes or for ever when a matcher goes back over what it has seen.
describe("patterns made to be slow", () => {
  const LENGTH = 20_480;
  const text = "a".repeat(LENGTH);

  it.each([
    ["an asterisk at every second place", "a*".repeat(LENGTH / 2 - 1) + "b"],
    ["nothing but asterisks", "*".repeat(LENGTH - 1) + "b"],
    ["asterisks and question marks", "*?".repeat(LENGTH / 2 - 1) + "b"],
    ["a long run that fails at its first character", `*b${"a".repeat(LENGTH / 2)}*`],
    ["a long run that fails at its last character", `*${"a".repeat(LENGTH / 2)}b*`],
    ["a long run with question marks", `*${"a?".repeat(LENGTH / 4)}b*`],
    ["many long runs", `*${`${"a?".repeat(500)}*`.repeat(20)}b*`],
  ])("%s", (_, pattern) => {
    expect(pattern.length).toBeLessThanOrEqual(LENGTH + 2);
    expect(like(pattern, text)).toBe(false);
    expect(like(pattern.replaceAll("b", "a"), text)).toBe(true);
  });
});
