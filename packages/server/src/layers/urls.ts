import { timingSafeEqual } from "node:crypto";
import { isDigest, isRegistryId, isRepositoryName, type Digest, type RepositoryName } from "@stowage/model";
import type { Hasher, RegistryKey } from "@stowage/registry";

/** How long a download URL serves. Source: Amazon ECR API reference, GetDownloadUrlForLayer. */
export const URL_LIFE_SECONDS = 3600;

/** The layer that a URL is good for. */
export interface SignedLayer {
  readonly key: RegistryKey;
  readonly repositoryName: RepositoryName;
  readonly digest: Digest;
}

export type LayerUrlVerdict =
  | { readonly kind: "valid"; readonly layer: SignedLayer }
  | { readonly kind: "expired" }
  | { readonly kind: "invalid" };

/** Makes and checks the URLs under `/layers/` that GetDownloadUrlForLayer hands out. */
export interface LayerUrls {
  /**
   * @param base scheme and host, `http://localhost:5100`
   * @returns a URL that serves the layer to anyone for an hour
   */
  sign(
    blob: { readonly key: RegistryKey; readonly repositoryName: string; readonly digest: string },
    base: string,
    now: Date,
  ): string;
  /** @param target path and query of a request */
  verify(target: string, now: Date): LayerUrlVerdict;
}

const PREFIX = "/layers/";
const EXPIRES = "?expires=";
const SIGNATURE = "&signature=";
const SIGNATURE_LENGTH = 64;
const MAX_EXPIRES_DIGITS = 12;
const INVALID: LayerUrlVerdict = { kind: "invalid" };

const encoder = new TextEncoder();

/** @param key 32 bytes that serve nothing else; all processes of an installation share them */
export function makeLayerUrls(key: Uint8Array, hasher: Pick<Hasher, "hmacSha256">): LayerUrls {
  const signatureOf = (signed: string): string =>
    Buffer.from(hasher.hmacSha256(key, encoder.encode(`stowage layer url\n${signed}`))).toString("hex");
  return {
    sign(blob, base, now) {
      const expires = Math.floor(now.getTime() / 1000) + URL_LIFE_SECONDS;
      const { region, registryId } = blob.key;
      const signed = `${PREFIX}${region}/${registryId}/${blob.repositoryName}/${blob.digest}${EXPIRES}${expires}`;
      return `${base}${signed}${SIGNATURE}${signatureOf(signed)}`;
    },
    verify(target, now) {
      const signatureAt = target.length - SIGNATURE_LENGTH;
      const signedEnd = signatureAt - SIGNATURE.length;
      if (signedEnd < 0 || !target.startsWith(SIGNATURE, signedEnd)) return INVALID;
      const signed = target.slice(0, signedEnd);
      if (!equal(signatureOf(signed), target.slice(signatureAt))) return INVALID;
      const parsed = parseSigned(signed);
      if (parsed === undefined) return INVALID;
      if (now.getTime() >= parsed.expires * 1000) return { kind: "expired" };
      return { kind: "valid", layer: parsed.layer };
    },
  };
}

/** Reads `/layers/REGION/ACCOUNT/NAME/DIGEST?expires=SECONDS`. */
function parseSigned(signed: string): { readonly layer: SignedLayer; readonly expires: number } | undefined {
  const queryAt = signed.indexOf(EXPIRES);
  if (!signed.startsWith(PREFIX) || queryAt < 0) return undefined;
  const [region = "", registryId = "", ...rest] = signed.slice(PREFIX.length, queryAt).split("/");
  const digest = rest.pop() ?? "";
  const repositoryName = rest.join("/");
  const expires = signed.slice(queryAt + EXPIRES.length);
  if (!isRegistryId(registryId) || !isRepositoryName(repositoryName) || !isDigest(digest)) return undefined;
  if (expires.length > MAX_EXPIRES_DIGITS || !Number.isSafeInteger(Number(expires))) return undefined;
  return { layer: { key: { region, registryId }, repositoryName, digest }, expires: Number(expires) };
}

function equal(expected: string, given: string): boolean {
  const left = encoder.encode(expected);
  const right = encoder.encode(given);
  return left.length === right.length && timingSafeEqual(left, right);
}
