import type { Hasher } from "./hasher.ts";
import { toHex } from "./hasher.ts";
import { DEFAULT_CACHED_SIGNING_KEYS } from "./limits.ts";

/** What a signature is good for: one day, region and service. */
export interface CredentialScope {
  /** YYYYMMDD */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

const encoder = new TextEncoder();

/** Derives the key that signs for one scope. Source: IAM User Guide, Create a signed request. */
export function deriveSigningKey(secretAccessKey: string, scope: CredentialScope, hasher: Hasher): Uint8Array {
  const dateKey = hasher.hmacSha256(encoder.encode(`AWS4${secretAccessKey}`), scope.date);
  const regionKey = hasher.hmacSha256(dateKey, scope.region);
  const serviceKey = hasher.hmacSha256(regionKey, scope.service);
  return hasher.hmacSha256(serviceKey, "aws4_request");
}

interface CachedKey {
  readonly fingerprint: string;
  readonly key: Uint8Array;
}

/**
 * Keeps the derived keys used last. An entry belongs to one access key, scope and secret: after a secret is rotated, the
 * key derived from the old one is never found again.
 */
export class SigningKeyCache {
  readonly #entries = new Map<string, CachedKey>();
  readonly #capacity: number;

  /** @param capacity most keys held, at least 1 */
  constructor(capacity = DEFAULT_CACHED_SIGNING_KEYS) {
    this.#capacity = Math.max(1, capacity);
  }

  get size(): number {
    return this.#entries.size;
  }

  find(accessKeyId: string, scope: CredentialScope, fingerprint: string): Uint8Array | undefined {
    const name = entryName(accessKeyId, scope);
    const entry = this.#entries.get(name);
    if (entry === undefined || entry.fingerprint !== fingerprint) return undefined;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry.key;
  }

  keep(accessKeyId: string, scope: CredentialScope, entry: CachedKey): void {
    const name = entryName(accessKeyId, scope);
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    if (this.#entries.size <= this.#capacity) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }
}

export function secretFingerprint(secretAccessKey: string, hasher: Hasher): string {
  return toHex(hasher.sha256(secretAccessKey));
}

// Lines cannot occur inside any of the parts, so two scopes never share a name.
function entryName(accessKeyId: string, scope: CredentialScope): string {
  return `${accessKeyId}\n${scope.date}\n${scope.region}\n${scope.service}`;
}
