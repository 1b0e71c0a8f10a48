import type { Digest, RepositoryName, Tag } from "@stowage/model";
import type {
  ImageBlob,
  ImageFilter,
  ImageReads,
  ImageRow,
  ImageRowId,
  ImageStatus,
  ImageWrites,
  NewImage,
  ReferrerRow,
  RegistryKey,
  RepositoryRowId,
  StoredManifest,
  TagRow,
} from "@stowage/registry";
import type { Executor, Row } from "./executor.ts";
import { bytesOf, isNull, numberOf, pieces, present, textOf } from "./executor.ts";
import { digestOf, imageOf, manifestOf, referrerOf, statusOf, tagOf, tagRowOf } from "./image-rows.ts";
import * as sql from "./image-sql.ts";

interface Page {
  readonly after?: ImageRowId;
  readonly limit: number;
}

interface ImageId {
  readonly imageId: ImageRowId;
  readonly digest: Digest;
  readonly tag?: Tag;
}

export class ImageStore implements ImageReads, ImageWrites {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  async findManifest(
    key: RegistryKey,
    name: RepositoryName,
    reference: { readonly tag: Tag } | { readonly digest: Digest },
  ): Promise<StoredManifest | undefined> {
    const row = await ("tag" in reference
      ? this.#db.get(sql.PULL_BY_TAG, key.registryId, key.region, name, reference.tag)
      : this.#db.get(sql.PULL_BY_DIGEST, key.registryId, key.region, name, reference.digest));
    return row && manifestOf(row);
  }

  async find(id: RepositoryRowId, digest: Digest): Promise<ImageRow | undefined> {
    const row = await this.#db.get(sql.FIND, id, digest);
    return row && imageOf(row);
  }

  async findByTag(id: RepositoryRowId, tag: Tag): Promise<ImageRow | undefined> {
    const row = await this.#db.get(sql.FIND_BY_TAG, id, tag);
    return row && imageOf(row);
  }

  async count(id: RepositoryRowId): Promise<number> {
    const row = await this.#db.get(sql.COUNT, id);
    return row === undefined ? 0 : numberOf(row, "image_count");
  }

  async list(id: RepositoryRowId, page: Page, filter: ImageFilter = {}): Promise<ImageRow[]> {
    const [text, values] = sql.filtered(sql.LIST, filter);
    const rows = await this.#db.all(text, id, page.after ?? 0, page.limit, ...values);
    return rows.map(imageOf);
  }

  async tagsOf(ids: readonly ImageRowId[]): Promise<TagRow[]> {
    const tags: TagRow[] = [];
    const ascending = [...ids].sort((a, b) => a - b);
    for (const [text, values] of pieces(sql.TAGS_OF, ascending)) {
      for (const row of await this.#db.all(text, ...values)) tags.push(tagRowOf(row));
    }
    return tags;
  }

  async tagCount(id: ImageRowId): Promise<number> {
    const row = await this.#db.get(sql.TAG_COUNT, id);
    return row === undefined ? 0 : numberOf(row, "tag_count");
  }

  async listIds(
    id: RepositoryRowId,
    page: { readonly after?: { readonly imageId: ImageRowId; readonly tag?: Tag }; readonly limit: number },
    filter: ImageFilter = {},
  ): Promise<ImageId[]> {
    const entries: ImageId[] = [];
    const { after, limit } = page;
    if (after !== undefined && filter.tagged !== false) {
      const status = filter.status ?? null;
      const rows = await this.#db.all(sql.LIST_MORE_TAGS, after.imageId, id, after.tag ?? "", limit, status);
      entries.push(...rows.map(idOf));
    }
    if (entries.length < limit) {
      const [text, values] = sql.filtered(sql.LIST_IDS, filter);
      const rows = await this.#db.all(text, id, after?.imageId ?? 0, limit - entries.length, ...values);
      entries.push(...rows.map(idOf));
    }
    return entries;
  }

  async listTags(id: RepositoryRowId, page: { readonly after?: string; readonly limit: number }): Promise<Tag[]> {
    const rows = await this.#db.all(sql.LIST_TAGS, id, page.after ?? "", page.limit);
    return rows.map(tagOf);
  }

  async referrers(
    id: RepositoryRowId,
    subject: Digest,
    page: Page,
    filter: { readonly artifactTypes?: readonly string[]; readonly status?: ImageStatus } = {},
  ): Promise<ReferrerRow[]> {
    const values = [id, subject, page.after ?? 0, page.limit, filter.status ?? null];
    if (filter.artifactTypes === undefined) return (await this.#db.all(sql.REFERRERS, ...values)).map(referrerOf);
    const found: ReferrerRow[] = [];
    for (const [text, types] of pieces(sql.REFERRERS_BY_TYPE, filter.artifactTypes)) {
      found.push(...(await this.#db.all(text, ...values, ...types)).map(referrerOf));
    }
    return found.sort((a, b) => a.id - b.id).slice(0, page.limit);
  }

  async parents(id: RepositoryRowId, child: Digest, limit: number): Promise<Digest[]> {
    const rows = await this.#db.all(sql.PARENTS, id, child, limit);
    return rows.map(digestOf);
  }

  async present(id: RepositoryRowId, digests: readonly Digest[]): Promise<{ digest: Digest; sizeBytes: number }[]> {
    const found: { digest: Digest; sizeBytes: number }[] = [];
    for (const [text, values] of pieces(sql.PRESENT, digests)) {
      for (const row of await this.#db.all(text, id, ...values)) {
        found.push({ digest: digestOf(row), sizeBytes: numberOf(row, "size_bytes") });
      }
    }
    return found;
  }

  async blobUse(id: RepositoryRowId, digest: Digest): Promise<{ mediaType: string; status: ImageStatus } | undefined> {
    const row = (await this.#db.get(sql.BLOB_USE_ACTIVE, id, digest)) ?? (await this.#db.get(sql.BLOB_USE, id, digest));
    return row && { mediaType: textOf(row, "media_type"), status: statusOf(row) };
  }

  async manifest(id: ImageRowId): Promise<Uint8Array | undefined> {
    const row = await this.#db.get(sql.MANIFEST, id);
    return row && bytesOf(row, "payload");
  }

  async insert(
    image: NewImage,
    names: { readonly blobs: readonly ImageBlob[]; readonly children: readonly Digest[] },
  ): Promise<ImageRowId> {
    const repository = image.repositoryId;
    const row = await this.#db.get(
      sql.INSERT,
      repository,
      image.digest,
      image.kind,
      image.mediaType,
      image.configMediaType ?? null,
      image.artifactType ?? null,
      image.subject ?? null,
      image.sizeBytes,
      image.manifest.byteLength,
      image.pushedAt.getTime(),
      image.annotations === undefined ? null : JSON.stringify(image.annotations),
    );
    const id = numberOf(present(row), "id");
    await this.#db.run(sql.INSERT_MANIFEST, id, image.manifest);
    for (const [position, blob] of names.blobs.entries()) {
      const { digest, role, mediaType, sizeBytes } = blob;
      await this.#db.run(sql.INSERT_BLOB, id, position, repository, digest, role, mediaType, sizeBytes);
      await this.#db.run(sql.USE_BLOB, repository, digest);
    }
    for (const [position, child] of names.children.entries()) {
      await this.#db.run(sql.INSERT_CHILD, id, position, repository, child);
    }
    await this.#countImages(repository, 1);
    return id;
  }

  async putTag(id: RepositoryRowId, tag: Tag, image: ImageRowId): Promise<void> {
    const before = await this.#db.get(sql.TAGGED_IMAGE, id, tag);
    const imageBefore = before && numberOf(before, "image_id");
    if (imageBefore === image) return;
    await this.#db.run(sql.PUT_TAG, id, tag, image);
    if (imageBefore !== undefined) await this.#db.run(sql.COUNT_TAG, imageBefore, -1);
    await this.#db.run(sql.COUNT_TAG, image, 1);
  }

  async deleteTag(id: RepositoryRowId, tag: Tag): Promise<boolean> {
    const row = await this.#db.get(sql.DELETE_TAG, id, tag);
    if (row === undefined) return false;
    await this.#db.run(sql.COUNT_TAG, numberOf(row, "image_id"), -1);
    return true;
  }

  async delete(id: ImageRowId): Promise<void> {
    const row = await this.#db.get(sql.REPOSITORY_OF, id);
    if (row === undefined) throw new Error(`there is no image with the row id ${id}`);
    const repository = numberOf(row, "repository_id");
    await this.#db.run(sql.BLOBS_UNUSED, id, repository);
    for (const text of sql.DELETE_IMAGE) await this.#db.run(text, id);
    await this.#countImages(repository, -1);
  }

  async recordPulls(pulls: readonly { readonly imageId: ImageRowId; readonly at: Date }[]): Promise<void> {
    for (const pull of pulls) await this.#db.run(sql.RECORD_PULL, pull.imageId, pull.at.getTime());
  }

  async #countImages(repository: RepositoryRowId, difference: number): Promise<void> {
    await this.#db.run(sql.COUNT_IMAGE, repository, difference);
    await this.#db.run(sql.COUNT_TOTAL, difference);
  }
}

function idOf(row: Row): ImageId {
  return { imageId: numberOf(row, "id"), digest: digestOf(row), ...(isNull(row, "tag") ? {} : { tag: tagOf(row) }) };
}
