import { digestAlgorithm, isDigest, mediaTypeOf, mediaTypes, parseDigest, parseManifest } from "@stowage/model";
import type { Digest, Manifest, SupportedAlgorithm } from "@stowage/model";
import { algorithmOf, digestBytes } from "./content.ts";
import { ContentMismatchError, InvalidContentError } from "./failures.ts";
import { deleteScope, manifestPath, pullScope, pushScope } from "./names.ts";
import type { OciCallOptions } from "./options.ts";
import type { Answer, Transport } from "./transport.ts";

/** The size up to which every registry takes manifests; larger ones are not read. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

const ACCEPT = /* @__PURE__ */ [
  mediaTypes.ociImage,
  mediaTypes.ociIndex,
  mediaTypes.dockerImage,
  mediaTypes.dockerIndex,
  "*/*;q=0.5",
].join(", ");

/** What a HEAD of a manifest tells. */
export interface ManifestHead {
  /** As the registry says; absent where it does not. */
  readonly digest?: Digest;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

/** A manifest byte for byte, with its computed digest. */
export interface ManifestContent {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface PushedManifest {
  readonly digest: Digest;
  /** The registry lists the manifest as a referrer of its subject by itself. */
  readonly listsReferrer: boolean;
}

export async function headManifest(
  transport: Transport,
  { repository, reference }: ManifestAddress,
  { signal }: OciCallOptions = {},
): Promise<ManifestHead | undefined> {
  const answer = await transport.send({
    method: "HEAD",
    target: manifestPath(repository, reference),
    headers: { accept: ACCEPT },
    scopes: [pullScope(repository)],
    expected: [200, 404],
    signal,
  });
  answer.discard();
  if (answer.status === 404) return undefined;
  const digest = parseDigest(answer.headers["docker-content-digest"] ?? "");
  return {
    mediaType: mediaTypeOf(answer.headers["content-type"] ?? ""),
    sizeBytes: Number(answer.headers["content-length"] ?? 0),
    ...(digest === undefined ? {} : { digest }),
  };
}

export interface ManifestAddress {
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
}

/**
 * @throws OciError 404: there is no such manifest
 * @throws ContentMismatchError the bytes have not the digest that was asked for, or the one that the registry names
 * @throws InvalidContentError the manifest is over 4 MiB
 */
export async function getManifest(
  transport: Transport,
  { repository, reference }: ManifestAddress,
  { signal }: OciCallOptions = {},
): Promise<ManifestContent> {
  const call = {
    method: "GET",
    target: manifestPath(repository, reference),
    headers: { accept: ACCEPT },
    scopes: [pullScope(repository)],
    expected: [200],
    signal,
  };
  const { bytes, ...answer } = await transport.read(call, MAX_MANIFEST_BYTES);
  const asked = isDigest(reference) ? reference : namedDigest(answer);
  const digest = digestBytes(transport.platform, bytes, asked === undefined ? "sha256" : algorithmOf(asked));
  if (asked !== undefined && asked !== digest) {
    throw new ContentMismatchError(`${repository} has bytes of ${digest} as ${asked}`);
  }
  return { digest, mediaType: mediaTypeIn(bytes, answer.headers["content-type"]), bytes };
}

/** Puts bytes as they are. @throws OciError @throws ContentMismatchError the registry took them for something else */
export async function putManifest(
  transport: Transport,
  { repository, reference }: { readonly repository: string; readonly reference?: string | undefined },
  { bytes, mediaType, signal }: { readonly bytes: Uint8Array; readonly mediaType: string } & OciCallOptions,
): Promise<PushedManifest> {
  if (bytes.length > MAX_MANIFEST_BYTES)
    throw new InvalidContentError(`The manifest is over ${MAX_MANIFEST_BYTES} bytes`);
  const algorithm: SupportedAlgorithm =
    reference !== undefined && isDigest(reference) && digestAlgorithm(reference) === "sha512" ? "sha512" : "sha256";
  const digest = digestBytes(transport.platform, bytes, algorithm);
  const answer = await transport.send({
    method: "PUT",
    target: manifestPath(repository, reference ?? digest),
    headers: { "content-type": mediaType },
    body: bytes,
    scopes: [pushScope(repository)],
    expected: [200, 201, 202, 204],
    repeatable: true,
    signal,
  });
  answer.discard();
  const stored = namedDigest(answer);
  if (stored !== undefined && digestAlgorithm(stored) === algorithm && stored !== digest) {
    throw new ContentMismatchError(`${repository} stored ${digest} as ${stored}`);
  }
  return { digest, listsReferrer: answer.headers["oci-subject"] !== undefined };
}

/** @returns false when there was none */
export async function deleteManifest(
  transport: Transport,
  { repository, reference }: ManifestAddress,
  { signal }: OciCallOptions = {},
): Promise<boolean> {
  const answer = await transport.send({
    method: "DELETE",
    target: manifestPath(repository, reference),
    scopes: [deleteScope(repository)],
    expected: [200, 202, 204, 404],
    repeatable: true,
    signal,
  });
  answer.discard();
  return answer.status !== 404;
}

/** @throws InvalidContentError the bytes are no manifest that a registry takes */
export function readManifest({ bytes, mediaType, digest }: ManifestContent): Manifest {
  const result = parseManifest(bytes, mediaType);
  if (result.ok) return result.manifest;
  throw new InvalidContentError(`${digest} is no manifest: ${result.failure.message}`);
}

function namedDigest({ headers }: Answer): Digest | undefined {
  return parseDigest(headers["docker-content-digest"] ?? "");
}

/** The one that was sent, unless nothing or something of no meaning was. */
function mediaTypeIn(bytes: Uint8Array, contentType: string | undefined): string {
  const sent = mediaTypeOf(contentType ?? "");
  if (sent !== "" && sent !== "application/json" && sent !== "application/octet-stream" && sent !== "text/plain") {
    return sent;
  }
  const result = parseManifest(bytes);
  return result.ok ? result.manifest.mediaType : sent;
}
