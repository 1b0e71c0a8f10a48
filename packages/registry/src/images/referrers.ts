import { parseManifest, type Descriptor, type Digest, type RepositoryName } from "@stowage/model";
import { cutPage, type Page, type PageRequest } from "../paging/page.ts";
import type { ImageStatus, ReferrerRow } from "../ports/image-rows.ts";
import type { Metadata } from "../ports/metadata.ts";
import type { RegistryKey, RepositoryRow } from "../ports/repository-rows.ts";
import { requireRepository } from "../repositories/repositories.ts";
import { asTag } from "./image-ids.ts";

/** A manifest that names another as its subject. */
export interface Referrer {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly status: ImageStatus;
}

export interface ReferrersFilter {
  readonly artifactTypes?: readonly string[];
  readonly status?: ImageStatus;
}

/** Source: distribution-spec, referrers tag schema: algorithm and encoded part cut to these lengths. */
const FALLBACK_ALGORITHM_LENGTH = 32;
const FALLBACK_ENCODED_LENGTH = 64;

/** Begins a cursor into what only the fallback tag lists; a number follows. Others are row ids. */
const FALLBACK_CURSOR = "f";

/**
 * Lists what refers to a digest, in order of first push. Clients of registries without this list kept it themselves, as an
 * index under a tag made from the digest; what such an index adds is folded in behind the rest.
 */
export function listReferrers(metadata: Metadata) {
  return async (
    key: RegistryKey,
    name: RepositoryName,
    subject: Digest,
    options: { readonly page: PageRequest; readonly filter: ReferrersFilter },
  ): Promise<Page<Referrer>> => {
    const repository = await requireRepository(metadata, key, name);
    const { page, filter } = options;
    const stated = await statedReferrers(metadata, repository, subject, options);
    if (stated.next !== undefined) return stated;
    const from =
      page.after?.startsWith(FALLBACK_CURSOR) === true ? Number(page.after.slice(FALLBACK_CURSOR.length)) : 0;
    const added = await fallbackReferrers(metadata, repository, subject, filter);
    const room = page.limit - stated.items.length;
    const items = [...stated.items, ...added.slice(from, from + room)];
    return from + room < added.length ? { items, next: `${FALLBACK_CURSOR}${from + room}` } : { items };
  };
}

/** Images that name the subject themselves. */
async function statedReferrers(
  metadata: Metadata,
  repository: RepositoryRow,
  subject: Digest,
  { page, filter }: { readonly page: PageRequest; readonly filter: ReferrersFilter },
): Promise<Page<Referrer>> {
  const { after, limit } = page;
  if (after?.startsWith(FALLBACK_CURSOR) === true) return { items: [] };
  const asked = { limit: limit + 1, ...(after !== undefined && { after: Number(after) }) };
  const rows = await metadata.images.referrers(repository.id, subject, asked, filter);
  const cut = cutPage(rows, limit, (last) => String(last.id));
  return { ...cut, items: cut.items.map(fromRow) };
}

function fromRow(row: ReferrerRow): Referrer {
  return {
    digest: row.digest,
    mediaType: row.mediaType,
    sizeBytes: row.manifestBytes,
    status: row.status,
    ...(row.artifactType !== undefined && { artifactType: row.artifactType }),
    ...(row.annotations && { annotations: row.annotations }),
  };
}

/** The tag under which clients keep the list themselves. */
export function fallbackTag(subject: Digest): string {
  const [algorithm = "", encoded = ""] = subject.split(":");
  const tag = `${algorithm.slice(0, FALLBACK_ALGORITHM_LENGTH)}-${encoded.slice(0, FALLBACK_ENCODED_LENGTH)}`;
  return tag.replaceAll(/[^a-zA-Z0-9._-]/gu, "-");
}

async function fallbackReferrers(
  metadata: Metadata,
  repository: RepositoryRow,
  subject: Digest,
  filter: ReferrersFilter,
): Promise<readonly Referrer[]> {
  const index = await metadata.images.findByTag(repository.id, asTag(fallbackTag(subject)));
  if (index?.kind !== "index") return [];
  const bytes = await metadata.images.manifest(index.id);
  const parsed = bytes && parseManifest(bytes, index.mediaType);
  if (parsed?.ok !== true || parsed.manifest.kind !== "index") return [];
  const added: Referrer[] = [];
  for (const descriptor of parsed.manifest.manifests) {
    const image = await metadata.images.find(repository.id, descriptor.digest);
    // An image that states its subject was found by it already.
    if (image === undefined || image.subject === subject) continue;
    const referrer = fromDescriptor(descriptor, image.status);
    if (passes(referrer, filter)) added.push(referrer);
  }
  return added;
}

function fromDescriptor(descriptor: Descriptor, status: ImageStatus): Referrer {
  return {
    digest: descriptor.digest,
    mediaType: descriptor.mediaType,
    sizeBytes: descriptor.sizeBytes,
    status,
    ...(descriptor.artifactType !== undefined && { artifactType: descriptor.artifactType }),
    ...(descriptor.annotations && { annotations: descriptor.annotations }),
  };
}

function passes(referrer: Referrer, filter: ReferrersFilter): boolean {
  if (filter.status !== undefined && referrer.status !== filter.status) return false;
  const types = filter.artifactTypes ?? [];
  return types.length === 0 || (referrer.artifactType !== undefined && types.includes(referrer.artifactType));
}
