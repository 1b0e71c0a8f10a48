import fc from "fast-check";
import { expect, test } from "vitest";
import { queryValue, queryValues } from "./query.ts";

test("a parameter's values come in order, decoded", () => {
  expect(queryValues("tag=a&n=1&tag=b%2Ec&tag=", "tag")).toEqual(["a", "b.c", ""]);
  expect(queryValue("digest=sha256%3Aab&x=1", "digest")).toBe("sha256:ab");
});

test("a parameter that is a prefix of another is not mistaken for it", () => {
  expect(queryValue("digest-algorithm=sha512", "digest")).toBeUndefined();
  expect(queryValue("tagged=a&xtag=b", "tag")).toBeUndefined();
});

test("a parameter without a value is empty, an absent one undefined", () => {
  expect(queryValue("n", "n")).toBe("");
  expect(queryValue("n=", "n")).toBe("");
  expect(queryValue("", "n")).toBeUndefined();
  expect(queryValue("&&", "n")).toBeUndefined();
});

test("a plus sign stands for itself, as media types hold it", () => {
  expect(queryValue("artifactType=application/vnd.example+json", "artifactType")).toBe("application/vnd.example+json");
});

test("what is no percent-encoding is kept as it stands", () => {
  expect(queryValue("last=%zz", "last")).toBe("%zz");
  expect(queryValue("last=%", "last")).toBe("%");
});

test("every encoded text comes back", () => {
  const text = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), (values) => {
      const query = values.map((value) => `v=${encodeURIComponent(value)}`).join("&");
      expect(queryValues(query, "v")).toEqual(values);
    }),
  );
});
