import {
  ImageDigestDoesNotMatchException,
  ImageTagAlreadyExistsException,
  LayersNotFoundException,
  ReferencedImagesNotFoundException,
  digestAlgorithm,
  digestOf,
  isSupportedDigest,
  isTag,
  parseManifest,
  type Digest,
  type Manifest,
  type RepositoryName,
  type Tag,
} from "@stowage/model";
import {
  ImageUnchanged,
  InvalidDigest,
  InvalidManifest,
  InvalidTag,
  ManifestTooLarge,
  limitExceeded,
} from "../errors.ts";
import type { ImageBlob, ImageRow, ImageRowId, NewImage } from "../ports/image-rows.ts";
import type { Metadata, MetadataTransaction } from "../ports/metadata.ts";
import type { RegistryKey, RepositoryRow } from "../ports/repository-rows.ts";
import type { Clock, Hasher } from "../ports/runtime.ts";
import type { Quotas } from "../quotas.ts";
import { toHex } from "../hex.ts";
import { requireRepository } from "../repositories/repositories.ts";
import { isImmutable } from "./tag-mutability.ts";

export interface PutImageInput {
  /** Bytes of the manifest, kept as they are. */
  readonly manifest: Uint8Array;
  readonly mediaType?: string;
  readonly tags: readonly Tag[];
  /** What the caller says the digest is; its algorithm is the one that is used. */
  readonly digest?: Digest;
}

export interface PutImageResult {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly subject?: Digest;
  /** `false` when the image was there and only tags moved. */
  readonly created: boolean;
}

export interface PutImageParts {
  readonly metadata: Metadata;
  readonly clock: Clock;
  readonly hasher: Hasher;
  readonly quotas: Quotas;
  /** Take a push of the same image to its immutable tag as done, instead of refusing it as ECR does. */
  readonly idempotentImmutableTags: boolean;
}

/** What ECR itself calls by one text; the other reasons get a text that says what is wrong. */
const NO_MANIFEST: ReadonlySet<string> = new Set(["malformed-json", "wrong-shape", "media-type-missing"]);

const MAX_TYPE_LENGTH = 255;

interface Push {
  readonly repository: RepositoryRow;
  readonly digest: Digest;
  readonly manifest: Manifest;
  readonly bytes: Uint8Array;
  readonly tags: readonly Tag[];
  readonly at: Date;
}

/**
 * Stores a manifest and points tags at it, in one transaction.
 * @throws InvalidManifest the bytes are no manifest that is taken
 * @throws ImageDigestDoesNotMatchException the bytes have another digest
 * @throws LayersNotFoundException, ReferencedImagesNotFoundException what the manifest names is not in the repository
 * @throws ImageTagAlreadyExistsException a tag is immutable and taken
 * @throws ImageUnchanged the image and all its tags were there
 * Source: Amazon ECR API reference, PutImage.
 */
export function putImage(parts: PutImageParts) {
  const { metadata, clock, hasher, quotas } = parts;
  return async (key: RegistryKey, name: RepositoryName, input: PutImageInput): Promise<PutImageResult> => {
    if (input.manifest.length > quotas.maxManifestBytes) throw new ManifestTooLarge(quotas.maxManifestBytes);
    for (const tag of input.tags) if (!isTag(tag)) throw new InvalidTag();
    await requireRepository(metadata, key, name);
    const manifest = readManifest(input);
    const digest = await computeDigest(hasher, input);
    if (input.digest !== undefined && input.digest !== digest) throw digestMismatch(key, name, input.digest);
    const tags = [...new Set(input.tags)];
    return metadata.transaction(async (rows) => {
      const repository = await requireRepository(rows, key, name);
      const push = { repository, digest, manifest, bytes: input.manifest, tags, at: clock.now() };
      const existing = await rows.images.find(repository.id, digest);
      const moved = await tagsToMove(rows, push, parts.idempotentImmutableTags);
      if (existing !== undefined && moved.length === 0) throw unchanged(push);
      const image = existing?.id ?? (await insertImage(rows, push, quotas));
      await moveTags(rows, { repository, image, tags: moved, limit: quotas.maxTagsPerImage });
      return {
        digest,
        mediaType: manifest.mediaType,
        created: existing === undefined,
        ...(manifest.subject && { subject: manifest.subject.digest }),
      };
    });
  };
}

function readManifest(input: PutImageInput): Manifest {
  const parsed = parseManifest(input.manifest, input.mediaType);
  if (parsed.ok) return withShortTypes(parsed.manifest);
  const { reason, message } = parsed.failure;
  throw new InvalidManifest(NO_MANIFEST.has(reason) ? "Invalid JSON syntax" : message);
}

/** Types are kept beside the manifest and told in lists. Source: RFC 6838 allows 127 characters before and after the slash. */
function withShortTypes(manifest: Manifest): Manifest {
  const named = manifest.kind === "image" ? [manifest.config, ...manifest.layers] : [];
  for (const type of [manifest.mediaType, manifest.artifactType, ...named.map((blob) => blob?.mediaType)]) {
    if ((type?.length ?? 0) > MAX_TYPE_LENGTH)
      throw new InvalidManifest(`A type has more than ${MAX_TYPE_LENGTH} characters`);
  }
  return manifest;
}

async function computeDigest(hasher: Hasher, input: PutImageInput): Promise<Digest> {
  const algorithm = input.digest === undefined ? "sha256" : requireAlgorithm(input.digest);
  return digestOf(algorithm, toHex(await hasher.digest(algorithm, input.manifest)));
}

function requireAlgorithm(digest: Digest): "sha256" | "sha512" {
  if (!isSupportedDigest(digest)) throw new InvalidDigest("imageDigest");
  return digestAlgorithm(digest) === "sha512" ? "sha512" : "sha256";
}

/** Tags that do not point at the image yet. */
async function tagsToMove(rows: MetadataTransaction, push: Push, idempotent: boolean): Promise<readonly Tag[]> {
  const moved: Tag[] = [];
  for (const tag of push.tags) {
    const current: ImageRow | undefined = await rows.images.findByTag(push.repository.id, tag);
    if (current === undefined) {
      moved.push(tag);
      continue;
    }
    const same = current.digest === push.digest;
    if (isImmutable(push.repository, tag) && !(same && idempotent)) throw tagTaken(push.repository, tag);
    if (!same) moved.push(tag);
  }
  return moved;
}

async function insertImage(rows: MetadataTransaction, push: Push, quotas: Quotas): Promise<ImageRowId> {
  const { repository, manifest } = push;
  if ((await rows.images.count(repository.id)) >= quotas.maxImagesPerRepository) {
    throw limitExceeded("images in this repository", quotas.maxImagesPerRepository);
  }
  const { blobs, sizeBytes } = await requireBlobs(rows, push);
  const children = await requireChildren(rows, push);
  const image: NewImage = {
    repositoryId: repository.id,
    digest: push.digest,
    kind: manifest.kind,
    mediaType: manifest.mediaType,
    ...(manifest.kind === "image" && manifest.config && { configMediaType: manifest.config.mediaType }),
    ...artifactType(manifest),
    ...(manifest.subject && { subject: manifest.subject.digest }),
    ...(Object.keys(manifest.annotations).length > 0 && { annotations: manifest.annotations }),
    sizeBytes: manifest.kind === "image" ? sizeBytes : children.largestBytes,
    pushedAt: push.at,
    manifest: push.bytes,
  };
  return rows.images.insert(image, { blobs, children: children.digests });
}

/** Source: distribution-spec 1.1.1, listing referrers. An index without a type of its own has none. */
function artifactType(manifest: Manifest): { artifactType?: string } {
  const type = manifest.artifactType ?? (manifest.kind === "image" ? manifest.config?.mediaType : undefined);
  return type === undefined ? {} : { artifactType: type };
}

/** Every blob that the manifest names must be in the repository, but those that live elsewhere by definition. */
async function requireBlobs(
  rows: MetadataTransaction,
  { repository, manifest }: Push,
): Promise<{ blobs: readonly ImageBlob[]; sizeBytes: number }> {
  if (manifest.kind === "index") return { blobs: [], sizeBytes: 0 };
  const config = manifest.config ? [{ ...manifest.config, role: "config" as const }] : [];
  const layers = manifest.layers
    .filter((layer) => !layer.foreign)
    .map((layer) => ({ ...layer, role: "layer" as const }));
  const named = [...config, ...layers];
  const digests = [...new Set(named.map(({ digest }) => digest))];
  const present = await rows.blobs.present(repository.id, digests);
  const sizes = new Map(present.map((blob) => [blob.digest, blob.sizeBytes]));
  const missing = digests.filter((digest) => !sizes.has(digest));
  if (missing.length > 0) throw new LayersNotFoundException(required("Layers", missing, repository));
  const blobs = named.map(({ digest, role, mediaType }) => ({
    digest,
    role,
    mediaType,
    sizeBytes: sizes.get(digest) ?? 0,
  }));
  return { blobs, sizeBytes: blobs.reduce((sum, blob) => sum + blob.sizeBytes, 0) };
}

async function requireChildren(
  rows: MetadataTransaction,
  { repository, manifest }: Push,
): Promise<{ digests: readonly Digest[]; largestBytes: number }> {
  if (manifest.kind === "image") return { digests: [], largestBytes: 0 };
  const digests = [...new Set(manifest.manifests.map(({ digest }) => digest))];
  const present = await rows.images.present(repository.id, digests);
  const known = new Set(present.map(({ digest }) => digest));
  const missing = digests.filter((digest) => !known.has(digest));
  if (missing.length > 0) throw new ReferencedImagesNotFoundException(required("Images", missing, repository));
  return { digests, largestBytes: present.reduce((most, { sizeBytes }) => Math.max(most, sizeBytes), 0) };
}

async function moveTags(
  rows: MetadataTransaction,
  move: { repository: RepositoryRow; image: ImageRowId; tags: readonly Tag[]; limit: number },
): Promise<void> {
  if (move.tags.length === 0) return;
  if ((await rows.images.tagCount(move.image)) + move.tags.length > move.limit) {
    throw limitExceeded("tags on this image", move.limit);
  }
  for (const tag of move.tags) await rows.images.putTag(move.repository.id, tag, move.image);
}

function required(what: "Layers" | "Images", digests: readonly Digest[], { key, name }: RepositoryRow): string {
  return (
    `${what} with digests '[${digests.join(", ")}]' required for pushing image into repository with name '${name}' ` +
    `in the registry with id '${key.registryId}' do not exist`
  );
}

function tagTaken(repository: RepositoryRow, tag: Tag): ImageTagAlreadyExistsException {
  return new ImageTagAlreadyExistsException(
    `The image tag '${tag}' already exists in the '${repository.name}' repository ` +
      `and cannot be overwritten because the tag is immutable.`,
  );
}

function digestMismatch(key: RegistryKey, name: string, digest: Digest): ImageDigestDoesNotMatchException {
  return new ImageDigestDoesNotMatchException(
    `The image with digest '${digest}' in repository '${name}' and registry ID '${key.registryId}' ` +
      `does not match the image digest that Amazon ECR has calculated.`,
  );
}

function unchanged(push: Push): ImageUnchanged {
  const { key, name } = push.repository;
  return new ImageUnchanged(
    `Image with digest '${push.digest}' and tag '${push.tags[0] ?? "null"}' already exists in the repository ` +
      `with name '${name}' in registry with id '${key.registryId}'`,
    { digest: push.digest, mediaType: push.manifest.mediaType, subject: push.manifest.subject?.digest },
  );
}
