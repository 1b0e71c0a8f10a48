import { describe, expect, it } from "vitest";
import { askedDelayMs, retryDelayMs, retryKindOf, RetryQuota } from "./retries.ts";

describe("which failures are tried again", () => {
  it.each([
    ["ThrottlingException", 400, "throttling"],
    ["LimitExceededException", 400, "throttling"],
    ["Anything", 429, "throttling"],
    ["ServerException", 500, "transient"],
    ["UnknownError", 502, "transient"],
    ["UnknownError", 503, "transient"],
    ["UnknownError", 504, "transient"],
    ["UnknownError", 501, undefined],
    ["RequestTimeout", 400, "transient"],
    ["NoAnswerError", undefined, "transient"],
    ["TimeoutError", undefined, "transient"],
    ["RepositoryNotFoundException", 400, undefined],
    ["AccessDeniedException", 400, undefined],
    ["InvalidSignatureException", 400, undefined],
  ])("%s with status %s: %s", (code, status, kind) => {
    expect(retryKindOf(code, status)).toBe(kind);
  });
});

describe("how long a retry waits", () => {
  it("is a random share of a bound that doubles, up to 20 s", () => {
    const bounds = (kind: "transient" | "throttling"): number[] =>
      [0, 1, 2, 5, 30].map((retries) => retryDelayMs(kind, retries, { random: 0.5 }));
    expect(bounds("transient")).toEqual([25, 50, 100, 800, 10_000]);
    expect(bounds("throttling")).toEqual([500, 1000, 2000, 10_000, 10_000]);
    expect(retryDelayMs("transient", 3, { random: 0 })).toBe(0);
  });

  it("is what the server asks for, but at most 5 s longer than the own delay", () => {
    expect(retryDelayMs("transient", 0, { random: 0.5, askedMs: 3000 })).toBe(3000);
    expect(retryDelayMs("transient", 0, { random: 0.5, askedMs: 5025 })).toBe(5025);
    expect(retryDelayMs("transient", 0, { random: 0.5, askedMs: 5026 })).toBe(5025);
    expect(retryDelayMs("transient", 0, { random: 0.5, askedMs: 10 })).toBe(25);
  });

  it.each([
    [{ "x-amz-retry-after": "1500" }, 1500],
    [{ "retry-after": "2" }, 2000],
    [{ "retry-after": "Sat, 21 Nov 2026 12:00:30 GMT" }, 30_000],
    [{ "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "x-amz-retry-after": "-1" }, undefined],
    [{}, undefined],
  ])("reads %j as %s", (headers, ms) => {
    expect(askedDelayMs(headers, new Date("2026-11-21T12:00:00Z"))).toBe(ms);
  });
});

describe("the allowance of retries", () => {
  it("is 500 tokens: 35 transient retries, then none until something succeeds", () => {
    const quota = new RetryQuota();
    for (let retry = 0; retry < 35; retry += 1) expect(quota.take("transient")).toBe(14);
    expect(quota.left).toBe(10);
    expect(quota.take("transient")).toBeUndefined();
    expect(quota.take("throttling")).toBe(5);
    quota.giveBack(14);
    expect(quota.left).toBe(19);
    expect(quota.take("transient")).toBe(14);
  });

  it("grows by one with each call that needs no retry, never over 500", () => {
    const quota = new RetryQuota();
    quota.giveBack();
    expect(quota.left).toBe(500);
    quota.take("throttling");
    quota.giveBack();
    expect(quota.left).toBe(496);
    quota.giveBack(14);
    expect(quota.left).toBe(500);
  });
});
