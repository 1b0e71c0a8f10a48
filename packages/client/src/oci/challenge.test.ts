import { describe, expect, it } from "vitest";
import { parseChallenges } from "./challenge.ts";

describe("challenges", () => {
  it.each([
    ['Basic realm="a, b", Bearer realm="https://x/t",service="s"', ["basic", "bearer"]],
    ["Negotiate", ["negotiate"]],
    ['Bearer realm="a\\"b" , scope=x', ["bearer"]],
    ["", []],
    [",,,===", []],
    [`Basic x=${"y".repeat(8192 - "Basic x=".length)}`, ["basic"]],
    [`Basic x=${"y".repeat(8193 - "Basic x=".length)}`, []],
  ])("%.60s", (header, schemes) => {
    expect(parseChallenges(header).map(({ scheme }) => scheme)).toEqual(schemes);
  });

  it("give their parameters", () => {
    const [challenge] = parseChallenges('Bearer realm="a\\"b" , scope=x');
    expect(challenge?.parameters).toEqual({ realm: 'a"b', scope: "x" });
  });
});
