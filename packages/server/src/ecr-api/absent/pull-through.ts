import { PullThroughCacheRuleNotFoundException } from "@stowage/model";
import type { EcrCall, EcrOperations } from "../operation.ts";
import { refusePaging } from "../paging.ts";
import { emptyPage, nothingStored, type AbsentParts } from "./absent.ts";

type PullThrough = Pick<
  EcrOperations,
  | "CreatePullThroughCacheRule"
  | "UpdatePullThroughCacheRule"
  | "DeletePullThroughCacheRule"
  | "ValidatePullThroughCacheRule"
  | "DescribePullThroughCacheRules"
>;

export const pullThrough = (parts: AbsentParts): PullThrough => ({
  CreatePullThroughCacheRule: () => nothingStored("CreatePullThroughCacheRule"),
  UpdatePullThroughCacheRule: noRule,
  DeletePullThroughCacheRule: noRule,
  ValidatePullThroughCacheRule: noRule,
  DescribePullThroughCacheRules: async (input, call) => {
    const [ecrRepositoryPrefix] = input.ecrRepositoryPrefixes ?? [];
    if (ecrRepositoryPrefix !== undefined) {
      refusePaging(input, "ecrRepositoryPrefixes");
      return noRule({ ecrRepositoryPrefix }, call);
    }
    return {
      pullThroughCacheRules: await emptyPage(parts, { operation: "DescribePullThroughCacheRules", input, call }),
    };
  },
});

function noRule({ ecrRepositoryPrefix }: { readonly ecrRepositoryPrefix: string }, { registry }: EcrCall): never {
  throw new PullThroughCacheRuleNotFoundException(
    `The pull through cache rule with repository prefix '${ecrRepositoryPrefix}' does not exist ` +
      `in the registry with id '${registry.registryId}'`,
  );
}
