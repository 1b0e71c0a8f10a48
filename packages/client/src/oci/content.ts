import { digestAlgorithm, digestOf, isSupportedDigest } from "@stowage/model";
import type { Digest, SupportedAlgorithm } from "@stowage/model";
import { ContentMismatchError, InvalidContentError } from "./failures.ts";
import type { IncrementalHash, OciPlatform } from "./platform.ts";

/** What bytes must turn out to be. */
export interface Expected {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** @throws InvalidContentError the client cannot compute digests of this algorithm */
export function algorithmOf(digest: Digest): SupportedAlgorithm {
  if (!isSupportedDigest(digest)) throw new InvalidContentError(`Digests like ${digest} cannot be verified`);
  return digestAlgorithm(digest) as SupportedAlgorithm;
}

export function digestBytes(
  platform: OciPlatform,
  bytes: Uint8Array,
  algorithm: SupportedAlgorithm = "sha256",
): Digest {
  const hash = platform.hash(algorithm);
  hash.update(bytes);
  return digestOf(algorithm, hash.digest());
}

/**
 * Checks content that passes by, also when a part of it passes again after a break. The last bytes are let through only
 * when all are right.
 */
export class Verifier {
  readonly #expected: Expected;
  readonly #hash: IncrementalHash;
  #hashedBytes = 0;

  constructor(platform: OciPlatform, expected: Expected) {
    this.#expected = expected;
    this.#hash = platform.hash(algorithmOf(expected.digest));
  }

  /**
   * @param fromByte where the chunks begin; not beyond what has passed already
   * @throws ContentMismatchError
   */
  async *passing(chunks: AsyncIterable<Uint8Array>, fromByte = 0): AsyncGenerator<Uint8Array> {
    const { digest, sizeBytes } = this.#expected;
    let at = fromByte;
    for await (const chunk of chunks) {
      if (at + chunk.length > sizeBytes) throw new ContentMismatchError(`${digest} has over ${sizeBytes} bytes`);
      const known = Math.max(0, this.#hashedBytes - at);
      at += chunk.length;
      if (known < chunk.length) {
        this.#hash.update(known === 0 ? chunk : chunk.subarray(known));
        this.#hashedBytes = at;
        if (at === sizeBytes) this.#finish();
      }
      yield chunk;
    }
    if (at < sizeBytes) throw new ContentMismatchError(`${digest} has ${at} bytes instead of ${sizeBytes}`);
    if (sizeBytes === 0 && fromByte === 0) this.#finish();
  }

  #finish(): void {
    const { digest } = this.#expected;
    const found = digestOf(algorithmOf(digest), this.#hash.digest());
    if (found !== digest) throw new ContentMismatchError(`The bytes of ${digest} have the digest ${found}`);
  }
}
