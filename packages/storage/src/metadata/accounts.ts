import type { RegistryId } from "@stowage/model";
import type { AccessKeyRow, AccessKeyRows, AccountRow, AccountRows } from "@stowage/registry";
import { accessChanged } from "./access-version.ts";
import type { Executor, Row } from "./executor.ts";
import { bytesOf, dateOf, textOf } from "./executor.ts";

const FIND_ACCOUNT = `SELECT id, created_at FROM account WHERE id = ?1`;
const LIST_ACCOUNTS = `SELECT id, created_at FROM account ORDER BY id`;
const INSERT_ACCOUNT = `INSERT INTO account (id, created_at) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING`;

export class AccountStore implements AccountRows {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  async find(id: RegistryId): Promise<AccountRow | undefined> {
    const row = await this.#db.get(FIND_ACCOUNT, id);
    return row && accountOf(row);
  }

  async list(): Promise<AccountRow[]> {
    return (await this.#db.all(LIST_ACCOUNTS)).map(accountOf);
  }

  async insert(account: AccountRow): Promise<boolean> {
    return (await this.#db.run(INSERT_ACCOUNT, account.id, account.createdAt.getTime())) === 1;
  }
}

function accountOf(row: Row): AccountRow {
  return { id: textOf(row, "id") as RegistryId, createdAt: dateOf(row, "created_at") };
}

const KEY = `access_key_id, account_id, principal_arn, status, created_at, sealed_secret`;
const FIND_KEY = `SELECT ${KEY} FROM access_key WHERE access_key_id = ?1`;
const LIST_KEYS = `SELECT ${KEY} FROM access_key WHERE principal_arn = ?1 ORDER BY created_at, access_key_id`;
const INSERT_KEY = `INSERT INTO access_key (access_key_id, account_id, principal_arn, status, created_at, sealed_secret)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6)`;
const SET_KEY_STATUS = `UPDATE access_key SET status = ?2 WHERE access_key_id = ?1`;
const DELETE_KEY = `DELETE FROM access_key WHERE access_key_id = ?1`;

export class AccessKeyStore implements AccessKeyRows {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  async find(accessKeyId: string): Promise<AccessKeyRow | undefined> {
    const row = await this.#db.get(FIND_KEY, accessKeyId);
    return row && accessKeyOf(row);
  }

  async list(principalArn: string): Promise<AccessKeyRow[]> {
    return (await this.#db.all(LIST_KEYS, principalArn)).map(accessKeyOf);
  }

  async insert(key: AccessKeyRow): Promise<void> {
    await this.#db.run(
      INSERT_KEY,
      key.accessKeyId,
      key.accountId,
      key.principalArn,
      key.status,
      key.createdAt.getTime(),
      key.sealedSecret,
    );
    await accessChanged(this.#db);
  }

  async setStatus(accessKeyId: string, status: AccessKeyRow["status"]): Promise<boolean> {
    return accessChanged(this.#db, await this.#db.run(SET_KEY_STATUS, accessKeyId, status));
  }

  async delete(accessKeyId: string): Promise<boolean> {
    return accessChanged(this.#db, await this.#db.run(DELETE_KEY, accessKeyId));
  }
}

function accessKeyOf(row: Row): AccessKeyRow {
  return {
    accessKeyId: textOf(row, "access_key_id"),
    accountId: textOf(row, "account_id") as RegistryId,
    principalArn: textOf(row, "principal_arn"),
    sealedSecret: bytesOf(row, "sealed_secret"),
    status: textOf(row, "status") as AccessKeyRow["status"],
    createdAt: dateOf(row, "created_at"),
  };
}
