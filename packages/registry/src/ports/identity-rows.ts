import type { RegistryId } from "@stowage/model";
import type { RegistryKey, RepositoryRowId, ResourceTag } from "./repository-rows.ts";

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
  /** @returns false when there is no such key */
  delete(accessKeyId: string): Promise<boolean>;
}

/** A user, a group or a role of an account. */
export interface IdentityRow {
  /** `arn:aws:iam::ACCOUNT:user/PATH/NAME`; group and role likewise. */
  readonly arn: string;
  readonly accountId: RegistryId;
  readonly kind: "user" | "group" | "role";
  /** Unique in its account among those of its kind, whatever the path. */
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  /** `AIDA…`, `AGPA…` or `AROA…`: never given out twice. */
  readonly uniqueId: string;
  readonly createdAt: Date;
  readonly tags: readonly ResourceTag[];
  /** ARN of the managed policy that bounds what its policies allow; users and roles. */
  readonly boundaryArn?: string;
  /** Who may assume it; roles. */
  readonly trustPolicy?: string;
  /** Longest session; roles. */
  readonly maxSessionSeconds?: number;
}

/** A policy document under a name: managed by an account, or inline on one identity. */
export interface PolicyRow {
  readonly name: string;
  readonly text: string;
}

export interface ManagedPolicyRow extends PolicyRow {
  /** `arn:aws:iam::ACCOUNT:policy/PATH/NAME`. AWS's own policies have no rows. */
  readonly arn: string;
  readonly accountId: RegistryId;
  readonly path: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What decides about an identity, read in one go. */
export interface IdentityPolicies {
  readonly identity: IdentityRow;
  /** Inline policies of its own and of its groups; `owner` is the identity that has them. */
  readonly inline: readonly (PolicyRow & { readonly owner: string })[];
  /** ARNs of managed policies attached to it or to its groups; AWS's own among them. */
  readonly attached: readonly string[];
  /** Those of the attached policies and the boundary that are customer managed, by ARN. */
  readonly managed: readonly ManagedPolicyRow[];
}

export interface IdentityReads {
  find(arn: string): Promise<IdentityRow | undefined>;
  /** Whatever the case of the name: names differ by more than case. */
  findByName(account: RegistryId, kind: IdentityRow["kind"], name: string): Promise<IdentityRow | undefined>;
  /** By name in byte order, those after `after`, at most `limit`. */
  list(
    account: RegistryId,
    kind: IdentityRow["kind"],
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly IdentityRow[]>;
  count(account: RegistryId, kind: IdentityRow["kind"]): Promise<number>;
  groupsOf(userArn: string): Promise<readonly IdentityRow[]>;
  membersOf(groupArn: string): Promise<readonly IdentityRow[]>;
  inlinePolicies(arn: string): Promise<readonly PolicyRow[]>;
  attachedPolicies(arn: string): Promise<readonly string[]>;
  findPolicy(arn: string): Promise<ManagedPolicyRow | undefined>;
  /** By name in byte order. */
  listPolicies(account: RegistryId): Promise<readonly ManagedPolicyRow[]>;
  /** Identities that a managed policy is attached to or bounds; at most `limit`. */
  usersOfPolicy(arn: string, limit: number): Promise<readonly string[]>;
  policiesOf(arn: string): Promise<IdentityPolicies | undefined>;
}

/** Every write moves the access version on: see {@link AccessRows.version}. */
export interface IdentityWrites {
  insert(identity: IdentityRow): Promise<void>;
  /** Replaces what may change: tags, boundary, trust policy, longest session. */
  update(identity: IdentityRow): Promise<void>;
  /** Removes an identity with its inline policies, attachments, memberships and access keys. */
  delete(arn: string): Promise<void>;
  addMember(groupArn: string, userArn: string): Promise<void>;
  removeMember(groupArn: string, userArn: string): Promise<boolean>;
  putInlinePolicy(arn: string, policy: PolicyRow): Promise<void>;
  deleteInlinePolicy(arn: string, name: string): Promise<boolean>;
  attachPolicy(arn: string, policyArn: string): Promise<void>;
  detachPolicy(arn: string, policyArn: string): Promise<boolean>;
  putPolicy(policy: ManagedPolicyRow): Promise<void>;
  deletePolicy(arn: string): Promise<boolean>;
}

/** Credentials that end by themselves: of AssumeRole or GetSessionToken. */
export interface SessionRow {
  /** `ASIA…` */
  readonly accessKeyId: string;
  readonly accountId: RegistryId;
  readonly sealedSecret: Uint8Array;
  /** SHA-256 of the session token, in hexadecimal. */
  readonly tokenHash: string;
  /** What the session acts as: `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, or the user's ARN. */
  readonly principalArn: string;
  /** Identity whose policies count: the role's ARN, the user's, or the root's. */
  readonly identityArn: string;
  /** Unique id as GetCallerIdentity tells it: `AROA…:SESSION` or the user's. */
  readonly userId: string;
  /** Session policies, which only take away. */
  readonly policies: readonly PolicyRow[];
  /** Managed policies that act as session policies, by ARN. */
  readonly policyArns: readonly string[];
  readonly tags: readonly ResourceTag[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface SessionRows {
  find(accessKeyId: string): Promise<SessionRow | undefined>;
  insert(session: SessionRow): Promise<void>;
  /** @returns how many were removed, at most `limit` */
  deleteExpired(now: Date, limit: number): Promise<number>;
}

/** Takes back credentials that were given out before a moment. */
export interface RevocationRow {
  /** A principal by ARN (its sessions and tokens), an access key by id, or one token by the SHA-256 of its password. */
  readonly kind: "principal" | "accessKey" | "token";
  readonly subject: string;
  /** What was issued before is refused. */
  readonly before: Date;
  /** From when on it has nothing left to refuse. */
  readonly expiresAt: Date;
}

/** Policies of resources, and the number that tells whether what was concluded from rows still holds. */
export interface AccessReads {
  /**
   * Grows with every commit that may change a decision: identities, policies, keys, sessions, revocations, settings of accounts,
   * and the policies, tags and existence of repositories. What was computed under one version holds while it stays; reading it is cheap.
   */
  version(): Promise<number>;
  repositoryPolicy(id: RepositoryRowId): Promise<string | undefined>;
  registryPolicy(key: RegistryKey): Promise<string | undefined>;
  /** Revocations of these subjects. */
  revocations(subjects: readonly string[]): Promise<readonly RevocationRow[]>;
}

export interface AccessWrites {
  putRepositoryPolicy(id: RepositoryRowId, text: string): Promise<void>;
  deleteRepositoryPolicy(id: RepositoryRowId): Promise<boolean>;
  putRegistryPolicy(key: RegistryKey, text: string): Promise<void>;
  deleteRegistryPolicy(key: RegistryKey): Promise<boolean>;
  /** Replaces a revocation of the same kind and subject when the new one reaches further. */
  putRevocation(revocation: RevocationRow): Promise<void>;
  deleteExpiredRevocations(now: Date, limit: number): Promise<number>;
}
