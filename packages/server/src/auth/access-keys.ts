import {
  AccessKeyNotFoundException,
  LimitExceededException,
  NoSuchEntityException,
  type RegistryId,
} from "@stowage/model";
import {
  MAX_USER_ACCESS_KEYS,
  quotaExceeded,
  userPrincipal,
  VersionedCache,
  type AccessKeyRow,
  type AccessKeyRows,
  type Clock,
  type Metadata,
  type MetadataTransaction,
  type Principal,
} from "@stowage/registry";
import { newAccessKeyId, newSecret } from "./random-text.ts";

/** Most access keys of an account's root. */
export const MAX_ROOT_ACCESS_KEYS = 10;
/** Secrets that are held in memory. */
const CACHE_LIMITS = { maxEntries: 1024, maxWeight: 1024 };

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

/** Whose keys: a user, or the root of an account. */
export interface KeyOwner {
  readonly account: RegistryId;
  readonly arn: string;
}

/** Accounts, and the access keys of their roots and users. */
export interface AccessKeys {
  /** The key with its secret, of whatever status. */
  find(accessKeyId: string): Promise<KnownKey | undefined>;
  /** The oldest active key of an account's root. */
  activeKey(account: RegistryId): Promise<KnownKey | undefined>;
  /** Makes the account and its first key unless they are there. @returns whether the account is new */
  ensureAccount(account: RegistryId): Promise<boolean>;
  /** Oldest first. */
  list(owner: KeyOwner): Promise<readonly AccessKeySummary[]>;
  /** @throws LimitExceededException the owner has {@link MAX_ROOT_ACCESS_KEYS} or {@link MAX_USER_ACCESS_KEYS} */
  create(owner: KeyOwner): Promise<KnownKey>;
  /** @throws AccessKeyNotFoundException @throws LimitExceededException it would leave a root no active key */
  setStatus(owner: KeyOwner, accessKeyId: string, status: AccessKeyRow["status"]): Promise<void>;
  /** @throws AccessKeyNotFoundException @throws LimitExceededException it would leave a root no active key */
  delete(owner: KeyOwner, accessKeyId: string): Promise<void>;
}

export function rootArn(account: RegistryId): string {
  return `arn:aws:iam::${account}:root`;
}

export function rootOwner(account: RegistryId): KeyOwner {
  return { account, arn: rootArn(account) };
}

export function rootPrincipal(account: RegistryId, accessKeyId?: string): Principal {
  const arn = rootArn(account);
  const principal = { kind: "root", accountId: account, arn, userId: account, identityArn: arn } as const;
  return accessKeyId === undefined ? principal : { ...principal, accessKeyId };
}

export interface AccessKeyParts {
  readonly metadata: Pick<Metadata, "access" | "accessKeys" | "identities" | "transaction">;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

export function createAccessKeys(parts: AccessKeyParts): AccessKeys {
  return new StoredAccessKeys(parts);
}

class StoredAccessKeys implements AccessKeys {
  private readonly parts: AccessKeyParts;
  private readonly known = new VersionedCache<KnownKey>(CACHE_LIMITS);

  constructor(parts: AccessKeyParts) {
    this.parts = parts;
  }

  async find(accessKeyId: string): Promise<KnownKey | undefined> {
    const { metadata } = this.parts;
    const version = await metadata.access.version();
    const cached = this.known.find(accessKeyId, version);
    if (cached !== undefined) return cached;
    const row = await metadata.accessKeys.find(accessKeyId);
    const key = row && (await this.open(row));
    if (key !== undefined) this.known.keep(accessKeyId, version, { value: key, weight: 1 });
    return key;
  }

  async activeKey(account: RegistryId): Promise<KnownKey | undefined> {
    const rows = await this.parts.metadata.accessKeys.list(rootArn(account));
    const row = rows.find(({ status }) => status === "Active");
    return row === undefined ? undefined : this.find(row.accessKeyId);
  }

  ensureAccount(account: RegistryId): Promise<boolean> {
    return this.parts.metadata.transaction(async (rows) => {
      const isNew = await rows.accounts.insert({ id: account, createdAt: this.parts.clock.now() });
      if ((await rows.accessKeys.list(rootArn(account))).length === 0) await this.insert(rows, rootOwner(account));
      return isNew;
    });
  }

  async list(owner: KeyOwner): Promise<readonly AccessKeySummary[]> {
    const rows = await this.parts.metadata.accessKeys.list(owner.arn);
    return rows.map(({ accessKeyId, status, createdAt }) => ({ accessKeyId, status, createdAt }));
  }

  create(owner: KeyOwner): Promise<KnownKey> {
    return this.parts.metadata.transaction(async (rows) => {
      const held = (await rows.accessKeys.list(owner.arn)).length;
      if (isRoot(owner)) {
        if (held >= MAX_ROOT_ACCESS_KEYS) throw quotaExceeded("AccessKeysPerRoot", MAX_ROOT_ACCESS_KEYS);
        // Under `--open` callers come from accounts that nobody made.
        await rows.accounts.insert({ id: owner.account, createdAt: this.parts.clock.now() });
      } else if (held >= MAX_USER_ACCESS_KEYS) throw quotaExceeded("AccessKeysPerUser", MAX_USER_ACCESS_KEYS);
      return this.insert(rows, owner);
    });
  }

  setStatus(owner: KeyOwner, accessKeyId: string, status: AccessKeyRow["status"]): Promise<void> {
    return this.parts.metadata.transaction(async (rows) => {
      await requireKey(rows.accessKeys, { owner, accessKeyId, keepsActive: status === "Active" });
      await rows.accessKeys.setStatus(accessKeyId, status);
    });
  }

  delete(owner: KeyOwner, accessKeyId: string): Promise<void> {
    return this.parts.metadata.transaction(async (rows) => {
      await requireKey(rows.accessKeys, { owner, accessKeyId, keepsActive: false });
      await rows.accessKeys.delete(accessKeyId);
    });
  }

  private async insert(rows: MetadataTransaction, owner: KeyOwner): Promise<KnownKey> {
    const accessKeyId = newAccessKeyId("AKIA");
    const secretAccessKey = newSecret();
    const row: AccessKeyRow = {
      accessKeyId,
      accountId: owner.account,
      principalArn: owner.arn,
      sealedSecret: this.parts.sealer.seal(encoder.encode(secretAccessKey), sealContext(accessKeyId)),
      status: "Active",
      createdAt: this.parts.clock.now(),
    };
    const principal = await principalOf(rows, row);
    if (principal === undefined) throw new NoSuchEntityException(`There is no user ${owner.arn}.`);
    await rows.accessKeys.insert(row);
    return knownKey(row, principal, secretAccessKey);
  }

  private async open(row: AccessKeyRow): Promise<KnownKey | undefined> {
    const principal = await principalOf(this.parts.metadata, row);
    if (principal === undefined) return undefined;
    const secret = this.parts.sealer.open(row.sealedSecret, sealContext(row.accessKeyId));
    return knownKey(row, principal, decoder.decode(secret));
  }
}

function isRoot({ account, arn }: KeyOwner): boolean {
  return arn === rootArn(account);
}

/** Nobody may lock everybody out: a root's key can go only while another one is active. */
async function requireKey(
  rows: AccessKeyRows,
  asked: { readonly owner: KeyOwner; readonly accessKeyId: string; readonly keepsActive: boolean },
): Promise<void> {
  const keys = await rows.list(asked.owner.arn);
  const key = keys.find(({ accessKeyId }) => accessKeyId === asked.accessKeyId);
  if (key === undefined) {
    throw new AccessKeyNotFoundException(`The access key with id '${asked.accessKeyId}' does not exist.`);
  }
  if (asked.keepsActive || key.status === "Inactive" || !isRoot(asked.owner)) return;
  if (keys.filter(({ status }) => status === "Active").length > 1) return;
  throw new LimitExceededException("An account must keep at least one active access key. Create another one first.");
}

/** Who signs with a key; undefined when the user is gone. */
async function principalOf(rows: Pick<Metadata, "identities">, row: AccessKeyRow): Promise<Principal | undefined> {
  const { accountId, principalArn, accessKeyId } = row;
  if (principalArn === rootArn(accountId)) return rootPrincipal(accountId, accessKeyId);
  const user = await rows.identities.find(principalArn);
  return user && { ...userPrincipal(user), accessKeyId };
}

function knownKey(row: AccessKeyRow, principal: Principal, secretAccessKey: string): KnownKey {
  const { accessKeyId, status, createdAt } = row;
  return { accessKeyId, secretAccessKey, status, createdAt, principal };
}

/** What the secret of an access key is sealed for. */
export function sealContext(accessKeyId: string): string {
  return `access-key:${accessKeyId}`;
}
