import type { Repositories } from "@stowage/registry";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";
import { exclusionFiltersAnswer } from "./repository-answer.ts";

export const putImageTagMutability =
  (repositories: Repositories): Operation<"PutImageTagMutability"> =>
  async (input, call) => {
    const row = await repositories.putTagMutability(
      call.registry,
      repositoryNameOf(input.repositoryName),
      input.imageTagMutability,
      input.imageTagMutabilityExclusionFilters,
    );
    return {
      registryId: row.key.registryId,
      repositoryName: row.name,
      imageTagMutability: row.tagMutability,
      ...exclusionFiltersAnswer(row),
    };
  };
