import type { Digest, RepositoryName, Tag } from "@stowage/model";
import type { RegistryKey, RepositoryRowId } from "./repository-rows.ts";

/** Row id of an image; ascending in the order of first push. */
export type ImageRowId = number;

export type ImageStatus = "ACTIVE" | "ARCHIVED" | "ACTIVATING";

/** A blob that a manifest names, in the order in which it does; the config is one of them. */
export interface ImageBlob {
  readonly digest: Digest;
  readonly role: "config" | "layer";
  readonly mediaType: string;
  readonly sizeBytes: number;
}

export interface NewImage {
  readonly repositoryId: RepositoryRowId;
  readonly digest: Digest;
  readonly kind: "image" | "index";
  readonly mediaType: string;
  /** The config's media type of an image; absent on an index. ECR calls it artifactMediaType. */
  readonly configMediaType?: string;
  /** What the referrers list tells: the manifest's artifactType or, on an image without one, the config's media type. */
  readonly artifactType?: string;
  readonly subject?: Digest;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Bytes of config and layers; of an index the largest of its children's. */
  readonly sizeBytes: number;
  readonly pushedAt: Date;
  readonly manifest: Uint8Array;
}

/** An image without what its manifest may fill with megabytes: lists hold many of them. */
export interface ImageRow extends Omit<NewImage, "manifest" | "annotations"> {
  readonly id: ImageRowId;
  readonly manifestBytes: number;
  readonly status: ImageStatus;
  readonly lastPulledAt?: Date;
}

export interface ReferrerRow extends ImageRow {
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface TagRow {
  readonly imageId: ImageRowId;
  readonly tag: Tag;
}

/** What a pull needs, and no more. */
export interface StoredManifest {
  readonly imageId: ImageRowId;
  readonly repositoryId: RepositoryRowId;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly status: ImageStatus;
  readonly bytes: Uint8Array;
}

/** Which images a list answers. */
export interface ImageFilter {
  readonly tagged?: boolean;
  readonly status?: ImageStatus;
}

export interface ImageReads {
  /** The read of every pull: one query from names to bytes. */
  findManifest(
    key: RegistryKey,
    name: RepositoryName,
    reference: { readonly tag: Tag } | { readonly digest: Digest },
  ): Promise<StoredManifest | undefined>;
  find(id: RepositoryRowId, digest: Digest): Promise<ImageRow | undefined>;
  findByTag(id: RepositoryRowId, tag: Tag): Promise<ImageRow | undefined>;
  count(id: RepositoryRowId): Promise<number>;
  /** By row id, those after `after`, at most `limit`; `filter` is applied in the query. */
  list(
    id: RepositoryRowId,
    page: { readonly after?: ImageRowId; readonly limit: number },
    filter?: ImageFilter,
  ): Promise<readonly ImageRow[]>;
  /** Tags of these images, by image and then by tag in byte order. */
  tagsOf(ids: readonly ImageRowId[]): Promise<readonly TagRow[]>;
  tagCount(id: ImageRowId): Promise<number>;
  /** One entry a tag and one an untagged image: by row id, then tag. `after` is the last entry of the page before. */
  listIds(
    id: RepositoryRowId,
    page: { readonly after?: { readonly imageId: ImageRowId; readonly tag?: Tag }; readonly limit: number },
    filter?: ImageFilter,
  ): Promise<readonly { readonly imageId: ImageRowId; readonly digest: Digest; readonly tag?: Tag }[]>;
  /** Tags of a repository in byte order, those after `after`, at most `limit`. */
  listTags(id: RepositoryRowId, page: { readonly after?: string; readonly limit: number }): Promise<readonly Tag[]>;
  /** Images whose subject is `subject`, by row id. */
  referrers(
    id: RepositoryRowId,
    subject: Digest,
    page: { readonly after?: ImageRowId; readonly limit: number },
    filter?: { readonly artifactTypes?: readonly string[]; readonly status?: ImageStatus },
  ): Promise<readonly ReferrerRow[]>;
  /** Digests of the indexes that list `child`; at most `limit`. */
  parents(id: RepositoryRowId, child: Digest, limit: number): Promise<readonly Digest[]>;
  /** Which of these digests the repository holds as images. */
  present(id: RepositoryRowId, digests: readonly Digest[]): Promise<readonly { digest: Digest; sizeBytes: number }[]>;
  /** How an image of the repository names this blob; undefined when none does. */
  blobUse(
    id: RepositoryRowId,
    digest: Digest,
  ): Promise<{ readonly mediaType: string; readonly status: ImageStatus } | undefined>;
  manifest(id: ImageRowId): Promise<Uint8Array | undefined>;
}

export interface ImageWrites {
  /** Stores a manifest with what it names. The caller has seen that the repository holds no image of this digest. */
  insert(
    image: NewImage,
    names: { readonly blobs: readonly ImageBlob[]; readonly children: readonly Digest[] },
  ): Promise<ImageRowId>;
  /** Points a tag at an image, whatever it pointed at before. */
  putTag(id: RepositoryRowId, tag: Tag, image: ImageRowId): Promise<void>;
  /** @returns false when there was no such tag */
  deleteTag(id: RepositoryRowId, tag: Tag): Promise<boolean>;
  /** Removes an image with its tags and what it named. */
  delete(id: ImageRowId): Promise<void>;
  /** Moves last pull times forward, never back. Images that are gone are passed over. */
  recordPulls(pulls: readonly { readonly imageId: ImageRowId; readonly at: Date }[]): Promise<void>;
}
