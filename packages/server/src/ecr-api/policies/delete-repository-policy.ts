import type { Policies } from "@stowage/registry";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";

export const deleteRepositoryPolicy =
  (policies: Policies): Operation<"DeleteRepositoryPolicy"> =>
  async ({ repositoryName }, { registry }) => {
    const policyText = await policies.deleteOfRepository(registry, repositoryNameOf(repositoryName));
    return { registryId: registry.registryId, repositoryName, policyText };
  };
