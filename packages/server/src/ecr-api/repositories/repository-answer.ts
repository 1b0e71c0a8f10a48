import { repositoryArn, type Repository } from "@stowage/model";
import type { RepositoryRow } from "@stowage/registry";
import type { Addresses } from "../../auth/addresses.ts";

/** A repository as answers hold it: eight members always, exclusion filters only in the modes that have them. */
export function repositoryAnswer(addresses: Addresses, row: RepositoryRow, host: string): Repository {
  const { encryptionType, kmsKey } = row.encryption;
  return {
    repositoryArn: repositoryArn({ ...row.key, repositoryName: row.name }),
    registryId: row.key.registryId,
    repositoryName: row.name,
    repositoryUri: addresses.repositoryUri(row.key, row.name, host),
    createdAt: row.createdAt,
    imageTagMutability: row.tagMutability,
    ...exclusionFiltersAnswer(row),
    imageScanningConfiguration: { scanOnPush: row.scanOnPush },
    encryptionConfiguration: { encryptionType, kmsKey },
  };
}

export function exclusionFiltersAnswer(row: RepositoryRow): Pick<Repository, "imageTagMutabilityExclusionFilters"> {
  return row.exclusionFilters.length === 0 ? {} : { imageTagMutabilityExclusionFilters: row.exclusionFilters };
}
