import { describe, expect, it } from "vitest";

import { canonicalPath, canonicalQuery, parseQuery } from "./encoding.ts";
import { MAX_QUERY_PARAMETERS } from "./index.ts";

describe("canonicalPath", () => {
  it.each([
    ["/", "/"],
    ["//", "/"],
    ["/./", "/"],
    ["/./example", "/example"],
    ["/example/..", "/"],
    ["/example1/example2/../..", "/"],
    ["//example//", "/example/"],
    ["/../../a", "/a"],
    ["/a/./", "/a/"],
    ["/a%20b", "/a%2520b"],
    ["/%E1%88%B4", "/%25E1%2588%25B4"],
    ["/-._~0aZ", "/-._~0aZ"],
    ["/a+b:c@d!$&'()*,;=", "/a%2Bb%3Ac%40d%21%24%26%27%28%29%2A%2C%3B%3D"],
  ])("of %s is %s", (path, canonical) => {
    expect(canonicalPath(path, "ecr")).toBe(canonical);
  });

  it("leaves S3's keys as they stand", () => {
    expect(canonicalPath("/a//b/../c%20d", "s3")).toBe("/a//b/../c%20d");
  });
});

describe("a query", () => {
  it.each([
    ["", ""],
    ["&&", ""],
    ["a", "a="],
    ["a=", "a="],
    ["=a", "=a"],
    ["b=1&a=2", "a=2&b=1"],
    ["a=2&a=10&a=1", "a=1&a=10&a=2"],
    ["a-b=1&a=1", "a=1&a-b=1"],
    ["a=b=c", "a=b%3Dc"],
    ["a=1+1&b=1%201&c=1%2B1", "a=1%201&b=1%201&c=1%2B1"],
    ["%61=%7e%2f/", "a=~%2F%2F"],
    ["k=%c3%a9%ff", "k=%C3%A9%FF"],
    ["B=1&a=1", "B=1&a=1"],
    ["a=!'()*", "a=%21%27%28%29%2A"],
    ["x-amz-signature=1", "x-amz-signature=1"],
  ])("%j is signed as %j", (query, canonical) => {
    expect(canonicalQuery(parseQuery(query) ?? [])).toBe(canonical);
  });

  it.each(["%", "a=%", "a=%4", "a=%zz", "%g0=1", "a=1&b=%0"])("%j is malformed", (query) => {
    expect(parseQuery(query)).toBeUndefined();
  });

  it("holds as many parameters as the limit and no more, however many separators stand between", () => {
    const full = Array.from({ length: MAX_QUERY_PARAMETERS }, (_, i) => `a=${i}`).join("&&&&");
    expect(parseQuery(full)).toHaveLength(MAX_QUERY_PARAMETERS);
    expect(parseQuery(`${full}&`)).toHaveLength(MAX_QUERY_PARAMETERS);
    expect(parseQuery(`${full}&b`)).toBeUndefined();
  });
});
