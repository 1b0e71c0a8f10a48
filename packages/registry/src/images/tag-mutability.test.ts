import type { Tag } from "@stowage/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExclusionFilter, TagMutability } from "../ports/repository-rows.ts";
import { exclusionFilters, isImmutable, matchesWildcard } from "./tag-mutability.ts";

const filters = (...texts: string[]): ExclusionFilter[] => texts.map((filter) => ({ filterType: "WILDCARD", filter }));
const tag = (text: string): Tag => text as Tag;

describe("isImmutable", () => {
  const cases: readonly (readonly [TagMutability, string[], string, boolean])[] = [
    ["MUTABLE", [], "latest", false],
    ["IMMUTABLE", [], "latest", true],
    ["IMMUTABLE_WITH_EXCLUSION", ["latest", "dev-*"], "latest", false],
    ["IMMUTABLE_WITH_EXCLUSION", ["latest", "dev-*"], "dev-1", false],
    ["IMMUTABLE_WITH_EXCLUSION", ["latest", "dev-*"], "v1", true],
    ["MUTABLE_WITH_EXCLUSION", ["v*"], "v1", true],
    ["MUTABLE_WITH_EXCLUSION", ["v*"], "latest", false],
  ];
  it.each(cases)("%s excluding %j: tag %s is immutable: %s", (tagMutability, excluded, text, expected) => {
    expect(isImmutable({ tagMutability, exclusionFilters: filters(...excluded) }, tag(text))).toBe(expected);
  });
});

describe("matchesWildcard", () => {
  it.each([
    ["*", "", true],
    ["*", "anything", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["v*.*", "v1.2", true],
    ["v*.*", "v12", false],
    ["*-rc*", "v1-rc2", true],
    ["a.c", "abc", false],
  ])("%s on %s: %s", (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });

  it("agrees with a regular expression on random patterns and texts", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 }), (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "u");
        expect(matchesWildcard(pattern, text)).toBe(expression.test(text));
      }),
    );
  });
});

describe("exclusionFilters", () => {
  it("demands filters in the exclusion modes, with ECR's text", () => {
    expect(() => exclusionFilters("IMMUTABLE_WITH_EXCLUSION", undefined)).toThrow(
      "Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: " +
        "'ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as IMMUTABLE_WITH_EXCLUSION'",
    );
  });

  it("refuses filters in the plain modes", () => {
    expect(() => exclusionFilters("MUTABLE", filters("a"))).toThrow("must be null");
  });

  it("takes two wildcards in a filter and refuses three", () => {
    expect(exclusionFilters("MUTABLE_WITH_EXCLUSION", filters("a*b*"))).toHaveLength(1);
    expect(() => exclusionFilters("MUTABLE_WITH_EXCLUSION", filters("*a*b*"))).toThrow("at most 2 wildcards");
  });

  it("takes five filters and refuses six", () => {
    expect(exclusionFilters("MUTABLE_WITH_EXCLUSION", filters("a", "b", "c", "d", "e"))).toHaveLength(5);
    expect(() => exclusionFilters("MUTABLE_WITH_EXCLUSION", filters("a", "b", "c", "d", "e", "f"))).toThrow("5");
  });
});
