import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, decodeBase64Portably, encodeBase64, encodeBase64Portably } from "./base64.ts";

describe.each([
  { way: "the runtime's", decode: decodeBase64, encode: encodeBase64 },
  { way: "our own", decode: decodeBase64Portably, encode: encodeBase64Portably },
])("base64 by $way code", ({ decode, encode }) => {
  it("gives back the bytes that went in", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(encode(bytes)).toBe(Buffer.from(bytes).toString("base64"));
        expect(decode(encode(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    ["", []],
    ["AA==", [0]],
    ["AA", [0]],
    ["AAE=", [0, 1]],
    ["AAE", [0, 1]],
    ["AA EC\n", [0, 1, 2]],
    ["+/+/", [0xfb, 0xff, 0xbf]],
  ])("reads %j", (text, bytes) => {
    expect(decode(text)).toEqual(Uint8Array.from(bytes));
  });

  it.each(["A", "A===", "AA=", "AA=A", "=AAA", "AAAAA", "-_-_", "AA==AA==", "AAé=", "AAA\u0141", "AAAA="])(
    "refuses %j",
    (text) => {
      expect(decode(text)).toBeUndefined();
    },
  );

  it("reads and refuses the same texts as the other", () => {
    const letters = fc.string({ unit: fc.constantFrom("A", "b", "9", "+", "/", "=", " ", "-"), maxLength: 12 });
    fc.assert(
      fc.property(letters, (text) => {
        expect(decodeBase64(text)).toEqual(decodeBase64Portably(text));
      }),
      { numRuns: 2000 },
    );
  });
});
