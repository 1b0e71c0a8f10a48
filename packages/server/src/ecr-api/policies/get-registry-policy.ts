import type { Policies } from "@stowage/registry";
import type { Operation } from "../operation.ts";

export const getRegistryPolicy =
  (policies: Policies): Operation<"GetRegistryPolicy"> =>
  async (_input, { registry }) => ({
    registryId: registry.registryId,
    policyText: await policies.ofRegistry(registry),
  });
