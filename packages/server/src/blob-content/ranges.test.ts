import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_RANGES, parseRange } from "./ranges.ts";

const SIZE = 2048;

function ranges(header: string, size = SIZE): string {
  const answer = parseRange(header, size);
  if (answer.kind !== "partial") return answer.kind;
  return answer.ranges.map(({ fromByte, toByte }) => `${fromByte}-${toByte}`).join(",");
}

describe("single ranges (RFC 9110, 14.1.2)", () => {
  test.each([
    ["bytes=500-1499", "500-1499"],
    ["bytes=500-", "500-2047"],
    ["bytes=-500", "1548-2047"],
    ["bytes=2000-5000", "2000-2047"],
    ["bytes=0-0", "0-0"],
    ["bytes=0-", "0-2047"],
    ["bytes=-99999", "0-2047"],
    ["bytes=2047-", "2047-2047"],
    ["Bytes= 1-2 ", "1-2"],
    ["bytes=0-99999999999999999999", "0-2047"],
  ])("%s", (header, expected) => {
    expect(ranges(header)).toBe(expected);
  });

  test.each(["bytes=500-0", "bytes=5000-10000", "bytes=2048-", "bytes=-0", "bytes=99999999999999999999-"])(
    "%s cannot be satisfied",
    (header) => {
      expect(ranges(header)).toBe("unsatisfiable");
    },
  );

  test.each([
    "",
    "bytes",
    "bytes=",
    "bytes=a-b",
    "bytes=-",
    "bytes=1",
    "bytes=1-2-3",
    "bytes=+1-2",
    "items=0-1",
    "bytes=1.5-2",
    "bytes=--1",
  ])("%j is not of the grammar and is answered whole", (header) => {
    expect(ranges(header)).toBe("whole");
  });

  test("no header asks for the whole", () => {
    expect(parseRange(undefined, SIZE).kind).toBe("whole");
  });

  test("an empty blob has no byte to range over", () => {
    expect(ranges("bytes=0-", 0)).toBe("unsatisfiable");
    expect(ranges("bytes=-5", 0)).toBe("unsatisfiable");
  });
});

describe("several ranges", () => {
  test("come in the order asked", () => {
    expect(ranges("bytes=10-19, 0-4,-3")).toBe("10-19,0-4,2045-2047");
  });

  test("those beyond the blob are left out", () => {
    expect(ranges("bytes=0-1,9000-9001")).toBe("0-1");
    expect(ranges("bytes=3000-,9000-9001")).toBe("unsatisfiable");
  });

  test("one malformed makes the whole header malformed", () => {
    expect(ranges("bytes=0-1,x")).toBe("whole");
  });

  test(`${MAX_RANGES} are served and one more is answered whole`, () => {
    const many = (count: number): string =>
      `bytes=${Array.from({ length: count }, (_, at) => `${at}-${at}`).join(",")}`;
    expect(ranges(many(MAX_RANGES)).split(",")).toHaveLength(MAX_RANGES);
    expect(ranges(many(MAX_RANGES + 1))).toBe("whole");
  });

  test("those that add up to the blob are served, and one byte more is answered whole", () => {
    expect(ranges("bytes=0-1023,1024-2047")).toBe("0-1023,1024-2047");
    expect(ranges("bytes=0-1024,1024-2047")).toBe("whole");
  });
});

test("whatever is asked, every range served lies within the blob and they hold no more bytes than it", () => {
  const number = fc.oneof(fc.nat({ max: 3000 }), fc.constantFrom("", "x", "0", "18446744073709551616"));
  const spec = fc.tuple(number, number).map(([first, last]) => `${first}-${last}`);
  const header = fc.array(spec, { maxLength: 6 }).map((specs) => `bytes=${specs.join(",")}`);
  fc.assert(
    fc.property(fc.oneof(header, fc.string()), fc.nat({ max: 2500 }), (text, size) => {
      const answer = parseRange(text, size);
      if (answer.kind !== "partial") return;
      let total = 0;
      for (const { fromByte, toByte } of answer.ranges) {
        expect(fromByte).toBeGreaterThanOrEqual(0);
        expect(toByte).toBeGreaterThanOrEqual(fromByte);
        expect(toByte).toBeLessThan(size);
        total += toByte - fromByte + 1;
      }
      expect(total).toBeLessThanOrEqual(size);
    }),
  );
});
