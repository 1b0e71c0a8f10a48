import { describe, expect, it } from "vitest";

import { formatTimestamp, parseTimestamp, readTimestamp } from "./timestamps.ts";

describe("timestamps", () => {
  it("are read and written in the basic form, to the second", () => {
    expect(parseTimestamp("20240229T235959Z")).toBe(Date.UTC(2024, 1, 29, 23, 59, 59));
    expect(formatTimestamp(Date.UTC(2024, 1, 29, 23, 59, 59, 999))).toBe("20240229T235959Z");
  });

  it.each([
    "",
    "20230229T000000Z",
    "20231301T000000Z",
    "20230001T000000Z",
    "20230101T240000Z",
    "20230101T236000Z",
    "20230101T235960Z",
    "20230101T000000",
    "20230101T000000z",
    " 20230101T000000Z",
    "20230101T000000Z\n",
    "2023-01-01T00:00:00Z",
    "+20230101T00000Z",
    "２0230101T000000Z",
  ])("are refused when no clock shows them: %j", (text) => {
    expect(readTimestamp(text)).toBeUndefined();
  });

  it("of HTTP dates are brought into the basic form", () => {
    expect(readTimestamp("Sat, 21 Nov 2026 12:36:00 GMT")).toBe("20261121T123600Z");
  });

  it.each([
    "Sun, 21 Nov 2026 12:36:00 GMT",
    "Tue, 31 Feb 2026 12:36:00 GMT",
    "Sat, 21 Nov 2026 12:36:00 UTC",
    "Xxx, 99 Yyy 2026 99:99:99 GMT",
    "Saturday, 21-Nov-26 12:36:00 GMT",
    "Sat Nov 21 12:36:00 2026",
  ])("of HTTP dates that do not hold together are refused: %s", (text) => {
    expect(readTimestamp(text)).toBeUndefined();
  });
});
