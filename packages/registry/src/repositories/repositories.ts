import {
  KmsException,
  RepositoryAlreadyExistsException,
  RepositoryNotEmptyException,
  type RepositoryName,
} from "@stowage/model";
import { limitExceeded, repositoryNotFound } from "../errors.ts";
import { exclusionFilters } from "../images/tag-mutability.ts";
import { cutPage, type Page, type PageRequest } from "../paging/page.ts";
import type { Metadata, MetadataReads } from "../ports/metadata.ts";
import type {
  Encryption,
  ExclusionFilter,
  RegistryKey,
  RepositoryRow,
  ResourceTag,
  TagMutability,
} from "../ports/repository-rows.ts";
import type { Clock } from "../ports/runtime.ts";
import type { Quotas } from "../quotas.ts";
import { checkResourceTagKeys, checkResourceTags, tooManyTags } from "./resource-tags.ts";

export interface CreateRepositoryInput {
  readonly name: RepositoryName;
  readonly tagMutability?: TagMutability;
  readonly exclusionFilters?: readonly ExclusionFilter[];
  readonly scanOnPush?: boolean;
  readonly encryption?: Encryption;
  readonly tags?: readonly ResourceTag[];
}

/** Finds a repository in a transaction or outside of one. @throws RepositoryNotFoundException */
export async function requireRepository(
  rows: Pick<MetadataReads, "repositories">,
  key: RegistryKey,
  name: RepositoryName,
): Promise<RepositoryRow> {
  const repository = await rows.repositories.find(key, name);
  if (repository === undefined) throw repositoryNotFound(key, name);
  return repository;
}

/** The repositories of every registry, with their settings and resource tags. */
export class Repositories {
  readonly #metadata: Metadata;
  readonly #clock: Clock;
  readonly #quotas: Quotas;

  constructor(metadata: Metadata, clock: Clock, quotas: Quotas) {
    this.#metadata = metadata;
    this.#clock = clock;
    this.#quotas = quotas;
  }

  /**
   * @throws RepositoryAlreadyExistsException the name is taken
   * @throws LimitExceededException the registry is full
   * @throws KmsException encryption under a key was asked for
   */
  async create(key: RegistryKey, input: CreateRepositoryInput): Promise<RepositoryRow> {
    const tagMutability = input.tagMutability ?? "MUTABLE";
    const filters = exclusionFilters(tagMutability, input.exclusionFilters);
    const encryption = input.encryption ?? { encryptionType: "AES256" };
    const tags = input.tags ?? [];
    if (encryption.encryptionType !== "AES256") throw keysUnavailable();
    checkResourceTags(tags);
    if (tags.length > this.#quotas.maxResourceTags) throw tooManyTags(this.#quotas.maxResourceTags);
    return this.#metadata.transaction(async (rows) => {
      if ((await rows.repositories.find(key, input.name)) !== undefined) throw alreadyExists(key, input.name);
      if ((await rows.repositories.count(key)) >= this.#quotas.maxRepositories) {
        throw limitExceeded("repositories in this registry", this.#quotas.maxRepositories);
      }
      const repository = await rows.repositories.insert({
        key,
        name: input.name,
        createdAt: this.#clock.now(),
        tagMutability,
        exclusionFilters: filters,
        scanOnPush: input.scanOnPush ?? false,
        encryption,
      });
      if (repository === undefined) throw alreadyExists(key, input.name);
      for (const tag of tags) await rows.repositories.putResourceTag(repository.id, tag);
      return repository;
    });
  }

  /** @throws RepositoryNotFoundException */
  find(key: RegistryKey, name: RepositoryName): Promise<RepositoryRow> {
    return requireRepository(this.#metadata, key, name);
  }

  /** In the order of the names. @throws RepositoryNotFoundException one of them is missing */
  async describe(key: RegistryKey, names: readonly RepositoryName[]): Promise<readonly RepositoryRow[]> {
    const found: RepositoryRow[] = [];
    for (const name of new Set(names)) found.push(await requireRepository(this.#metadata, key, name));
    return found;
  }

  /** By name in byte order. */
  async list(key: RegistryKey, page: PageRequest): Promise<Page<RepositoryRow>> {
    const rows = await this.#metadata.repositories.list(key, { ...page, limit: page.limit + 1 });
    return cutPage(rows, page.limit, (last) => last.name);
  }

  /** @throws RepositoryNotEmptyException it holds images and `force` is not set */
  delete(key: RegistryKey, name: RepositoryName, options: { readonly force: boolean }): Promise<RepositoryRow> {
    return this.#metadata.transaction(async (rows) => {
      const repository = await requireRepository(rows, key, name);
      if (!options.force && (await rows.images.count(repository.id)) > 0) {
        throw new RepositoryNotEmptyException(
          `The repository with name '${name}' in registry with id '${key.registryId}' cannot be deleted ` +
            `because it still contains images`,
        );
      }
      await rows.repositories.delete(repository.id);
      return repository;
    });
  }

  /** Tags that stand keep standing where they are; the mode decides on moves from now on. */
  putTagMutability(
    key: RegistryKey,
    name: RepositoryName,
    mutability: TagMutability,
    filters: readonly ExclusionFilter[] | undefined,
  ): Promise<RepositoryRow> {
    const kept = exclusionFilters(mutability, filters);
    return this.#metadata.transaction(async (rows) => {
      const repository = await requireRepository(rows, key, name);
      await rows.repositories.setTagMutability(repository.id, mutability, kept);
      return { ...repository, tagMutability: mutability, exclusionFilters: kept };
    });
  }

  putScanOnPush(key: RegistryKey, name: RepositoryName, scanOnPush: boolean): Promise<RepositoryRow> {
    return this.#metadata.transaction(async (rows) => {
      const repository = await requireRepository(rows, key, name);
      await rows.repositories.setScanOnPush(repository.id, scanOnPush);
      return { ...repository, scanOnPush };
    });
  }

  async resourceTags(key: RegistryKey, name: RepositoryName): Promise<readonly ResourceTag[]> {
    const repository = await requireRepository(this.#metadata, key, name);
    return this.#metadata.repositories.resourceTags(repository.id);
  }

  /** Sets tags; equal keys get the new value. @throws TooManyTagsException and changes nothing */
  tagResource(key: RegistryKey, name: RepositoryName, tags: readonly ResourceTag[]): Promise<void> {
    checkResourceTags(tags);
    return this.#metadata.transaction(async (rows) => {
      const repository = await requireRepository(rows, key, name);
      for (const tag of tags) await rows.repositories.putResourceTag(repository.id, tag);
      const held = await rows.repositories.resourceTags(repository.id);
      if (held.length > this.#quotas.maxResourceTags) throw tooManyTags(this.#quotas.maxResourceTags);
    });
  }

  /** Keys that are not there are passed over. */
  untagResource(key: RegistryKey, name: RepositoryName, keys: readonly string[]): Promise<void> {
    checkResourceTagKeys(keys);
    return this.#metadata.transaction(async (rows) => {
      const repository = await requireRepository(rows, key, name);
      await rows.repositories.deleteResourceTags(repository.id, keys);
    });
  }
}

function alreadyExists(key: RegistryKey, name: string): RepositoryAlreadyExistsException {
  return new RepositoryAlreadyExistsException(
    `The repository with name '${name}' already exists in the registry with id '${key.registryId}'`,
  );
}

/** Better no repository than one whose bytes lie unencrypted although a key was named. */
function keysUnavailable(): KmsException {
  return new KmsException("Encryption under a KMS key is not available in this installation; nothing was stored", {
    kmsError: "KmsUnavailable",
  });
}
