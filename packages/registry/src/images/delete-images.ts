import type { Digest, RepositoryName } from "@stowage/model";
import { ImageReferenced, imageNotFound } from "../errors.ts";
import type { ImageRow } from "../ports/image-rows.ts";
import type { Metadata, MetadataTransaction } from "../ports/metadata.ts";
import type { RegistryKey, RepositoryRow } from "../ports/repository-rows.ts";
import { requireRepository } from "../repositories/repositories.ts";
import {
  asTag,
  imageFailure,
  referencedFailure,
  resolveImageId,
  type ImageFailure,
  type ImageId,
} from "./image-ids.ts";

const MAX_PARENTS_TOLD = 10;

export interface BatchDeleteResult {
  readonly imageIds: readonly ImageId[];
  readonly failures: readonly ImageFailure[];
}

/** What one id of a batch came to. */
type Outcome = { readonly deleted: readonly ImageId[] } | { readonly failure: ImageFailure };

/**
 * Deletes images by digest, by tag or by both. A tag goes alone as long as its image has others; the last takes the image
 * with it. A child of an index stays until the index is gone, which may be by the same call in any order.
 * Source: Amazon ECR API reference, BatchDeleteImage.
 */
export function batchDeleteImages(metadata: Metadata) {
  return (key: RegistryKey, name: RepositoryName, ids: readonly ImageId[]): Promise<BatchDeleteResult> =>
    metadata.transaction(async (rows) => {
      const batch = new Batch(rows, await requireRepository(rows, key, name));
      let pending = ids;
      const imageIds: ImageId[] = [];
      const failures: ImageFailure[] = [];
      // Each round either frees a child by deleting its index or is the last, so there are at most as many as ids.
      for (let progress = true; progress;) {
        progress = false;
        const referenced: { id: ImageId; failure: ImageFailure }[] = [];
        for (const id of pending) {
          const outcome = await batch.delete(id);
          if ("deleted" in outcome) {
            imageIds.push(...outcome.deleted);
            progress = true;
          } else if (outcome.failure.failureCode === "ImageReferencedByManifestList") {
            referenced.push({ id, failure: outcome.failure });
          } else {
            failures.push(outcome.failure);
          }
        }
        pending = referenced.map(({ id }) => id);
        progress &&= pending.length > 0;
        if (!progress) failures.push(...referenced.map(({ failure }) => failure));
      }
      return { imageIds, failures };
    });
}

/**
 * Deletes one image or tag by the rules of {@link batchDeleteImages}.
 * @throws ImageNotFoundException
 * @throws ImageReferenced an index lists it
 */
export function removeImage(metadata: Metadata) {
  return (key: RegistryKey, name: RepositoryName, id: ImageId): Promise<void> =>
    metadata.transaction(async (rows) => {
      const repository = await requireRepository(rows, key, name);
      const image = await resolveImageId(rows, repository.id, id);
      if (typeof image === "string") throw imageNotFound(key, name, id);
      const parents = await takeAway(rows, repository, { image, tag: id.imageTag });
      if (parents.length > 0) throw new ImageReferenced(parents);
    });
}

/** One call's deletions; it remembers what it took away, since ids of one call may name the same image twice. */
class Batch {
  readonly #rows: MetadataTransaction;
  readonly #repository: RepositoryRow;
  readonly #goneDigests = new Set<string>();
  readonly #goneTags = new Set<string>();

  constructor(rows: MetadataTransaction, repository: RepositoryRow) {
    this.#rows = rows;
    this.#repository = repository;
  }

  async delete(id: ImageId): Promise<Outcome> {
    if (this.#isGone(id)) return { deleted: [] };
    const image = await resolveImageId(this.#rows, this.#repository.id, id);
    if (typeof image === "string") return { failure: imageFailure(id, image) };
    const tags = (await this.#rows.images.tagsOf([image.id])).map(({ tag }) => tag);
    const parents = await takeAway(this.#rows, this.#repository, { image, tag: id.imageTag });
    if (parents.length > 0) return { failure: referencedFailure(id, parents) };
    const goneTags = id.imageTag === undefined ? tags : [asTag(id.imageTag)];
    for (const tag of goneTags) this.#goneTags.add(tag);
    if (goneTags.length === tags.length) this.#goneDigests.add(image.digest);
    const imageDigest = image.digest;
    return {
      deleted: goneTags.length === 0 ? [{ imageDigest }] : goneTags.map((imageTag) => ({ imageDigest, imageTag })),
    };
  }

  #isGone({ imageDigest, imageTag }: ImageId): boolean {
    if (imageTag !== undefined) return this.#goneTags.has(imageTag);
    return imageDigest !== undefined && this.#goneDigests.has(imageDigest);
  }
}

/** @returns the indexes that forbid it; nothing was changed then */
async function takeAway(
  rows: MetadataTransaction,
  repository: RepositoryRow,
  { image, tag }: { image: ImageRow; tag: string | undefined },
): Promise<readonly Digest[]> {
  if (tag !== undefined && (await rows.images.tagCount(image.id)) > 1) {
    await rows.images.deleteTag(repository.id, asTag(tag));
    return [];
  }
  const parents = await rows.images.parents(repository.id, image.digest, MAX_PARENTS_TOLD);
  if (parents.length === 0) await rows.images.delete(image.id);
  return parents;
}
