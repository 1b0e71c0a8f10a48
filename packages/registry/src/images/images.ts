import type { Digest, RepositoryName, Tag } from "@stowage/model";
import { imageNotFound, InvalidDigest } from "../errors.ts";
import { cutPage, type Page, type PageRequest } from "../paging/page.ts";
import type { ImageFilter, ImageRow, StoredManifest } from "../ports/image-rows.ts";
import type { RegistryKey } from "../ports/repository-rows.ts";
import { requireRepository } from "../repositories/repositories.ts";
import { batchDeleteImages, removeImage } from "./delete-images.ts";
import { asTag, imageFailure, resolveImageId, type ImageFailure, type ImageId } from "./image-ids.ts";
import { PullTimes } from "./pull-times.ts";
import { putImage, type PutImageParts } from "./put-image.ts";
import { listReferrers } from "./referrers.ts";

export type ImageReference = { readonly tag: Tag } | { readonly digest: Digest };

export interface DescribedImage extends ImageRow {
  readonly tags: readonly Tag[];
}

export interface FoundImage {
  /** The digest, and the tag when the caller named the image by it. */
  readonly imageId: ImageId;
  readonly manifest: StoredManifest;
}

/** Images of every repository: manifests, tags, referrers. */
export class Images {
  readonly #parts: PutImageParts;
  readonly #pulls: PullTimes;
  /** Stores a manifest and moves tags; see {@link putImage}. */
  readonly put: ReturnType<typeof putImage>;
  readonly batchDelete: ReturnType<typeof batchDeleteImages>;
  readonly remove: ReturnType<typeof removeImage>;
  readonly referrers: ReturnType<typeof listReferrers>;

  constructor(parts: PutImageParts) {
    this.#parts = parts;
    this.#pulls = new PullTimes(parts.metadata, parts.clock);
    this.put = putImage(parts);
    this.batchDelete = batchDeleteImages(parts.metadata);
    this.remove = removeImage(parts.metadata);
    this.referrers = listReferrers(parts.metadata);
  }

  /**
   * The read behind every pull.
   * @param options.record whether this counts as a pull of the image
   * @throws RepositoryNotFoundException, ImageNotFoundException
   */
  async pull(
    key: RegistryKey,
    name: RepositoryName,
    reference: ImageReference,
    options: { readonly record: boolean },
  ): Promise<StoredManifest> {
    const found = await this.#parts.metadata.images.findManifest(key, name, reference);
    if (found === undefined || found.status !== "ACTIVE") {
      await requireRepository(this.#parts.metadata, key, name);
      throw imageNotFound(
        key,
        name,
        "tag" in reference ? { imageTag: reference.tag } : { imageDigest: reference.digest },
      );
    }
    if (options.record) this.#pulls.note(found.imageId);
    return found;
  }

  /** Manifests of up to 100 images; what could not be served is in `failures`. Each one served counts as a pull. */
  async batchGet(
    key: RegistryKey,
    name: RepositoryName,
    ids: readonly ImageId[],
  ): Promise<{ readonly images: readonly FoundImage[]; readonly failures: readonly ImageFailure[] }> {
    const { metadata } = this.#parts;
    const repository = await requireRepository(metadata, key, name);
    const images: FoundImage[] = [];
    const failures: ImageFailure[] = [];
    for (const id of uniqueIds(ids)) {
      const image = await resolveImageId(metadata, repository.id, id);
      const manifest =
        typeof image === "string" ? undefined : await metadata.images.findManifest(key, name, { digest: image.digest });
      if (typeof image === "string" || manifest?.status !== "ACTIVE") {
        failures.push(imageFailure(id, typeof image === "string" ? image : "ImageNotFound"));
        continue;
      }
      this.#pulls.note(manifest.imageId);
      const { imageTag } = id;
      images.push({ imageId: { imageDigest: image.digest, ...(imageTag !== undefined && { imageTag }) }, manifest });
    }
    return { images, failures };
  }

  /** One entry a tag and one an untagged image, in order of first push and then of tags. */
  async listIds(
    key: RegistryKey,
    name: RepositoryName,
    page: PageRequest,
    filter: ImageFilter,
  ): Promise<Page<ImageId>> {
    const { metadata } = this.#parts;
    const repository = await requireRepository(metadata, key, name);
    const after = page.after === undefined ? undefined : readListCursor(page.after);
    const rows = await metadata.images.listIds(
      repository.id,
      { limit: page.limit + 1, ...(after && { after }) },
      filter,
    );
    const cut = cutPage(rows, page.limit, (last) => `${last.imageId}:${last.tag ?? ""}`);
    const items = cut.items.map(({ digest, tag }): ImageId => ({
      imageDigest: digest,
      ...(tag !== undefined && { imageTag: tag }),
    }));
    return { ...cut, items };
  }

  /** In byte order. */
  async listTags(key: RegistryKey, name: RepositoryName, page: PageRequest): Promise<Page<Tag>> {
    const repository = await requireRepository(this.#parts.metadata, key, name);
    const tags = await this.#parts.metadata.images.listTags(repository.id, { ...page, limit: page.limit + 1 });
    return cutPage(tags, page.limit, (last) => last);
  }

  /** In order of first push. */
  async describe(
    key: RegistryKey,
    name: RepositoryName,
    page: PageRequest,
    filter: ImageFilter,
  ): Promise<Page<DescribedImage>> {
    const { metadata } = this.#parts;
    const repository = await requireRepository(metadata, key, name);
    const rows = await metadata.images.list(
      repository.id,
      { limit: page.limit + 1, ...(page.after !== undefined && { after: Number(page.after) }) },
      filter,
    );
    const cut = cutPage(rows, page.limit, (last) => String(last.id));
    return { ...cut, items: await this.#withTags(cut.items) };
  }

  /** In the order asked, each image once. @throws ImageNotFoundException one of them is missing */
  async describeIds(
    key: RegistryKey,
    name: RepositoryName,
    ids: readonly ImageId[],
  ): Promise<readonly DescribedImage[]> {
    const { metadata } = this.#parts;
    const repository = await requireRepository(metadata, key, name);
    const found = new Map<number, ImageRow>();
    for (const id of ids) {
      const image = await resolveImageId(metadata, repository.id, id);
      if (image === "InvalidImageDigest") throw new InvalidDigest("imageDigest");
      if (typeof image === "string") throw imageNotFound(key, name, id);
      found.set(image.id, image);
    }
    return this.#withTags([...found.values()]);
  }

  /** Writes gathered pull times. @returns how many */
  flushPulls(limit: number): Promise<number> {
    return this.#pulls.flush(limit);
  }

  async #withTags(rows: readonly ImageRow[]): Promise<readonly DescribedImage[]> {
    const tags = Map.groupBy(
      await this.#parts.metadata.images.tagsOf(rows.map(({ id }) => id)),
      ({ imageId }) => imageId,
    );
    return rows.map((row) => {
      const lastPulledAt = this.#pulls.gathered(row.id) ?? row.lastPulledAt;
      return { ...row, tags: (tags.get(row.id) ?? []).map(({ tag }) => tag), ...(lastPulledAt && { lastPulledAt }) };
    });
  }
}

function readListCursor(cursor: string): { imageId: number; tag?: Tag } {
  const at = cursor.indexOf(":");
  const tag = cursor.slice(at + 1);
  return { imageId: Number(cursor.slice(0, at)), ...(tag !== "" && { tag: asTag(tag) }) };
}

function uniqueIds(ids: readonly ImageId[]): readonly ImageId[] {
  return [...new Map(ids.map((id) => [JSON.stringify([id.imageDigest, id.imageTag]), id])).values()];
}
