import type { AccessReads, AccessWrites, RegistryKey, RepositoryRowId, RevocationRow } from "@stowage/registry";
import { accessChanged, accessVersion } from "./access-version.ts";
import type { Executor, Row } from "./executor.ts";
import { dateOf, listQuery, pieces, textOf } from "./executor.ts";

const REPOSITORY_POLICY = `SELECT text FROM repository_policy WHERE repository_id = ?1`;
const PUT_REPOSITORY_POLICY = `INSERT INTO repository_policy (repository_id, text) VALUES (?1, ?2)
  ON CONFLICT (repository_id) DO UPDATE SET text = excluded.text`;
const DELETE_REPOSITORY_POLICY = `DELETE FROM repository_policy WHERE repository_id = ?1`;

const REGISTRY_POLICY = `SELECT text FROM registry_policy WHERE registry_id = ?1 AND region = ?2`;
const PUT_REGISTRY_POLICY = `INSERT INTO registry_policy (registry_id, region, text) VALUES (?1, ?2, ?3)
  ON CONFLICT (registry_id, region) DO UPDATE SET text = excluded.text`;
const DELETE_REGISTRY_POLICY = `DELETE FROM registry_policy WHERE registry_id = ?1 AND region = ?2`;

const REVOCATIONS = listQuery(
  1,
  (subjects) => `SELECT kind, subject, before, expires_at FROM revocation WHERE subject IN (${subjects})`,
);
/** Each moment only ever moves on: neither may a later revocation of less take back an earlier one. */
const PUT_REVOCATION = `INSERT INTO revocation (subject, kind, before, expires_at) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (subject, kind) DO UPDATE SET
    before = CASE WHEN excluded.before > revocation.before THEN excluded.before ELSE revocation.before END,
    expires_at = CASE WHEN excluded.expires_at > revocation.expires_at THEN excluded.expires_at
      ELSE revocation.expires_at END
  WHERE excluded.before > revocation.before OR excluded.expires_at > revocation.expires_at`;
const DELETE_EXPIRED_REVOCATIONS = `DELETE FROM revocation WHERE (subject, kind) IN (
    SELECT subject, kind FROM revocation WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)`;

export class AccessStore implements AccessReads, AccessWrites {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  version(): Promise<number> {
    return accessVersion(this.#db);
  }

  async repositoryPolicy(id: RepositoryRowId): Promise<string | undefined> {
    const row = await this.#db.get(REPOSITORY_POLICY, id);
    return row && textOf(row, "text");
  }

  async putRepositoryPolicy(id: RepositoryRowId, text: string): Promise<void> {
    await this.#db.run(PUT_REPOSITORY_POLICY, id, text);
    await accessChanged(this.#db);
  }

  async deleteRepositoryPolicy(id: RepositoryRowId): Promise<boolean> {
    return accessChanged(this.#db, await this.#db.run(DELETE_REPOSITORY_POLICY, id));
  }

  async registryPolicy(key: RegistryKey): Promise<string | undefined> {
    const row = await this.#db.get(REGISTRY_POLICY, key.registryId, key.region);
    return row && textOf(row, "text");
  }

  async putRegistryPolicy(key: RegistryKey, text: string): Promise<void> {
    await this.#db.run(PUT_REGISTRY_POLICY, key.registryId, key.region, text);
    await accessChanged(this.#db);
  }

  async deleteRegistryPolicy(key: RegistryKey): Promise<boolean> {
    return accessChanged(this.#db, await this.#db.run(DELETE_REGISTRY_POLICY, key.registryId, key.region));
  }

  async revocations(subjects: readonly string[]): Promise<RevocationRow[]> {
    const found: RevocationRow[] = [];
    for (const [sql, values] of pieces(REVOCATIONS, subjects)) {
      for (const row of await this.#db.all(sql, ...values)) found.push(revocationOf(row));
    }
    return found;
  }

  async putRevocation({ kind, subject, before, expiresAt }: RevocationRow): Promise<void> {
    const rows = await this.#db.run(PUT_REVOCATION, subject, kind, before.getTime(), expiresAt.getTime());
    await accessChanged(this.#db, rows);
  }

  /** What has nothing left to refuse decides nothing: the version stays. */
  async deleteExpiredRevocations(now: Date, limit: number): Promise<number> {
    return this.#db.run(DELETE_EXPIRED_REVOCATIONS, now.getTime(), limit);
  }
}

function revocationOf(row: Row): RevocationRow {
  return {
    kind: textOf(row, "kind") as RevocationRow["kind"],
    subject: textOf(row, "subject"),
    before: dateOf(row, "before"),
    expiresAt: dateOf(row, "expires_at"),
  };
}
