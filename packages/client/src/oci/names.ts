import { isDigest, isTag, MAX_REPOSITORY_NAME_LENGTH } from "@stowage/model";
import { InvalidContentError } from "./failures.ts";

const NAME = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

/** Path of something in a repository. @throws InvalidContentError the name is no repository's */
export function pathOf(repository: string, rest: string): string {
  // Names of one letter are ECR's only exception.
  if (repository.length > MAX_REPOSITORY_NAME_LENGTH || !NAME.test(repository)) {
    throw new InvalidContentError(
      `No repository is named ${JSON.stringify(repository.slice(0, MAX_REPOSITORY_NAME_LENGTH))}`,
    );
  }
  return `/v2/${repository}/${rest}`;
}

/** @throws InvalidContentError neither a tag nor a digest */
export function manifestPath(repository: string, reference: string): string {
  if (isTag(reference) || isDigest(reference)) return pathOf(repository, `manifests/${reference}`);
  throw new InvalidContentError(
    `${JSON.stringify(reference.slice(0, MAX_REPOSITORY_NAME_LENGTH))} is neither a tag nor a digest`,
  );
}

export function pullScope(repository: string): string {
  return `repository:${repository}:pull`;
}

export function pushScope(repository: string): string {
  return `repository:${repository}:pull,push`;
}

export function deleteScope(repository: string): string {
  return `repository:${repository}:delete`;
}
