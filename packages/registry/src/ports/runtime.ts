/** The present, as the process or a test defines it. */
export interface Clock {
  now(): Date;
}

/** Makes identifiers that nobody can guess. */
export interface Ids {
  /** A version 4 UUID in lower case. */
  uuid(): string;
}

/** Digests of short inputs; bodies are hashed by the blob driver, off the event loop. */
export interface Hasher {
  sha256(bytes: Uint8Array): Uint8Array;
  sha512(bytes: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array;
}
