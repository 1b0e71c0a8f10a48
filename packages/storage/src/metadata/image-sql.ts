import type { ImageFilter } from "@stowage/registry";
import { listQuery } from "./executor.ts";

const COLUMNS = `id, repository_id, digest, kind, media_type, config_media_type, artifact_type, subject, size_bytes,
  manifest_bytes, status, pushed_at, last_pulled_at`;

const PULL = `SELECT i.id, i.repository_id, i.digest, i.media_type, i.status, m.payload FROM repository r`;
const PULL_FROM = `JOIN manifest m ON m.image_id = i.id WHERE r.registry_id = ?1 AND r.region = ?2 AND r.name = ?3`;
export const PULL_BY_TAG = `${PULL} JOIN tag t ON t.repository_id = r.id AND t.tag = ?4
  JOIN image i ON i.id = t.image_id ${PULL_FROM}`;
export const PULL_BY_DIGEST = `${PULL} JOIN image i ON i.repository_id = r.id AND i.digest = ?4 ${PULL_FROM}`;

export const FIND = `SELECT ${COLUMNS} FROM image WHERE repository_id = ?1 AND digest = ?2`;
export const FIND_BY_TAG = `SELECT ${COLUMNS} FROM image
  WHERE id = (SELECT image_id FROM tag WHERE repository_id = ?1 AND tag = ?2)`;
export const COUNT = `SELECT image_count FROM repository WHERE id = ?1`;
export const TAGS_OF = listQuery(
  1,
  (ids) => `SELECT image_id, tag FROM tag WHERE image_id IN (${ids}) ORDER BY image_id, tag`,
);
export const TAG_COUNT = `SELECT tag_count FROM image WHERE id = ?1`;
export const LIST_TAGS = `SELECT tag FROM tag WHERE repository_id = ?1 AND tag > ?2 ORDER BY tag LIMIT ?3`;
export const PARENTS = `SELECT i.digest FROM image_child c JOIN image i ON i.id = c.image_id
  WHERE c.repository_id = ?1 AND c.child = ?2 ORDER BY c.image_id LIMIT ?3`;
export const PRESENT = listQuery(
  2,
  (digests) => `SELECT digest, size_bytes FROM image WHERE repository_id = ?1 AND digest IN (${digests})`,
);
/** An image that may be pulled tells more than one that may not, so it comes first when there is one. */
export const BLOB_USE_ACTIVE = `SELECT b.media_type, i.status FROM image_blob b JOIN image i ON i.id = b.image_id
  WHERE b.repository_id = ?1 AND b.digest = ?2 AND i.status = 'ACTIVE' LIMIT 1`;
export const BLOB_USE = `SELECT b.media_type, i.status FROM image_blob b JOIN image i ON i.id = b.image_id
  WHERE b.repository_id = ?1 AND b.digest = ?2 LIMIT 1`;
export const MANIFEST = `SELECT payload FROM manifest WHERE image_id = ?1`;

/** Each filter has a text of its own, so that each walks the index that is in the order of its answer. */
export interface FilterQuery {
  readonly all: string;
  readonly tagged: string;
  readonly status: string;
  readonly both: string;
}

/** The text for a filter, and the values for its parameters `?4` (tagged) and `?5` (status), or fewer. */
export function filtered(query: FilterQuery, filter: ImageFilter): [sql: string, values: (string | number)[]] {
  const tagged = filter.tagged === undefined ? [] : [filter.tagged ? 1 : 0];
  if (filter.status === undefined) return [tagged.length === 0 ? query.all : query.tagged, tagged];
  return [tagged.length === 0 ? query.status : query.both, [...tagged, filter.status]];
}

function filterQuery(alias: string, sql: (condition: string) => string): FilterQuery {
  return {
    all: sql(""),
    tagged: sql(`AND ${alias}tagged = ?4`),
    status: sql(`AND ${alias}status = ?4`),
    both: sql(`AND ${alias}tagged = ?4 AND ${alias}status = ?5`),
  };
}

export const LIST = filterQuery(
  "",
  (condition) => `SELECT ${COLUMNS} FROM image WHERE repository_id = ?1 AND id > ?2 ${condition} ORDER BY id LIMIT ?3`,
);
export const LIST_IDS = filterQuery(
  "i.",
  (condition) => `SELECT i.id, i.digest, t.tag FROM image i LEFT JOIN tag t ON t.image_id = i.id
  WHERE i.repository_id = ?1 AND i.id > ?2 ${condition} ORDER BY i.id, t.tag LIMIT ?3`,
);
/** What is left of the image at which the page before ended. */
export const LIST_MORE_TAGS = `SELECT i.id, i.digest, t.tag FROM image i JOIN tag t ON t.image_id = i.id
  WHERE i.id = ?1 AND i.repository_id = ?2 AND i.status = COALESCE(?5, i.status) AND t.tag > ?3
  ORDER BY t.tag LIMIT ?4`;

/** Few images refer to one subject, so what is asked of their status is decided row by row. */
const REFERRERS_OF = `SELECT ${COLUMNS}, annotations FROM image
  WHERE repository_id = ?1 AND subject = ?2 AND id > ?3 AND status = COALESCE(?5, status)`;
export const REFERRERS = `${REFERRERS_OF} ORDER BY id LIMIT ?4`;
export const REFERRERS_BY_TYPE = listQuery(
  6,
  (types) => `${REFERRERS_OF} AND artifact_type IN (${types}) ORDER BY id LIMIT ?4`,
);

export const INSERT = `INSERT INTO image (repository_id, digest, kind, media_type, config_media_type, artifact_type,
    subject, size_bytes, manifest_bytes, status, pushed_at, annotations, tagged, tag_count)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'ACTIVE', ?10, ?11, 0, 0) RETURNING id`;
export const INSERT_MANIFEST = `INSERT INTO manifest (image_id, payload) VALUES (?1, ?2)`;
export const INSERT_BLOB = `INSERT INTO image_blob (image_id, position, repository_id, digest, role, media_type, size_bytes)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`;
export const USE_BLOB = `UPDATE repository_blob SET uses = uses + 1 WHERE repository_id = ?1 AND digest = ?2`;
export const INSERT_CHILD = `INSERT INTO image_child (image_id, position, repository_id, child) VALUES (?1, ?2, ?3, ?4)`;
export const COUNT_IMAGE = `UPDATE repository SET image_count = image_count + ?2 WHERE id = ?1`;
export const COUNT_TOTAL = `UPDATE total SET image_count = image_count + ?1 WHERE id = 1`;

export const TAGGED_IMAGE = `SELECT image_id FROM tag WHERE repository_id = ?1 AND tag = ?2`;
export const PUT_TAG = `INSERT INTO tag (repository_id, tag, image_id) VALUES (?1, ?2, ?3)
  ON CONFLICT (repository_id, tag) DO UPDATE SET image_id = excluded.image_id`;
export const DELETE_TAG = `DELETE FROM tag WHERE repository_id = ?1 AND tag = ?2 RETURNING image_id`;
export const COUNT_TAG = `UPDATE image SET tag_count = tag_count + ?2,
  tagged = CASE WHEN tag_count + ?2 > 0 THEN 1 ELSE 0 END WHERE id = ?1`;

export const REPOSITORY_OF = `SELECT repository_id FROM image WHERE id = ?1`;
export const BLOBS_UNUSED = `UPDATE repository_blob
  SET uses = uses - (SELECT COUNT(*) FROM image_blob b WHERE b.image_id = ?1 AND b.digest = repository_blob.digest)
  WHERE repository_id = ?2 AND digest IN (SELECT digest FROM image_blob WHERE image_id = ?1)`;
/** In an order that leaves no row without what it refers to. */
export const DELETE_IMAGE = [
  `DELETE FROM tag WHERE image_id = ?1`,
  `DELETE FROM image_child WHERE image_id = ?1`,
  `DELETE FROM image_blob WHERE image_id = ?1`,
  `DELETE FROM manifest WHERE image_id = ?1`,
  `DELETE FROM image WHERE id = ?1`,
] as const;
export const RECORD_PULL = `UPDATE image SET last_pulled_at = ?2
  WHERE id = ?1 AND (last_pulled_at IS NULL OR last_pulled_at < ?2)`;
