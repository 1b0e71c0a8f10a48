import { digestAlgorithm, digestEncoded, mediaTypes, parseManifest } from "@stowage/model";
import type { Descriptor, Digest } from "@stowage/model";
import { InvalidContentError, OciError } from "./failures.ts";
import { pages } from "./lists.ts";
import { getManifest, putManifest } from "./manifests.ts";
import { pathOf, pullScope } from "./names.ts";
import type { OciCallOptions } from "./options.ts";
import type { Transport } from "./transport.ts";

/** Referrers of one manifest. */
const MAX_REFERRERS = 10_000;

export interface ReferrersAddress {
  readonly repository: string;
  /** Of the subject. */
  readonly digest: Digest;
}

export interface ReferrersOptions extends OciCallOptions {
  readonly artifactType?: string | undefined;
}

/**
 * Manifests that name the digest as their subject; from the fallback tag where a registry has no such list.
 * Source: distribution-spec, listing referrers.
 */
export async function* referrers(
  transport: Transport,
  { repository, digest }: ReferrersAddress,
  { artifactType, signal }: ReferrersOptions = {},
): AsyncGenerator<Descriptor> {
  const query = artifactType === undefined ? "" : `?artifactType=${encodeURIComponent(artifactType)}`;
  const first = `${pathOf(repository, `referrers/${digest}`)}${query}`;
  const isWanted = (entry: Descriptor): boolean => artifactType === undefined || entry.artifactType === artifactType;
  let isListed = false;
  let count = 0;
  for await (const { bytes } of pages(transport, { first, scope: pullScope(repository), absent: 404, signal })) {
    isListed = true;
    for (const entry of entriesOf(bytes)) {
      count += 1;
      if (count > MAX_REFERRERS) throw new InvalidContentError(`${digest} has more than ${MAX_REFERRERS} referrers`);
      if (isWanted(entry)) yield entry;
    }
  }
  if (isListed) return;
  for (const entry of await fallbackEntries(transport, { repository, digest }, { signal })) {
    if (isWanted(entry)) yield entry;
  }
}

/** Puts a referrer into the list that stands under the subject's fallback tag, where a registry keeps none itself. */
export async function listUnderFallbackTag(
  transport: Transport,
  { repository, digest }: ReferrersAddress,
  { referrer, signal }: { readonly referrer: Descriptor } & OciCallOptions,
): Promise<void> {
  const present = await fallbackEntries(transport, { repository, digest }, { signal });
  if (present.some((entry) => entry.digest === referrer.digest)) return;
  const bytes = indexBytes([...present, referrer]);
  const reference = fallbackTag(digest);
  await putManifest(transport, { repository, reference }, { bytes, mediaType: mediaTypes.ociIndex, signal });
}

/** Source: distribution-spec, referrers tag schema. */
export function fallbackTag(digest: Digest): string {
  const safe = (text: string, length: number): string => text.slice(0, length).replaceAll(/[^a-zA-Z0-9._-]/g, "-");
  return `${safe(digestAlgorithm(digest), 32)}-${safe(digestEncoded(digest), 64)}`;
}

/** The bytes of an index of these manifests. */
export function indexBytes(entries: readonly Descriptor[], members: object = {}): Uint8Array {
  const manifests = entries.map(descriptorJson);
  return new TextEncoder().encode(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests, ...members }),
  );
}

export function descriptorJson({ sizeBytes, platform, ...entry }: Descriptor): object {
  const { mediaType, digest, ...others } = entry;
  return {
    mediaType,
    digest,
    size: sizeBytes,
    ...others,
    ...(platform === undefined ? {} : { platform: platformJson(platform) }),
  };
}

function platformJson({ osVersion, osFeatures, ...platform }: NonNullable<Descriptor["platform"]>): object {
  return {
    ...platform,
    ...(osVersion === undefined ? {} : { "os.version": osVersion }),
    ...(osFeatures === undefined ? {} : { "os.features": osFeatures }),
  };
}

async function fallbackEntries(
  transport: Transport,
  { repository, digest }: ReferrersAddress,
  options: OciCallOptions,
): Promise<readonly Descriptor[]> {
  try {
    return entriesOf((await getManifest(transport, { repository, reference: fallbackTag(digest) }, options)).bytes);
  } catch (error) {
    if (error instanceof OciError && error.status === 404) return [];
    throw error;
  }
}

function entriesOf(bytes: Uint8Array): readonly Descriptor[] {
  const result = parseManifest(bytes);
  if (result.ok && result.manifest.kind === "index") return result.manifest.manifests;
  throw new InvalidContentError("A list of referrers is no index");
}
