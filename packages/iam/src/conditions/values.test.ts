import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { canonicalBase64, parseDate, parseNumber } from "./values.ts";

describe("parseNumber", () => {
  it.each([
    ["0", 0],
    ["-1.50", -1.5],
    ["+2", 2],
    [".5", 0.5],
    ["007", 7],
  ])("reads %s", (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it.each(["", ".", "-", "1.", "1e3", "0x10", " 1", "1 ", "١", "Infinity", "NaN", "1".repeat(41)])(
    "refuses %j",
    (text) => {
      expect(parseNumber(text)).toBeUndefined();
    },
  );
});

describe("parseDate", () => {
  it("reads every moment that Date prints", () => {
    const dates = fc.date({ min: new Date("0100-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseDate(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  it.each([
    ["2026", "2026-01-01T00:00:00Z"],
    ["2026-11", "2026-11-01T00:00:00Z"],
    ["2026-11-21", "2026-11-21T00:00:00Z"],
    ["2026-11-21T10:30Z", "2026-11-21T10:30:00Z"],
    ["2026-11-21T10:30:15", "2026-11-21T10:30:15Z"],
    ["2026-11-21T10:30:15.25-05:30", "2026-11-21T16:00:15.250Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z"],
    ["1700000000", "2023-11-14T22:13:20Z"],
  ])("reads %s", (text, moment) => {
    expect(parseDate(text)).toBe(Date.parse(moment));
  });

  it.each([
    "",
    "26",
    "2026-13",
    "2026-00-01",
    "2026-02-30",
    "2025-02-29",
    "0050-01-01",
    "2026-11-21T24:00Z",
    "2026-11-21T10:60Z",
    "2026-11-21 10:00Z",
    "2026-11-21T10Z",
    "20261121T100000Z",
    "-1700000000",
    "now",
  ])("refuses %j", (text) => {
    expect(parseDate(text)).toBeUndefined();
  });
});

describe("canonicalBase64", () => {
  it("gives one spelling to one byte string", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 20 }), (left, right) => {
        const [one, other] = [left, right].map((bytes) => Buffer.from(bytes).toString("base64"));
        expect(canonicalBase64(one ?? "") === canonicalBase64(other ?? "")).toBe(Buffer.compare(left, right) === 0);
        expect(canonicalBase64((one ?? "").replaceAll("=", ""))).toBe(canonicalBase64(one ?? ""));
      }),
    );
    expect(canonicalBase64("QR==")).toBe(canonicalBase64("QQ=="));
  });

  it.each(["Q", "QQ=", "Q===", "QQ==QQ==", "Q Q=", "Q-_="])("refuses %j", (text) => {
    expect(canonicalBase64(text)).toBeUndefined();
  });
});
