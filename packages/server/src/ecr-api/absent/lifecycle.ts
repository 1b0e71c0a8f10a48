import { LifecyclePolicyNotFoundException, LifecyclePolicyPreviewNotFoundException } from "@stowage/model";
import type { GetLifecyclePolicyPreviewRequest, StartLifecyclePolicyPreviewRequest } from "@stowage/model";
import type { EcrCall, EcrOperations } from "../operation.ts";
import { refusePaging } from "../paging.ts";
import { nothingStored, ofRepository, type AbsentParts } from "./absent.ts";

type Lifecycle = Pick<
  EcrOperations,
  | "PutLifecyclePolicy"
  | "GetLifecyclePolicy"
  | "DeleteLifecyclePolicy"
  | "StartLifecyclePolicyPreview"
  | "GetLifecyclePolicyPreview"
>;

export const lifecycle = (parts: AbsentParts): Lifecycle => ({
  PutLifecyclePolicy: ofRepository(parts, () => nothingStored("PutLifecyclePolicy")),
  GetLifecyclePolicy: ofRepository(parts, noPolicy),
  DeleteLifecyclePolicy: ofRepository(parts, noPolicy),
  StartLifecyclePolicyPreview: ofRepository(parts, (input: StartLifecyclePolicyPreviewRequest, call) =>
    input.lifecyclePolicyText === undefined ? noPolicy(input, call) : nothingStored("StartLifecyclePolicyPreview"),
  ),
  GetLifecyclePolicyPreview: ofRepository(parts, noPreview),
});

function noPolicy({ repositoryName }: { readonly repositoryName: string }, { registry }: EcrCall): never {
  throw new LifecyclePolicyNotFoundException(
    `Lifecycle policy does not exist for the repository with name '${repositoryName}' ` +
      `in the registry with id '${registry.registryId}'`,
  );
}

function noPreview(input: GetLifecyclePolicyPreviewRequest, { registry }: EcrCall): never {
  if (input.imageIds !== undefined) refusePaging(input, "imageIds");
  throw new LifecyclePolicyPreviewNotFoundException(
    `Lifecycle policy preview does not exist for the repository with name '${input.repositoryName}' ` +
      `in the registry with id '${registry.registryId}'`,
  );
}
