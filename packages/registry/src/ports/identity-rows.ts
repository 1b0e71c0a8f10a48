import type { RegistryId } from "@stowage/model";

export interface AccountRow {
  readonly id: RegistryId;
  readonly createdAt: Date;
}

export interface AccountRows {
  find(id: RegistryId): Promise<AccountRow | undefined>;
  list(): Promise<readonly AccountRow[]>;
  /** @returns false when the account was there */
  insert(account: AccountRow): Promise<boolean>;
}

/** An access key; its secret is sealed under the master key. */
export interface AccessKeyRow {
  readonly accessKeyId: string;
  readonly accountId: RegistryId;
  /** ARN of the identity that the key belongs to; `arn:aws:iam::ACCOUNT:root` for the account itself. */
  readonly principalArn: string;
  readonly sealedSecret: Uint8Array;
  readonly status: "Active" | "Inactive";
  readonly createdAt: Date;
}

export interface AccessKeyRows {
  find(accessKeyId: string): Promise<AccessKeyRow | undefined>;
  /** Keys of an identity, oldest first. */
  list(principalArn: string): Promise<readonly AccessKeyRow[]>;
  insert(key: AccessKeyRow): Promise<void>;
  /** @returns false when there is no such key */
  setStatus(accessKeyId: string, status: AccessKeyRow["status"]): Promise<boolean>;
  /** @returns false when there was no such key */
  delete(accessKeyId: string): Promise<boolean>;
}
