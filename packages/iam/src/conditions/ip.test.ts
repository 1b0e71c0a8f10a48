import { isIPv6 } from "node:net";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { inIpRange, parseIpAddress, parseIpRange } from "./ip.ts";

describe("parseIpRange", () => {
  it.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4/33",
    "1.2.3.4/",
    "1.2.3.4/-1",
    "1.2.3.4/8/8",
    "1.2.3.4 ",
    "::/129",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8",
    "12345::",
    "g::",
    "::1.2.3.4.5",
    "1.2.3.4::",
    "fe80::1%eth0",
    "f".repeat(100_000),
  ])("refuses %j", (text) => {
    expect(parseIpRange(text)).toBeUndefined();
  });

  it("reads what Node takes for an IPv6 address, and nothing else", () => {
    const group = fc.constantFrom("0", "1", "abcd", "FFFF", "1.2.3.4", "12345", "", "g");
    const texts = fc.array(group, { minLength: 1, maxLength: 10 }).map((groups) => groups.join(":"));
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(
        texts.filter((text) => text.includes(":")),
        (text) => {
          const isRead = parseIpRange(text) !== undefined;
          seen[`${isRead}`] += 1;
          expect(isRead).toBe(isIPv6(text));
        },
      ),
      { numRuns: 20_000 },
    );
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(100);
  });
});

describe("parseIpAddress", () => {
  it("takes no range, which a request cannot come from", () => {
    expect(parseIpAddress("10.0.0.0/8")).toBeUndefined();
  });
});

describe("inIpRange", () => {
  it.each([
    ["10.0.0.1/8", "10.255.0.0", true],
    ["10.0.0.0/9", "10.127.255.255", true],
    ["10.0.0.0/9", "10.128.0.0", false],
    ["10.0.0.0/17", "10.0.127.1", true],
    ["10.0.0.0/17", "10.0.128.1", false],
    ["10.0.0.1/32", "10.0.0.1", true],
    ["2001:db8::/33", "2001:db8:7fff::", true],
    ["2001:db8::/33", "2001:db8:8000::", false],
    ["::/0", "ffff::", true],
    ["::ffff:10.0.0.0/104", "10.1.1.1", true],
    ["10.0.0.0/8", "::ffff:a01:101", true],
  ])("%s holds %s: %s", (range, address, expected) => {
    const [parsedRange, parsedAddress] = [parseIpRange(range), parseIpAddress(address)];
    if (parsedRange === undefined || parsedAddress === undefined) throw new Error("unreadable");
    expect(inIpRange(parsedRange, parsedAddress)).toBe(expected);
  });
});
