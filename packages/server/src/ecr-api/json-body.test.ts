import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SerializationException } from "@stowage/model";
import { parseJsonBody } from "./json-body.ts";
import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from "./limits.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const json = (text: string): unknown => parseJsonBody(bytes(text)).json;
const blobOf = (text: string): Uint8Array | undefined => parseJsonBody(bytes(text), "layerPartBlob").blob;

/** 300,001 bytes, whose base64 is longer than one slice and ends with padding. */
const content = Uint8Array.from({ length: 300_001 }, (_, index) => (index * 7919) % 251);
const base64 = Buffer.from(content).toString("base64");

describe("parsing a body", () => {
  it.each([
    ["an empty body is no value", "", undefined],
    ["an object", '{"a":[1,2,{"b":null}]}', { a: [1, 2, { b: null }] }],
    [
      "brackets and quotes inside strings count for nothing",
      String.raw`{"a":"[[{\"]\\"}`,
      { a: String.raw`[[{"]\ `.trim() },
    ],
    ["text beyond ASCII", '{"ä":"日本"}', { ä: "日本" }],
    ["a key named __proto__ stays a key", '{"__proto__":1}', JSON.parse('{"__proto__":1}')],
  ])("%s", (_, text, expected) => expect(json(text)).toEqual(expected));

  it.each([
    ["text that is not JSON", "{"],
    ["two values", "{}{}"],
    ["an open string", '{"a":"'],
    ["a string that ends with a backslash", '{"a":"\\'],
    ["a byte order mark", "\u{feff}{}"],
    ["structure nested one too deep", "[".repeat(MAX_JSON_DEPTH + 1)],
    ["one value too many", `[${"1,".repeat(MAX_JSON_VALUES)}1]`],
  ])("refuses %s", (_, text) => expect(() => json(text)).toThrow(SerializationException));

  it("refuses bytes that are not UTF-8", () => {
    expect(() => parseJsonBody(Uint8Array.of(0x22, 0xc3, 0x28, 0x22))).toThrow(SerializationException);
  });

  it("takes the deepest structure and the most values allowed", () => {
    const deep = `${"[".repeat(MAX_JSON_DEPTH)}${"]".repeat(MAX_JSON_DEPTH)}`;
    expect(json(deep)).toBeInstanceOf(Array);
    expect(json(`[${"1,".repeat(MAX_JSON_VALUES - 1)}1]`)).toHaveLength(MAX_JSON_VALUES);
  });

  it("says nothing of the body in its message", () => {
    expect(() => json('{"secret": oops}')).toThrow(/^The request body is not valid JSON$/);
  });
});

describe("the long base64 member", () => {
  it("is decoded where it stands, and left empty in the JSON", () => {
    const body = bytes(`{"uploadId":"u","layerPartBlob": "${base64}" , "partFirstByte":0}`);
    const { json: rest, blob } = parseJsonBody(body, "layerPartBlob");
    expect(rest).toEqual({ uploadId: "u", layerPartBlob: "", partFirstByte: 0 });
    expect(Buffer.compare(blob ?? new Uint8Array(), content)).toBe(0);
    expect(blob?.buffer).toBe(body.buffer);
  });

  it.each([0, 1, 2, 3])("may have any length, such as one with a remainder of %i", (more) => {
    const part = content.subarray(0, 65_536 + more);
    const blob = blobOf(`{"layerPartBlob":"${Buffer.from(part).toString("base64")}"}`);
    expect(Buffer.compare(blob ?? new Uint8Array(), part)).toBe(0);
  });

  it.each([
    ["a short value", '{"layerPartBlob":"AAAA"}', { layerPartBlob: "AAAA" }],
    ["an escaped slash, as PHP writes it", `{"layerPartBlob":"${base64}\\/"}`, { layerPartBlob: `${base64}/` }],
    ["a member further in", `{"a":{"layerPartBlob":"${base64}"}}`, { a: { layerPartBlob: base64 } }],
    ["a value of that name", `{"a":"layerPartBlob","b":"${base64}"}`, { a: "layerPartBlob", b: base64 }],
    ["a member given twice", `{"layerPartBlob":"${base64}","layerPartBlob":"AA=="}`, { layerPartBlob: "AA==" }],
    ["a value that is no string", '{"layerPartBlob":[1]}', { layerPartBlob: [1] }],
  ])("is left to the parser: %s", (_, text, expected) => {
    expect(parseJsonBody(bytes(text), "layerPartBlob")).toEqual({ json: expected });
  });

  it.each([
    ["a character outside the alphabet", `${"A".repeat(70_000)}*AAA`],
    ["padding in the middle", `${"A".repeat(65_534)}==${"A".repeat(70_000)}`],
    ["a digit too many", "A".repeat(70_001)],
  ])("refuses %s", (_, text) => {
    expect(() => blobOf(`{"layerPartBlob":"${text}"}`)).toThrow(/^Invalid base64 data$/);
  });

  it("is found in an array never", () => {
    expect(() => blobOf(`["layerPartBlob":"${base64}"]`)).toThrow(SerializationException);
  });
});

describe("any body", () => {
  it("that is JSON means what JSON.parse says", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(parseJsonBody(bytes(text), "layerPartBlob")).toEqual({ json: JSON.parse(text) });
      }),
    );
  });

  it("gives back every layer part, whatever stands beside it", () => {
    const part = fc.uint8Array({ minLength: 50_000, maxLength: 52_000 });
    const others = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(part, others, fc.boolean(), (content, beside, first) => {
        const own = { layerPartBlob: Buffer.from(content).toString("base64") };
        const whole = first ? { ...own, ...beside, ...own } : { ...beside, ...own };
        const { json: rest, blob } = parseJsonBody(bytes(JSON.stringify(whole)), "layerPartBlob");
        expect(rest).toEqual(JSON.parse(JSON.stringify({ ...whole, layerPartBlob: "" })));
        expect(Buffer.compare(blob ?? new Uint8Array(), content)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("of whatever bytes is parsed or refused, never anything else", () => {
    const pieces = fc.array(
      fc.constantFrom("{", "}", "[", "]", '"', "\\", ":", ",", "layerPartBlob", "A", "=", " ", "\u0000", "1"),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          pieces.map((parts) => bytes(parts.join(""))),
        ),
        (body) => {
          try {
            parseJsonBody(body, "layerPartBlob");
          } catch (error) {
            if (!(error instanceof SerializationException)) throw error;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
