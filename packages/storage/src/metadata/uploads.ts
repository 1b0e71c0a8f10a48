import type { UploadId } from "@stowage/model";
import type { UploadProgress, UploadReads, UploadRow, UploadWrites } from "@stowage/registry";
import type { Executor, Row } from "./executor.ts";
import { dateOf, isNull, numberOf, textOf } from "./executor.ts";

const FIND = `SELECT id, repository_id, principal, received_bytes, part_count, last_part_bytes, has_small_part,
  started_at, expires_at, lease_owner, lease_until FROM upload WHERE id = ?1`;
const INSERT = `INSERT INTO upload (id, repository_id, principal, received_bytes, part_count, last_part_bytes,
    has_small_part, started_at, expires_at, lease_owner, lease_until)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`;
const LEASE = `UPDATE upload SET lease_owner = ?2, lease_until = ?3
  WHERE id = ?1 AND (lease_owner IS NULL OR lease_owner = ?2 OR lease_until <= ?4)`;
const ADVANCE = `UPDATE upload SET received_bytes = ?3, part_count = ?4, last_part_bytes = ?5,
    has_small_part = ?6, lease_owner = NULL, lease_until = NULL
  WHERE id = ?1 AND lease_owner = ?2`;
/** Goes through all open uploads; done once when a process starts. */
const RELEASE_LEASES = `UPDATE upload SET lease_owner = NULL, lease_until = NULL WHERE lease_owner IS NOT NULL`;
const DELETE = `DELETE FROM upload WHERE id = ?1`;
const DELETE_EXPIRED = `DELETE FROM upload WHERE id IN (
    SELECT id FROM upload WHERE expires_at <= ?1 AND (lease_until IS NULL OR lease_until <= ?1)
    ORDER BY expires_at LIMIT ?2)
  RETURNING id`;

export class UploadStore implements UploadReads, UploadWrites {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  async find(id: UploadId): Promise<UploadRow | undefined> {
    const row = await this.#db.get(FIND, id);
    return row && uploadOf(row);
  }

  async insert(upload: UploadRow): Promise<void> {
    await this.#db.run(
      INSERT,
      upload.id,
      upload.repositoryId,
      upload.principal,
      upload.receivedBytes,
      upload.partCount,
      upload.lastPartBytes,
      upload.hasSmallPart ? 1 : 0,
      upload.startedAt.getTime(),
      upload.expiresAt.getTime(),
      upload.lease?.owner ?? null,
      upload.lease?.until.getTime() ?? null,
    );
  }

  async lease(id: UploadId, lease: { readonly owner: string; readonly until: Date }, now: Date): Promise<boolean> {
    return (await this.#db.run(LEASE, id, lease.owner, lease.until.getTime(), now.getTime())) === 1;
  }

  async advance(id: UploadId, owner: string, progress: UploadProgress): Promise<boolean> {
    const { receivedBytes, partCount, lastPartBytes, hasSmallPart } = progress;
    const smallPart = hasSmallPart ? 1 : 0;
    return (await this.#db.run(ADVANCE, id, owner, receivedBytes, partCount, lastPartBytes, smallPart)) === 1;
  }

  async releaseLeases(): Promise<number> {
    return this.#db.run(RELEASE_LEASES);
  }

  async delete(id: UploadId): Promise<void> {
    await this.#db.run(DELETE, id);
  }

  async deleteExpired(now: Date, limit: number): Promise<UploadId[]> {
    const rows = await this.#db.all(DELETE_EXPIRED, now.getTime(), limit);
    return rows.map(idOf);
  }
}

function idOf(row: Row): UploadId {
  return textOf(row, "id") as UploadId;
}

function uploadOf(row: Row): UploadRow {
  return {
    id: idOf(row),
    repositoryId: numberOf(row, "repository_id"),
    principal: textOf(row, "principal"),
    receivedBytes: numberOf(row, "received_bytes"),
    partCount: numberOf(row, "part_count"),
    lastPartBytes: numberOf(row, "last_part_bytes"),
    hasSmallPart: numberOf(row, "has_small_part") === 1,
    startedAt: dateOf(row, "started_at"),
    expiresAt: dateOf(row, "expires_at"),
    ...(isNull(row, "lease_owner")
      ? {}
      : { lease: { owner: textOf(row, "lease_owner"), until: dateOf(row, "lease_until") } }),
  };
}
