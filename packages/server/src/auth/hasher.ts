import { createHmac, hash, webcrypto } from "node:crypto";

/** A payload above this is hashed on another thread: it would hold up everyone else for longer than the detour takes. */
export const MAX_INLINE_HASH_BYTES = 64 * 1024;

/** The hashes of short inputs, as sigv4 asks for them. */
export const hasher = {
  sha256: (data: Uint8Array | string): Uint8Array => hash("sha256", data, "buffer"),
  hmacSha256: (key: Uint8Array, data: Uint8Array | string): Uint8Array =>
    createHmac("sha256", key).update(data).digest(),
};

/** SHA-256 of a whole body in hexadecimal. */
export async function payloadHash(body: Uint8Array): Promise<string> {
  if (body.length <= MAX_INLINE_HASH_BYTES) return hash("sha256", body, "hex");
  // A copy would double the memory of the largest bodies; only memory that threads share needs one.
  const bytes = body.buffer instanceof ArrayBuffer ? (body as Uint8Array<ArrayBuffer>) : new Uint8Array(body);
  return Buffer.from(await webcrypto.subtle.digest("SHA-256", bytes)).toString("hex");
}
