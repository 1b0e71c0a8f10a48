import type { Tag } from "@stowage/model";
import { InvalidParameter } from "../errors.ts";
import type { ExclusionFilter, RepositoryRow, TagMutability } from "../ports/repository-rows.ts";

const MAX_FILTERS = 5;
const MAX_WILDCARDS = 2;

/** Whether a tag, once set, may not be moved to another image. */
export function isImmutable(repository: Pick<RepositoryRow, "tagMutability" | "exclusionFilters">, tag: Tag): boolean {
  switch (repository.tagMutability) {
    case "MUTABLE":
      return false;
    case "IMMUTABLE":
      return true;
    case "IMMUTABLE_WITH_EXCLUSION":
      return !isExcluded(repository.exclusionFilters, tag);
    case "MUTABLE_WITH_EXCLUSION":
      return isExcluded(repository.exclusionFilters, tag);
  }
}

function isExcluded(filters: readonly ExclusionFilter[], tag: Tag): boolean {
  return filters.some(({ filter }) => matchesWildcard(filter, tag));
}

/** Matches the whole text; `*` stands for any run of characters. Takes steps in proportion to both lengths multiplied at worst. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === text;
  const tail = rest.pop() ?? "";
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  const end = text.length - tail.length;
  let at = head.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

/**
 * The filters that go with a mode: one to five in the exclusion modes, none elsewhere.
 * @throws InvalidParameter they do not go together, or a filter has more than two wildcards
 */
export function exclusionFilters(
  mode: TagMutability,
  filters: readonly ExclusionFilter[] | undefined,
): readonly ExclusionFilter[] {
  const field = "imageTagMutabilityExclusionFilters";
  const excludes = mode === "IMMUTABLE_WITH_EXCLUSION" || mode === "MUTABLE_WITH_EXCLUSION";
  const name = "ImageTagMutabilityExclusionFilters";
  if (excludes && (filters === undefined || filters.length === 0)) {
    throw new InvalidParameter(field, `${name} can't be null when imageTagMutability is set as ${mode}`);
  }
  if (!excludes && filters !== undefined) {
    throw new InvalidParameter(field, `${name} must be null when imageTagMutability is set as ${mode}`);
  }
  if ((filters?.length ?? 0) > MAX_FILTERS) {
    throw new InvalidParameter(field, `Member must have length less than or equal to ${MAX_FILTERS}`);
  }
  for (const { filter } of filters ?? []) {
    if (filter.split("*").length - 1 > MAX_WILDCARDS) {
      throw new InvalidParameter(field, `A filter may contain at most ${MAX_WILDCARDS} wildcards`);
    }
  }
  return filters ?? [];
}
