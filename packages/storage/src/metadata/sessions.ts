import type { RegistryId } from "@stowage/model";
import type { PolicyRow, ResourceTag, SessionRow, SessionRows } from "@stowage/registry";
import { accessChanged } from "./access-version.ts";
import type { Executor, Row } from "./executor.ts";
import { bytesOf, dateOf, textOf } from "./executor.ts";

const FIND = `SELECT access_key_id, account_id, sealed_secret, token_hash, principal_arn, identity_arn, user_id, policies,
  policy_arns, tags, created_at, expires_at FROM session WHERE access_key_id = ?1`;
const INSERT = `INSERT INTO session (access_key_id, account_id, sealed_secret, token_hash, principal_arn, identity_arn,
    user_id, policies, policy_arns, tags, created_at, expires_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`;
const DELETE_EXPIRED = `DELETE FROM session WHERE access_key_id IN (
    SELECT access_key_id FROM session WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)`;

export class SessionStore implements SessionRows {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  async find(accessKeyId: string): Promise<SessionRow | undefined> {
    const row = await this.#db.get(FIND, accessKeyId);
    return row && sessionOf(row);
  }

  async insert(session: SessionRow): Promise<void> {
    await this.#db.run(
      INSERT,
      session.accessKeyId,
      session.accountId,
      session.sealedSecret,
      session.tokenHash,
      session.principalArn,
      session.identityArn,
      session.userId,
      JSON.stringify(session.policies),
      JSON.stringify(session.policyArns),
      JSON.stringify(session.tags),
      session.createdAt.getTime(),
      session.expiresAt.getTime(),
    );
    await accessChanged(this.#db);
  }

  /** Expired sessions are refused whether they are there or not: the version stays. */
  async deleteExpired(now: Date, limit: number): Promise<number> {
    return this.#db.run(DELETE_EXPIRED, now.getTime(), limit);
  }
}

function sessionOf(row: Row): SessionRow {
  return {
    accessKeyId: textOf(row, "access_key_id"),
    accountId: textOf(row, "account_id") as RegistryId,
    sealedSecret: bytesOf(row, "sealed_secret"),
    tokenHash: textOf(row, "token_hash"),
    principalArn: textOf(row, "principal_arn"),
    identityArn: textOf(row, "identity_arn"),
    userId: textOf(row, "user_id"),
    policies: JSON.parse(textOf(row, "policies")) as readonly PolicyRow[],
    policyArns: JSON.parse(textOf(row, "policy_arns")) as readonly string[],
    tags: JSON.parse(textOf(row, "tags")) as readonly ResourceTag[],
    createdAt: dateOf(row, "created_at"),
    expiresAt: dateOf(row, "expires_at"),
  };
}
