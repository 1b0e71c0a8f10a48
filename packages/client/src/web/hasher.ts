import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Hasher } from "@stowage/sigv4";

const encoder = /* @__PURE__ */ new TextEncoder();

/** Browsers hash asynchronously only; keys and requests are small enough for plain JavaScript. */
export const nobleHasher: Hasher = {
  sha256: (data) => sha256(bytesOf(data)),
  hmacSha256: (key, data) => hmac(sha256, key, bytesOf(data)),
};

function bytesOf(data: Uint8Array | string): Uint8Array {
  return typeof data === "string" ? encoder.encode(data) : data;
}
