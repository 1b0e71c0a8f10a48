import type { Policies } from "@stowage/registry";
import type { Operation } from "../operation.ts";

export const putRegistryPolicy =
  (policies: Policies): Operation<"PutRegistryPolicy"> =>
  async ({ policyText }, { registry }) => {
    await policies.putOfRegistry(registry, policyText);
    return { registryId: registry.registryId, policyText };
  };
