import type { Policies } from "@stowage/registry";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";

export const getRepositoryPolicy =
  (policies: Policies): Operation<"GetRepositoryPolicy"> =>
  async ({ repositoryName }, { registry }) => {
    const policyText = await policies.ofRepository(registry, repositoryNameOf(repositoryName));
    return { registryId: registry.registryId, repositoryName, policyText };
  };
