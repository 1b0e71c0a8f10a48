import type {
  Encryption,
  ExclusionFilter,
  NewRepository,
  RegistryKey,
  RepositoryReads,
  RepositoryRow,
  RepositoryRowId,
  RepositoryWrites,
  ResourceTag,
  TagMutability,
} from "@stowage/registry";
import type { RegistryId, RepositoryName } from "@stowage/model";
import { accessChanged } from "./access-version.ts";
import type { Executor, Row } from "./executor.ts";
import { dateOf, isNull, numberOf, textOf } from "./executor.ts";
import { DELETE_IMAGE } from "./image-sql.ts";

const COLUMNS = `id, registry_id, region, name, created_at, tag_mutability, scan_on_push, encryption_type, kms_key,
  exclusion_filters`;

const FIND = `SELECT ${COLUMNS} FROM repository WHERE registry_id = ?1 AND region = ?2 AND name = ?3`;
const LIST = `SELECT ${COLUMNS} FROM repository WHERE registry_id = ?1 AND region = ?2 AND name > ?3
  ORDER BY name LIMIT ?4`;
const COUNT = `SELECT repository_count FROM registry WHERE registry_id = ?1 AND region = ?2`;
const RESOURCE_TAGS = `SELECT key, value FROM resource_tag WHERE repository_id = ?1 ORDER BY key`;

const INSERT = `INSERT INTO repository (registry_id, region, name, created_at, tag_mutability, scan_on_push,
    encryption_type, kms_key, exclusion_filters, image_count)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)
  ON CONFLICT (registry_id, region, name) DO NOTHING RETURNING id`;
const COUNT_ONE_MORE = `INSERT INTO registry (registry_id, region, repository_count) VALUES (?1, ?2, 1)
  ON CONFLICT (registry_id, region) DO UPDATE SET repository_count = registry.repository_count + 1`;
const COUNT_ONE_LESS = `UPDATE registry SET repository_count = repository_count - 1
  WHERE registry_id = ?1 AND region = ?2`;

const IMAGES_LEAVE = `UPDATE total
  SET image_count = image_count - (SELECT image_count FROM repository WHERE id = ?1) WHERE id = 1`;
/** What goes with the repository at once; there is never much of it. */
const DELETE_AT_ONCE = [
  `DELETE FROM upload WHERE repository_id = ?1`,
  `DELETE FROM resource_tag WHERE repository_id = ?1`,
  `DELETE FROM repository_policy WHERE repository_id = ?1`,
] as const;
const WHERE_IT_WAS = `SELECT registry_id, region FROM repository WHERE id = ?1`;
/** No registry has an empty id: what is left of a repository is found by nobody but the purge. */
const HIDE = `UPDATE repository SET registry_id = '', region = '', name = CAST(id AS TEXT), image_count = 0 WHERE id = ?1`;

/** Images that go in the transaction of the deletion. */
const PURGED_AT_ONCE = 200;
const NEXT_HIDDEN = `SELECT id FROM repository WHERE registry_id = '' AND region = '' ORDER BY name LIMIT 1`;
const IMAGES_LEFT = `SELECT id FROM image WHERE repository_id = ?1 ORDER BY id LIMIT ?2`;
const BLOBS_LEFT = `DELETE FROM repository_blob WHERE repository_id = ?1 AND digest IN
  (SELECT digest FROM repository_blob WHERE repository_id = ?1 ORDER BY digest LIMIT ?2) RETURNING blob_id`;
const UNLINK = `UPDATE blob SET links = links - 1 WHERE id = ?1`;
const DELETE = `DELETE FROM repository WHERE id = ?1`;

const SET_TAG_MUTABILITY = `UPDATE repository SET tag_mutability = ?2, exclusion_filters = ?3 WHERE id = ?1`;
const SET_SCAN_ON_PUSH = `UPDATE repository SET scan_on_push = ?2 WHERE id = ?1`;
const PUT_RESOURCE_TAG = `INSERT INTO resource_tag (repository_id, key, value) VALUES (?1, ?2, ?3)
  ON CONFLICT (repository_id, key) DO UPDATE SET value = excluded.value`;
const DELETE_RESOURCE_TAG = `DELETE FROM resource_tag WHERE repository_id = ?1 AND key = ?2`;

export class RepositoryStore implements RepositoryReads, RepositoryWrites {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  async find(key: RegistryKey, name: RepositoryName): Promise<RepositoryRow | undefined> {
    const row = await this.#db.get(FIND, key.registryId, key.region, name);
    return row && repositoryOf(row);
  }

  async list(key: RegistryKey, page: { readonly after?: string; readonly limit: number }): Promise<RepositoryRow[]> {
    const rows = await this.#db.all(LIST, key.registryId, key.region, page.after ?? "", page.limit);
    return rows.map(repositoryOf);
  }

  async count(key: RegistryKey): Promise<number> {
    const row = await this.#db.get(COUNT, key.registryId, key.region);
    return row === undefined ? 0 : numberOf(row, "repository_count");
  }

  async resourceTags(id: RepositoryRowId): Promise<ResourceTag[]> {
    const rows = await this.#db.all(RESOURCE_TAGS, id);
    return rows.map((row) => ({ key: textOf(row, "key"), value: textOf(row, "value") }));
  }

  async insert(repository: NewRepository): Promise<RepositoryRow | undefined> {
    const { key, encryption } = repository;
    const row = await this.#db.get(
      INSERT,
      key.registryId,
      key.region,
      repository.name,
      repository.createdAt.getTime(),
      repository.tagMutability,
      repository.scanOnPush ? 1 : 0,
      encryption.encryptionType,
      encryption.kmsKey ?? null,
      JSON.stringify(repository.exclusionFilters),
    );
    if (row === undefined) return undefined;
    await this.#db.run(COUNT_ONE_MORE, key.registryId, key.region);
    await accessChanged(this.#db);
    return { ...repository, id: numberOf(row, "id") };
  }

  async delete(id: RepositoryRowId): Promise<void> {
    const row = await this.#db.get(WHERE_IT_WAS, id);
    if (row === undefined) throw new Error(`there is no repository with the row id ${id}`);
    await this.#db.run(IMAGES_LEAVE, id);
    for (const sql of DELETE_AT_ONCE) await this.#db.run(sql, id);
    await this.#db.run(HIDE, id);
    await this.#db.run(COUNT_ONE_LESS, textOf(row, "registry_id"), textOf(row, "region"));
    await accessChanged(this.#db);
    await this.#purge(id, PURGED_AT_ONCE);
  }

  async purge(limit: number): Promise<number> {
    const row = await this.#db.get(NEXT_HIDDEN);
    return row === undefined ? 0 : this.#purge(numberOf(row, "id"), limit);
  }

  /** Images first, then the blobs that were seen, then the row itself. */
  async #purge(id: RepositoryRowId, limit: number): Promise<number> {
    const images = await this.#db.all(IMAGES_LEFT, id, limit);
    for (const image of images) {
      for (const sql of DELETE_IMAGE) await this.#db.run(sql, numberOf(image, "id"));
    }
    if (images.length >= limit) return images.length;
    const blobs = await this.#db.all(BLOBS_LEFT, id, limit);
    for (const blob of blobs) await this.#db.run(UNLINK, numberOf(blob, "blob_id"));
    if (blobs.length < limit) await this.#db.run(DELETE, id);
    return images.length + blobs.length;
  }

  async setTagMutability(
    id: RepositoryRowId,
    mutability: TagMutability,
    filters: readonly ExclusionFilter[],
  ): Promise<void> {
    await this.#db.run(SET_TAG_MUTABILITY, id, mutability, JSON.stringify(filters));
  }

  async setScanOnPush(id: RepositoryRowId, scanOnPush: boolean): Promise<void> {
    await this.#db.run(SET_SCAN_ON_PUSH, id, scanOnPush ? 1 : 0);
  }

  async putResourceTag(id: RepositoryRowId, tag: ResourceTag): Promise<void> {
    await this.#db.run(PUT_RESOURCE_TAG, id, tag.key, tag.value);
    await accessChanged(this.#db);
  }

  async deleteResourceTags(id: RepositoryRowId, keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#db.run(DELETE_RESOURCE_TAG, id, key);
    await accessChanged(this.#db);
  }
}

function repositoryOf(row: Row): RepositoryRow {
  return {
    id: numberOf(row, "id"),
    key: { registryId: textOf(row, "registry_id") as RegistryId, region: textOf(row, "region") },
    name: textOf(row, "name") as RepositoryName,
    createdAt: dateOf(row, "created_at"),
    tagMutability: textOf(row, "tag_mutability") as TagMutability,
    exclusionFilters: JSON.parse(textOf(row, "exclusion_filters")) as readonly ExclusionFilter[],
    scanOnPush: numberOf(row, "scan_on_push") === 1,
    encryption: {
      encryptionType: textOf(row, "encryption_type") as Encryption["encryptionType"],
      ...(isNull(row, "kms_key") ? {} : { kmsKey: textOf(row, "kms_key") }),
    },
  };
}
