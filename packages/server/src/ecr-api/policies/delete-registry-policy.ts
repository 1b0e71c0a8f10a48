import type { Policies } from "@stowage/registry";
import type { Operation } from "../operation.ts";

export const deleteRegistryPolicy =
  (policies: Policies): Operation<"DeleteRegistryPolicy"> =>
  async (_input, { registry }) => ({
    registryId: registry.registryId,
    policyText: await policies.deleteOfRegistry(registry),
  });
