import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from "../limits.ts";
import { readJson, type JsonNode } from "./json.ts";

function valueOf(node: JsonNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries(node.members.map(({ key, value }) => [key, valueOf(value)]));
    case "array":
      return node.items.map(valueOf);
    case "number":
      return Number(node.text);
    case "null":
      return null;
    case "string":
    case "boolean":
      return node.value;
  }
}

function read(text: string): unknown {
  const result = readJson(text);
  return result.ok ? valueOf(result.root) : result.problem.code;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("readJson", () => {
  it("reads what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 2, "\t"), (value, space) => {
        expect(read(JSON.stringify(value, undefined, space))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("takes the texts that JSON.parse takes and no others", () => {
    const piece = fc.constantFrom(
      ...Array.from('{}[]",:\\ \t\n'),
      '"a"',
      '"b":',
      "\\u0041",
      "\\x",
      "1",
      "-0.5e+3",
      "01",
      "true",
      "null",
      "nul",
      "é",
      "\u0001",
      "\ufeff",
    );
    const near = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(""));
    const wrapped = near.map((text) => `[${text}]`);
    fc.assert(
      fc.property(fc.oneof(near, wrapped), (text) => {
        const result = readJson(text);
        if (!result.ok && result.problem.code === "DUPLICATE_KEY") return;
        expect(result.ok).toBe(isJson(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['{"a":1,"a":1}', 7],
    ['{"a":1,"\\u0061":1}', 7],
    ['[{"x":{"a":1,"b":2,"a":3}}]', 19],
    ['{"__proto__":1,"__proto__":2}', 15],
  ])("refuses the second of two equal keys: %s", (text, at) => {
    expect(readJson(text)).toMatchObject({ ok: false, problem: { code: "DUPLICATE_KEY", at } });
  });

  it("takes equal keys of different objects, and keys that differ in case", () => {
    expect(read('[{"a":1},{"a":2,"A":3}]')).toEqual([{ a: 1 }, { a: 2, A: 3 }]);
  });

  it("takes the depth of the limit and no more", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(readJson(nested(MAX_JSON_DEPTH)).ok).toBe(true);
    expect(read(nested(MAX_JSON_DEPTH + 1))).toBe("TOO_DEEP");
    expect(read("[".repeat(100_000))).toBe("TOO_DEEP");
    expect(read('{"a":'.repeat(20_000))).toBe("TOO_DEEP");
  });

  it("takes as many values as the limit and no more", () => {
    const list = (items: number): string => `[${"0,".repeat(items - 1)}0]`;
    expect(readJson(list(MAX_JSON_VALUES - 1)).ok).toBe(true);
    expect(read(list(MAX_JSON_VALUES))).toBe("TOO_MANY_VALUES");
  });

  it("says where the text goes wrong", () => {
    expect(readJson('{"a" 1}')).toMatchObject({ problem: { code: "JSON_SYNTAX", at: 5 } });
    expect(readJson("")).toMatchObject({ problem: { message: "The text ends where JSON expects something else." } });
  });
});
