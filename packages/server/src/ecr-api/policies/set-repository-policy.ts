import type { Policies } from "@stowage/registry";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";

export const setRepositoryPolicy =
  (policies: Policies): Operation<"SetRepositoryPolicy"> =>
  async ({ repositoryName, policyText, force = false }, { registry, principal, access }) => {
    const input = { text: policyText, force, principal, context: access };
    await policies.setOfRepository(registry, repositoryNameOf(repositoryName), input);
    return { registryId: registry.registryId, repositoryName, policyText };
  };
