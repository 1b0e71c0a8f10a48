import { createHash, createHmac, randomUUID, subtle } from "node:crypto";
import type { Clock, Hasher, Ids } from "@stowage/registry";

/** Longer inputs are hashed on a thread of Node's pool: a MiB would hold the event loop for milliseconds. */
const OFF_LOOP_BYTES = 65_536;

const SUBTLE_NAMES = { sha256: "SHA-256", sha512: "SHA-512" } as const;

export const systemClock: Clock = { now: () => new Date() };

export const systemIds: Ids = { uuid: () => randomUUID() };

export const nodeHasher: Hasher = {
  async digest(algorithm, bytes) {
    if (bytes.byteLength > OFF_LOOP_BYTES) {
      // The copy is subtle's condition: a view of memory that other threads share is refused.
      return new Uint8Array(await subtle.digest(SUBTLE_NAMES[algorithm], Uint8Array.from(bytes)));
    }
    return new Uint8Array(createHash(algorithm).update(bytes).digest());
  },
  hmacSha256: (key, bytes) => new Uint8Array(createHmac("sha256", key).update(bytes).digest()),
};
