import { ExclusionNotFoundException } from "@stowage/model";
import type { EcrOperations } from "../operation.ts";
import { emptyPage, nothingStored, type AbsentParts } from "./absent.ts";

type PullTimeExclusions = Pick<
  EcrOperations,
  "RegisterPullTimeUpdateExclusion" | "DeregisterPullTimeUpdateExclusion" | "ListPullTimeUpdateExclusions"
>;

export const pullTimeExclusions = (parts: AbsentParts): PullTimeExclusions => ({
  RegisterPullTimeUpdateExclusion: () => nothingStored("RegisterPullTimeUpdateExclusion"),
  DeregisterPullTimeUpdateExclusion: async ({ principalArn }, { registry }) => {
    throw new ExclusionNotFoundException(
      `The pull time update exclusion for '${principalArn}' does not exist in the registry with id '${registry.registryId}'`,
    );
  },
  ListPullTimeUpdateExclusions: async (input, call) => ({
    pullTimeUpdateExclusions: await emptyPage(parts, { operation: "ListPullTimeUpdateExclusions", input, call }),
  }),
});
