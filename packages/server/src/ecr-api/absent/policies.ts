import { RegistryPolicyNotFoundException, RepositoryPolicyNotFoundException } from "@stowage/model";
import type { EcrCall, EcrOperations } from "../operation.ts";
import { nothingStored, ofRepository, type AbsentParts } from "./absent.ts";

type Policies = Pick<
  EcrOperations,
  | "SetRepositoryPolicy"
  | "GetRepositoryPolicy"
  | "DeleteRepositoryPolicy"
  | "PutRegistryPolicy"
  | "GetRegistryPolicy"
  | "DeleteRegistryPolicy"
>;

export const policies = (parts: AbsentParts): Policies => ({
  SetRepositoryPolicy: ofRepository(parts, () => nothingStored("SetRepositoryPolicy")),
  GetRepositoryPolicy: ofRepository(parts, noRepositoryPolicy),
  DeleteRepositoryPolicy: ofRepository(parts, noRepositoryPolicy),
  PutRegistryPolicy: () => nothingStored("PutRegistryPolicy"),
  GetRegistryPolicy: noRegistryPolicy,
  DeleteRegistryPolicy: noRegistryPolicy,
});

function noRepositoryPolicy({ repositoryName }: { readonly repositoryName: string }, { registry }: EcrCall): never {
  throw new RepositoryPolicyNotFoundException(
    `Repository policy does not exist for the repository with name '${repositoryName}' ` +
      `in the registry with id '${registry.registryId}'`,
  );
}

function noRegistryPolicy(_input: unknown, { registry }: EcrCall): never {
  throw new RegistryPolicyNotFoundException(
    `Registry policy does not exist in the registry with id '${registry.registryId}'`,
  );
}
