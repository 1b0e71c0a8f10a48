import { randomInt } from "node:crypto";
import { AccessKeyNotFoundException, LimitExceededException, type RegistryId } from "@stowage/model";
import type { AccessKeyRow, AccessKeyRows, Clock, Metadata, MetadataTransaction, Principal } from "@stowage/registry";

/** Most access keys of one identity. */
export const MAX_ACCESS_KEYS = 10;
/** Secrets that are held in memory, those used last. */
const MAX_CACHED_KEYS = 1024;

const ACCESS_KEY_ID_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECRET_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Encrypts under the master key; `context` must be the same when opening. */
export interface Sealer {
  seal(plain: Uint8Array, context: string): Uint8Array;
  /** @throws the bytes were not sealed under this key and context */
  open(sealed: Uint8Array, context: string): Uint8Array;
}

export interface KnownKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly status: AccessKeyRow["status"];
  readonly createdAt: Date;
  readonly principal: Principal;
}

export type AccessKeySummary = Pick<AccessKeyRow, "accessKeyId" | "status" | "createdAt">;

/** Accounts and their access keys. Until users exist, every key is the root's of its account. */
export interface Identities {
  /** Grows with every change of a key. What was concluded from keys holds while this stays. */
  readonly version: number;
  find(accessKeyId: string): Promise<KnownKey | undefined>;
  /** The oldest active key of an account. */
  activeKey(account: RegistryId): Promise<KnownKey | undefined>;
  /** Makes the account and its first key unless they are there. @returns whether the account is new */
  ensureAccount(account: RegistryId): Promise<boolean>;
  /** Oldest first. */
  list(account: RegistryId): Promise<readonly AccessKeySummary[]>;
  /** @throws LimitExceededException the account has {@link MAX_ACCESS_KEYS} */
  create(account: RegistryId): Promise<KnownKey>;
  /** @throws AccessKeyNotFoundException @throws LimitExceededException it would leave no active key */
  setStatus(account: RegistryId, accessKeyId: string, status: AccessKeyRow["status"]): Promise<void>;
  /** @throws AccessKeyNotFoundException @throws LimitExceededException it would leave no active key */
  delete(account: RegistryId, accessKeyId: string): Promise<void>;
}

export function rootArn(account: RegistryId): string {
  return `arn:aws:iam::${account}:root`;
}

export function rootPrincipal(account: RegistryId, accessKeyId?: string): Principal {
  const arn = rootArn(account);
  const principal = { kind: "root", accountId: account, arn, userId: account, identityArn: arn } as const;
  return accessKeyId === undefined ? principal : { ...principal, accessKeyId };
}

export interface IdentityParts {
  readonly metadata: Pick<Metadata, "accessKeys" | "transaction">;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

export function createIdentities(parts: IdentityParts): Identities {
  return new StoredIdentities(parts);
}

class StoredIdentities implements Identities {
  version = 0;
  private readonly parts: IdentityParts;
  private readonly known = new Map<string, KnownKey>();

  constructor(parts: IdentityParts) {
    this.parts = parts;
  }

  async find(accessKeyId: string): Promise<KnownKey | undefined> {
    const cached = this.known.get(accessKeyId);
    if (cached !== undefined) return cached;
    const before = this.version;
    const row = await this.parts.metadata.accessKeys.find(accessKeyId);
    if (row === undefined) return undefined;
    const secret = this.parts.sealer.open(row.sealedSecret, sealContext(accessKeyId));
    const key = knownKey(row, decoder.decode(secret));
    // Not when a key changed meanwhile: the row may be older than the change.
    if (before === this.version) this.keep(key);
    return key;
  }

  async activeKey(account: RegistryId): Promise<KnownKey | undefined> {
    const rows = await this.parts.metadata.accessKeys.list(rootArn(account));
    const row = rows.find(({ status }) => status === "Active");
    return row === undefined ? undefined : this.find(row.accessKeyId);
  }

  ensureAccount(account: RegistryId): Promise<boolean> {
    return this.change(async (rows) => {
      const isNew = await rows.accounts.insert({ id: account, createdAt: this.parts.clock.now() });
      if ((await rows.accessKeys.list(rootArn(account))).length === 0) await this.insert(rows, account);
      return isNew;
    });
  }

  async list(account: RegistryId): Promise<readonly AccessKeySummary[]> {
    const rows = await this.parts.metadata.accessKeys.list(rootArn(account));
    return rows.map(({ accessKeyId, status, createdAt }) => ({ accessKeyId, status, createdAt }));
  }

  create(account: RegistryId): Promise<KnownKey> {
    return this.change(async (rows) => {
      if ((await rows.accessKeys.list(rootArn(account))).length >= MAX_ACCESS_KEYS) {
        throw new LimitExceededException(`An identity may have at most ${MAX_ACCESS_KEYS} access keys.`);
      }
      // Under `--open` callers come from accounts that nobody made.
      await rows.accounts.insert({ id: account, createdAt: this.parts.clock.now() });
      return this.insert(rows, account);
    });
  }

  setStatus(account: RegistryId, accessKeyId: string, status: AccessKeyRow["status"]): Promise<void> {
    return this.change(async (rows) => {
      await requireKey(rows.accessKeys, { account, accessKeyId, keepsActive: status === "Active" });
      await rows.accessKeys.setStatus(accessKeyId, status);
    });
  }

  delete(account: RegistryId, accessKeyId: string): Promise<void> {
    return this.change(async (rows) => {
      await requireKey(rows.accessKeys, { account, accessKeyId, keepsActive: false });
      await rows.accessKeys.delete(accessKeyId);
    });
  }

  private async change<T>(work: (rows: MetadataTransaction) => Promise<T>): Promise<T> {
    try {
      return await this.parts.metadata.transaction(work);
    } finally {
      // Also after a failure: a commit whose flush failed may be visible.
      this.version += 1;
      this.known.clear();
    }
  }

  private async insert(rows: MetadataTransaction, account: RegistryId): Promise<KnownKey> {
    const accessKeyId = `AKIA${randomText(ACCESS_KEY_ID_CHARS, 16)}`;
    const secretAccessKey = randomText(SECRET_CHARS, 40);
    const row: AccessKeyRow = {
      accessKeyId,
      accountId: account,
      principalArn: rootArn(account),
      sealedSecret: this.parts.sealer.seal(encoder.encode(secretAccessKey), sealContext(accessKeyId)),
      status: "Active",
      createdAt: this.parts.clock.now(),
    };
    await rows.accessKeys.insert(row);
    return knownKey(row, secretAccessKey);
  }

  private keep(key: KnownKey): void {
    if (this.known.size >= MAX_CACHED_KEYS) this.known.clear();
    this.known.set(key.accessKeyId, key);
  }
}

/** Nobody may lock everybody out: a key can go only while another one is active. */
async function requireKey(
  rows: AccessKeyRows,
  asked: { readonly account: RegistryId; readonly accessKeyId: string; readonly keepsActive: boolean },
): Promise<void> {
  const keys = await rows.list(rootArn(asked.account));
  const key = keys.find(({ accessKeyId }) => accessKeyId === asked.accessKeyId);
  if (key === undefined) {
    throw new AccessKeyNotFoundException(`The access key with id '${asked.accessKeyId}' does not exist.`);
  }
  if (asked.keepsActive || key.status === "Inactive") return;
  if (keys.filter(({ status }) => status === "Active").length > 1) return;
  throw new LimitExceededException("An account must keep at least one active access key. Create another one first.");
}

function knownKey(row: AccessKeyRow, secretAccessKey: string): KnownKey {
  const { accessKeyId, status, createdAt, accountId } = row;
  return { accessKeyId, secretAccessKey, status, createdAt, principal: rootPrincipal(accountId, accessKeyId) };
}

/** What the secret of an access key is sealed for. */
export function sealContext(accessKeyId: string): string {
  return `access-key:${accessKeyId}`;
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}
