import type { Branded } from "../names/brand.ts";

/** The name of a repository: lower-case path components joined by slashes, 2 to 256 characters. */
export type RepositoryName = Branded<"RepositoryName">;

export const MIN_REPOSITORY_NAME_LENGTH = 2;
export const MAX_REPOSITORY_NAME_LENGTH = 256;

const REPOSITORY_NAME = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

/** Source: distribution-spec, pulling manifests; the lengths are ECR's. */
export function isRepositoryName(text: string): text is RepositoryName {
  if (text.length < MIN_REPOSITORY_NAME_LENGTH || text.length > MAX_REPOSITORY_NAME_LENGTH) return false;
  return REPOSITORY_NAME.test(text);
}
