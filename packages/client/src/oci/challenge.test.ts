import { describe, expect, it } from "vitest";
import { parseChallenges } from "./challenge.ts";

describe("challenges", () => {
  it.each([
    ['Basic realm="a, b", Bearer realm="https://x/t",service="s"', ["basic", "bearer"]],
    ["Negotiate", ["negotiate"]],
    ['Bearer realm="a\\"b" , scope=x', ["bearer"]],
    ["", []],
    [",,,===", []],
    [`Basic ${"x".repeat(9000)}`, []],
  ])("%s", (header, schemes) => {
    expect(parseChallenges(header).map(({ scheme }) => scheme)).toEqual(schemes);
  });

  it("give their parameters", () => {
    const [challenge] = parseChallenges('Bearer realm="a\\"b" , scope=x');
    expect(challenge?.parameters).toEqual({ realm: 'a"b', scope: "x" });
  });
});
