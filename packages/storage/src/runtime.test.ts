import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { nodeHasher, systemIds } from "./runtime.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

describe("nodeHasher", () => {
  it("computes the published digests of abc", async () => {
    const abc = Buffer.from("abc");
    expect(hex(await nodeHasher.digest("sha256", abc))).toMatch(/^ba7816bf8f01cfea414140de5dae2223/);
    expect(hex(await nodeHasher.digest("sha512", abc))).toMatch(/^ddaf35a193617abacc417349ae204131/);
  });

  it.each([65_536, 65_537])("gives the same digest on and off the event loop (%i bytes)", async (length) => {
    const whole = randomBytes(length + 1);
    const part = whole.subarray(1);
    const copy = Buffer.from(part);
    expect(hex(await nodeHasher.digest("sha256", part))).toBe(hex(await nodeHasher.digest("sha256", copy)));
    expect(await nodeHasher.digest("sha512", part)).toHaveLength(64);
  });

  it("computes the HMAC of RFC 4231, case 2", () => {
    const mac = nodeHasher.hmacSha256(Buffer.from("Jefe"), Buffer.from("what do ya want for nothing?"));
    expect(hex(mac)).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  });
});

describe("systemIds", () => {
  it("gives UUIDs of version 4 in lower case", () => {
    expect(systemIds.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
