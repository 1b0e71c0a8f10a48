import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../ecr/failures.ts";
import { platform as nodePlatform } from "../node/platform.ts";
import { nobleHasher } from "./hasher.ts";
import { platform } from "./platform.ts";
import { webPlatform } from "./web-platform.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("the hasher of the web build", () => {
  it("agrees with Node's, for texts and bytes", () => {
    const input = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(input, fc.uint8Array({ maxLength: 100 }), (data, key) => {
        expect(hex(nobleHasher.sha256(data))).toBe(hex(nodePlatform.hasher.sha256(data)));
        expect(hex(nobleHasher.hmacSha256(key, data))).toBe(hex(nodePlatform.hasher.hmacSha256(key, data)));
      }),
    );
  });
});

describe("the web platform", () => {
  it("digests with the runtime's WebCrypto, and by itself where a page has none", async () => {
    const bytes = new TextEncoder().encode("bytes");
    const expected = hex(nodePlatform.hasher.sha256(bytes));
    expect(hex(await platform.digest(bytes))).toBe(expected);
    const insecure = webPlatform(nobleHasher, { ...globalThis, crypto: {}, fetch });
    expect(hex(await insecure.digest(bytes))).toBe(expected);
  });

  it("knows nothing of its surroundings", async () => {
    expect(await platform.surroundings(undefined)).toEqual({});
    await expect(platform.credentials(undefined)).rejects.toThrow(ConfigurationError);
  });

  it("names no user agent, which a page may not choose", () => {
    expect(platform.userAgent).toBeUndefined();
  });
});
