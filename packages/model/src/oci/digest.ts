import type { Branded } from "../names/brand.ts";

/** `ALGORITHM:ENCODED`, well formed; for a registered algorithm with the length and alphabet that it demands. */
export type Digest = Branded<"Digest">;

/** Algorithms that the registry computes itself. */
export type SupportedAlgorithm = "sha256" | "sha512";

/** Longer texts are no digest of any registered algorithm. */
export const MAX_DIGEST_LENGTH = 255;

const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;
const HEX_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha512", 128],
]);
const LOWER_HEX = /^[0-9a-f]+$/;

/** Source: image-spec, descriptor, digests. Unknown algorithms are well formed but not supported. */
export function isDigest(text: string): text is Digest {
  if (text.length > MAX_DIGEST_LENGTH || !DIGEST.test(text)) return false;
  const length = HEX_LENGTHS.get(digestAlgorithm(text));
  if (length === undefined) return true;
  const encoded = digestEncoded(text);
  return encoded.length === length && LOWER_HEX.test(encoded);
}

export function parseDigest(text: string): Digest | undefined {
  return isDigest(text) ? text : undefined;
}

/** Whether the registry can compute digests of this algorithm. */
export function isSupportedDigest(digest: Digest): boolean {
  return HEX_LENGTHS.has(digestAlgorithm(digest));
}

export function digestAlgorithm(digest: string): string {
  return digest.slice(0, digest.indexOf(":"));
}

export function digestEncoded(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1);
}

/**
 * Names the digest of bytes that were hashed elsewhere.
 * @param hex the hash in lower-case hexadecimal
 * @throws TypeError the hash has not the algorithm's length or alphabet
 */
export function digestOf(algorithm: SupportedAlgorithm, hex: string): Digest {
  const text = `${algorithm}:${hex}`;
  if (!isDigest(text)) throw new TypeError(`Not a ${algorithm} hash: ${hex}`);
  return text;
}
