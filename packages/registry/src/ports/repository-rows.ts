import type { RegistryId, RepositoryName } from "@stowage/model";

/** A registry is an account's in a region. */
export interface RegistryKey {
  readonly registryId: RegistryId;
  readonly region: string;
}

/** Row id of a repository: never reused, so that a repository made anew under an old name shares nothing with it. */
export type RepositoryRowId = number;

export type TagMutability = "MUTABLE" | "IMMUTABLE" | "IMMUTABLE_WITH_EXCLUSION" | "MUTABLE_WITH_EXCLUSION";

export interface ExclusionFilter {
  readonly filterType: "WILDCARD";
  readonly filter: string;
}

export interface Encryption {
  readonly encryptionType: "AES256" | "KMS" | "KMS_DSSE";
  readonly kmsKey?: string;
}

export interface NewRepository {
  readonly key: RegistryKey;
  readonly name: RepositoryName;
  readonly createdAt: Date;
  readonly tagMutability: TagMutability;
  readonly exclusionFilters: readonly ExclusionFilter[];
  readonly scanOnPush: boolean;
  readonly encryption: Encryption;
}

export interface RepositoryRow extends NewRepository {
  readonly id: RepositoryRowId;
}

export interface ResourceTag {
  readonly key: string;
  readonly value: string;
}

export interface RepositoryReads {
  find(key: RegistryKey, name: RepositoryName): Promise<RepositoryRow | undefined>;
  /** By name in byte order, those after `after`, at most `limit`. */
  list(key: RegistryKey, page: { readonly after?: string; readonly limit: number }): Promise<readonly RepositoryRow[]>;
  count(key: RegistryKey): Promise<number>;
  /** By key in byte order. */
  resourceTags(id: RepositoryRowId): Promise<readonly ResourceTag[]>;
}

export interface RepositoryWrites {
  /** @returns undefined when the registry has a repository of this name */
  insert(repository: NewRepository): Promise<RepositoryRow | undefined>;
  /**
   * Removes the repository with all that belongs to it: tags, images, visibility of blobs, uploads, resource tags. From then on
   * nobody finds it; of a large one the rest goes by {@link purge}, so that no transaction takes as long as it is large.
   */
  delete(id: RepositoryRowId): Promise<void>;
  /** Removes what deleted repositories left: at most `limit` images, or blobs seen, of one of them. @returns how many */
  purge(limit: number): Promise<number>;
  setTagMutability(id: RepositoryRowId, mutability: TagMutability, filters: readonly ExclusionFilter[]): Promise<void>;
  setScanOnPush(id: RepositoryRowId, scanOnPush: boolean): Promise<void>;
  putResourceTag(id: RepositoryRowId, tag: ResourceTag): Promise<void>;
  deleteResourceTags(id: RepositoryRowId, keys: readonly string[]): Promise<void>;
}
