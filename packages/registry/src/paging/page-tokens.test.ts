import fc from "fast-check";
import { nodeHasher } from "@stowage/storage";
import { expect, it } from "vitest";
import { PageTokens } from "./page-tokens.ts";

const tokens = new PageTokens(nodeHasher, new Uint8Array(32).fill(7));

it("gives back the cursor to the query that it was made for", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ maxLength: 300 }), (query, cursor) => {
      expect(tokens.open(query, tokens.seal(query, cursor))).toBe(
        new TextDecoder().decode(new TextEncoder().encode(cursor)),
      );
    }),
  );
});

it("refuses a token of another query", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (one, other, cursor) => {
      fc.pre(one !== other);
      expect(() => tokens.open(other, tokens.seal(one, cursor))).toThrow("Token is not valid for this request");
    }),
  );
});

it("refuses a token of another installation", () => {
  const others = new PageTokens(nodeHasher, new Uint8Array(32).fill(8));
  expect(() => tokens.open("q", others.seal("q", "5"))).toThrow("nextToken");
});

it("refuses a token with any one character changed", () => {
  const token = tokens.seal("ListImages", "12:latest");
  for (let at = 0; at < token.length; at += 1) {
    const changed = token.slice(0, at) + (token[at] === "0" ? "1" : "0") + token.slice(at + 1);
    expect(() => tokens.open("ListImages", changed)).toThrow("nextToken");
  }
});

it.each(["", "0", "zz", "01", "%00", "a".repeat(5000), "__proto__"])("refuses %j as a token", (text) => {
  expect(() => tokens.open("q", text)).toThrow("nextToken");
});
