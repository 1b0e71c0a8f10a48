import type { Digest } from "@stowage/model";
import type {
  BlobLocation,
  BlobReads,
  BlobRow,
  BlobRowId,
  BlobWrites,
  RepositoryBlob,
  RepositoryRowId,
} from "@stowage/registry";
import type { Executor, Row } from "./executor.ts";
import { dateOf, listQuery, numberOf, pieces, present, textOf } from "./executor.ts";

const SHARED = `id, digest, key_scope, size_bytes, location, state`;
const SEEN = `SELECT b.id, b.digest, b.key_scope, b.size_bytes, b.location, b.state, r.held_until
  FROM repository_blob r JOIN blob b ON b.id = r.blob_id
  WHERE r.repository_id = ?1 AND b.state = 'ready'`;

const FIND = `${SEEN} AND r.digest = ?2`;
const PRESENT = listQuery(2, (digests) => `${SEEN} AND r.digest IN (${digests})`);
const FIND_SHARED = `SELECT ${SHARED} FROM blob WHERE digest = ?1 AND key_scope = ?2`;

const IS_NAMED = `SELECT 1 FROM blob WHERE digest = ?1 AND location = ?2`;

const INSERT_SHARED = `INSERT INTO blob (digest, key_scope, size_bytes, location, state, links)
  VALUES (?1, ?2, ?3, ?4, 'ready', 0) ON CONFLICT (digest, key_scope) DO NOTHING RETURNING ${SHARED}`;
const REVIVE_SHARED = `UPDATE blob SET location = ?2, state = 'ready' WHERE id = ?1 AND state = 'deleting'
  RETURNING ${SHARED}`;
const RELOCATE_SHARED = `UPDATE blob SET location = ?2 WHERE id = ?1`;
const COUNT_TOTAL = `UPDATE total SET blob_count = blob_count + ?1, blob_bytes = blob_bytes + ?2 WHERE id = 1`;

const FIND_LINK = `SELECT blob_id FROM repository_blob WHERE repository_id = ?1 AND digest = ?2`;
const FIND_READY = `SELECT digest FROM blob WHERE id = ?1 AND state = 'ready'`;
const INSERT_LINK = `INSERT INTO repository_blob (repository_id, digest, blob_id, held_until, uses)
  VALUES (?1, ?2, ?3, ?4, (SELECT COUNT(*) FROM image_blob WHERE repository_id = ?1 AND digest = ?2))`;
const COUNT_LINK = `UPDATE blob SET links = links + ?2 WHERE id = ?1`;
const HOLD = listQuery(
  3,
  (digests) => `UPDATE repository_blob SET held_until = ?2
  WHERE repository_id = ?1 AND digest IN (${digests}) AND held_until < ?2`,
);

/** The counts select the candidates; what they count is looked up again before anything is taken away. */
const UNLINK_EXPIRED = `DELETE FROM repository_blob WHERE (repository_id, digest) IN (
    SELECT r.repository_id, r.digest FROM repository_blob r
    WHERE r.uses = 0 AND r.held_until <= ?1 AND NOT EXISTS (
      SELECT 1 FROM image_blob i WHERE i.repository_id = r.repository_id AND i.digest = r.digest)
    ORDER BY r.held_until LIMIT ?2)
  RETURNING blob_id`;
const CLAIM_UNLINKED = `UPDATE blob SET state = 'deleting' WHERE id IN (
    SELECT b.id FROM blob b
    WHERE b.links = 0 AND b.state = 'ready' AND NOT EXISTS (SELECT 1 FROM repository_blob r WHERE r.blob_id = b.id)
    ORDER BY b.id LIMIT ?1)`;
const DELETING = `SELECT ${SHARED} FROM blob WHERE links = 0 AND state = 'deleting' ORDER BY id LIMIT ?1`;
const DELETE_SHARED = `DELETE FROM blob WHERE id = ?1 AND state = 'deleting' RETURNING size_bytes`;

export class BlobRowStore implements BlobReads, BlobWrites {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  async find(id: RepositoryRowId, digest: Digest): Promise<RepositoryBlob | undefined> {
    const row = await this.#db.get(FIND, id, digest);
    return row && repositoryBlobOf(row);
  }

  async present(id: RepositoryRowId, digests: readonly Digest[]): Promise<RepositoryBlob[]> {
    const found: RepositoryBlob[] = [];
    for (const [sql, values] of pieces(PRESENT, digests)) {
      for (const row of await this.#db.all(sql, id, ...values)) found.push(repositoryBlobOf(row));
    }
    return found;
  }

  async findShared(digest: Digest, keyScope: string): Promise<BlobRow | undefined> {
    const row = await this.#db.get(FIND_SHARED, digest, keyScope);
    return row && blobOf(row);
  }

  async isNamed(digest: Digest, location: BlobLocation): Promise<boolean> {
    return (await this.#db.get(IS_NAMED, digest, location)) !== undefined;
  }

  async putShared(blob: Omit<BlobRow, "id" | "state">): Promise<BlobRow> {
    const { digest, keyScope, sizeBytes, location } = blob;
    const inserted = await this.#db.get(INSERT_SHARED, digest, keyScope, sizeBytes, location);
    if (inserted !== undefined) {
      await this.#db.run(COUNT_TOTAL, 1, sizeBytes);
      return blobOf(inserted);
    }
    const existing = blobOf(present(await this.#db.get(FIND_SHARED, digest, keyScope)));
    if (existing.sizeBytes !== sizeBytes) {
      throw new Error(`${digest} is stored with ${existing.sizeBytes} bytes and came with ${sizeBytes}`);
    }
    if (existing.state === "ready") return existing;
    return blobOf(present(await this.#db.get(REVIVE_SHARED, existing.id, location)));
  }

  async relocateShared(id: BlobRowId, location: BlobLocation): Promise<void> {
    await this.#db.run(RELOCATE_SHARED, id, location);
  }

  async link(id: RepositoryRowId, blob: BlobRowId, heldUntil: Date): Promise<void> {
    const ready = await this.#db.get(FIND_READY, blob);
    if (ready === undefined) throw new Error(`there is no ready blob with the row id ${blob}`);
    const digest = textOf(ready, "digest") as Digest;
    const linked = await this.#db.get(FIND_LINK, id, digest);
    if (linked === undefined) {
      await this.#db.run(INSERT_LINK, id, digest, blob, heldUntil.getTime());
      await this.#db.run(COUNT_LINK, blob, 1);
      return;
    }
    if (numberOf(linked, "blob_id") !== blob)
      throw new Error(`repository ${id} sees ${digest} under another key scope`);
    await this.hold(id, [digest], heldUntil);
  }

  async hold(id: RepositoryRowId, digests: readonly Digest[], heldUntil: Date): Promise<void> {
    for (const [sql, values] of pieces(HOLD, digests)) await this.#db.run(sql, id, heldUntil.getTime(), ...values);
  }

  async unlinkExpired(now: Date, limit: number): Promise<number> {
    const unlinked = await this.#db.all(UNLINK_EXPIRED, now.getTime(), limit);
    for (const row of unlinked) await this.#db.run(COUNT_LINK, numberOf(row, "blob_id"), -1);
    return unlinked.length;
  }

  async claimUnlinked(limit: number): Promise<BlobRow[]> {
    await this.#db.run(CLAIM_UNLINKED, limit);
    return (await this.#db.all(DELETING, limit)).map(blobOf);
  }

  async deleteShared(id: BlobRowId): Promise<void> {
    const deleted = await this.#db.get(DELETE_SHARED, id);
    if (deleted !== undefined) await this.#db.run(COUNT_TOTAL, -1, -numberOf(deleted, "size_bytes"));
  }
}

function blobOf(row: Row): BlobRow {
  return {
    id: numberOf(row, "id"),
    digest: textOf(row, "digest") as Digest,
    keyScope: textOf(row, "key_scope"),
    sizeBytes: numberOf(row, "size_bytes"),
    location: textOf(row, "location") as BlobLocation,
    state: textOf(row, "state") as BlobRow["state"],
  };
}

function repositoryBlobOf(row: Row): RepositoryBlob {
  return { ...blobOf(row), heldUntil: dateOf(row, "held_until") };
}
