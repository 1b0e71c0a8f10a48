import { describe, expect, it } from "vitest";
import { formatAge, formatBytes, plainCell, showCell } from "./cells.ts";

const now = new Date("2026-11-21T12:00:00Z");
const ago = (ms: number): Date => new Date(now.getTime() - ms);

describe("ages", () => {
  it.each([
    [0, "now"],
    [999, "now"],
    [1000, "1 second ago"],
    [59_999, "59 seconds ago"],
    [60_000, "1 minute ago"],
    [3_599_999, "59 minutes ago"],
    [3_600_000, "1 hour ago"],
    [86_399_999, "23 hours ago"],
    [86_400_000, "1 day ago"],
    [45 * 86_400_000, "1 month ago"],
    [400 * 86_400_000, "1 year ago"],
    [-7_200_000, "in 2 hours"],
  ])("of %i ms are %s", (ms, text) => {
    expect(formatAge(ago(ms), now)).toBe(text);
  });
});

describe("sizes", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [10_239, "10.0 KiB"],
    [1024 * 1024 - 1, "1.0 MiB"],
    [12_900_000, "12.3 MiB"],
    [150 * 1024 * 1024, "150 MiB"],
    [5 * 1024 ** 4, "5.0 TiB"],
    [2000 * 1024 ** 5, "2000 PiB"],
  ])("of %i bytes are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("cells", () => {
  const digest = `sha256:${"a1".repeat(32)}`;

  it("cut digests and tell ages, unless they are to be exact", () => {
    expect(showCell(digest, { isExact: false, now })).toBe("sha256:a1a1a1a1a1a1");
    expect(showCell(digest, { isExact: true, now })).toBe(digest);
    expect(showCell(ago(60_000), { isExact: false, now })).toBe("1 minute ago");
    expect(showCell(ago(60_000), { isExact: true, now })).toBe("2026-11-21T11:59:00.000Z (1 minute ago)");
  });

  it("for a program are whole", () => {
    expect([digest, ago(0), 12, ["a", "b"], [], undefined, false].map(plainCell)).toEqual([
      digest,
      "2026-11-21T12:00:00.000Z",
      "12",
      "a,b",
      "-",
      "-",
      "false",
    ]);
  });

  it("hold nothing that a terminal obeys or that breaks a line", () => {
    const hostile = "a\u001B[2Jb\nc\td\u009B31me";
    expect(showCell(hostile, { isExact: true, now })).toBe("a [2Jb c d 31me");
    expect(plainCell(hostile)).toBe("a [2Jb c d 31me");
  });
});
