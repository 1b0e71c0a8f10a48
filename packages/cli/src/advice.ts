import type { EcrClient } from "@stowage/client";
import { Failure, exitCodeOf } from "./exit-codes.ts";
import { similarNames } from "./similar.ts";

/** What a command was about, as far as advice depends on it. */
export interface Subject {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly tag?: string | undefined;
}

/** Names are looked for among this many. */
const MAX_NAMES = 1000;

const ADVICE: Readonly<Record<string, (subject: Subject) => readonly string[]>> = {
  AccessDeniedException: () => ["Allow the action in a policy of the caller, the repository or the registry."],
  UnrecognizedClientException: () => WHOSE_KEY,
  InvalidSignatureException: () => WHOSE_KEY,
  ExpiredTokenException: () => ["Get new session credentials; these have ended."],
  NoAnswerError: () => ["Does the server run there? Start one with: stowage serve"],
  ConfigurationError: () => ['Point this shell at a registry with: eval "$(stowage env)"'],
  RepositoryNotEmptyException: () => ["Add --force to delete its images with it."],
  RepositoryPolicyNotFoundException: ({ repositoryName }) => [
    `Set one with: stowage policies set ${repositoryName ?? "REPOSITORY"} FILE`,
  ],
  RegistryPolicyNotFoundException: () => ["Set one with: stowage registry policy set FILE"],
  LifecyclePolicyNotFoundException: ({ repositoryName }) => [
    `Put one with: stowage lifecycle put ${repositoryName ?? "REPOSITORY"} FILE`,
  ],
  LifecyclePolicyPreviewInProgressException: () => ["Wait for the preview that runs, then try again."],
  ImageTagAlreadyExistsException: ({ repositoryName }) => [
    `Let tags move with: stowage repositories set-mutability ${repositoryName ?? "REPOSITORY"} MUTABLE`,
  ],
  ScanNotFoundException: () => ["Scan it with: stowage images scan REPOSITORY:TAG"],
};

const WHOSE_KEY = ['Is the access key one of this registry? Point this shell at it with: eval "$(stowage env)"'];

/** The failure of a command with what to do next; names that were mistyped are looked up. */
export async function advise(error: unknown, ecr: EcrClient, subject: Subject): Promise<unknown> {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const hints = await hintsFor(error, ecr, subject);
  return hints.length === 0 ? error : new Failure(error.message, { exitCode: exitCodeOf(error), hints, cause: error });
}

async function hintsFor(error: Error, ecr: EcrClient, subject: Subject): Promise<readonly string[]> {
  if (error.name === "RepositoryNotFoundException") return repositoryHints(ecr, subject);
  if (error.name === "ImageNotFoundException") return imageHints(ecr, subject);
  return ADVICE[error.name]?.(subject) ?? [];
}

async function repositoryHints(ecr: EcrClient, { repositoryName, registryId }: Subject): Promise<readonly string[]> {
  const list = "See what there is with: stowage repositories list";
  if (repositoryName === undefined) return [list];
  const names = await known(
    ecr.describeRepositories({ maxResults: MAX_NAMES, registryId }).then(({ repositories }) => repositories ?? []),
    (repository) => [repository.repositoryName],
  );
  return [...didYouMean(repositoryName, names), list];
}

async function imageHints(ecr: EcrClient, { repositoryName, registryId, tag }: Subject): Promise<readonly string[]> {
  if (repositoryName === undefined) return [];
  const list = `See what there is with: stowage images list ${repositoryName}`;
  if (tag === undefined) return [list];
  const tags = await known(
    ecr
      .listImages({ repositoryName, registryId, maxResults: MAX_NAMES, filter: { tagStatus: "TAGGED" } })
      .then(({ imageIds }) => imageIds ?? []),
    ({ imageTag }) => [imageTag],
  );
  const meant = didYouMean(tag, tags, (name) => `${repositoryName}:${name}`);
  return [...meant, list];
}

function didYouMean(name: string, names: readonly string[], show = (meant: string) => meant): readonly string[] {
  const [first, ...more] = similarNames(name, names).map(show);
  if (first === undefined) return [];
  return [more.length === 0 ? `Did you mean ${first}?` : `Did you mean one of ${[first, ...more].join(", ")}?`];
}

/** Who may not list names gets no suggestion, and the failure that they are about all the same. */
async function known<T>(
  asked: Promise<readonly T[]>,
  namesOf: (item: T) => readonly (string | undefined)[],
): Promise<readonly string[]> {
  const items = await asked.catch((): readonly T[] => []);
  return items.flatMap(namesOf).filter((name) => name !== undefined);
}
