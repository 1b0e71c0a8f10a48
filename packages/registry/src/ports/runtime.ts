/** The present, as the process or a test defines it. */
export interface Clock {
  now(): Date;
}

/** Makes identifiers that nobody can guess. */
export interface Ids {
  /** A version 4 UUID in lower case. */
  uuid(): string;
}

/** Digests of inputs that are in memory; bodies of blobs are hashed by the blob driver. */
export interface Hasher {
  /** Off the event loop when the input is over 64 KiB. */
  digest(algorithm: "sha256" | "sha512", bytes: Uint8Array): Promise<Uint8Array>;
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array;
}
