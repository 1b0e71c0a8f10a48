import type { Images } from "@stowage/registry";
import { imageIdOf, repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";

export const batchDeleteImage =
  (images: Images): Operation<"BatchDeleteImage"> =>
  (input, call) =>
    images.batchDelete(call.registry, repositoryNameOf(input.repositoryName), input.imageIds.map(imageIdOf));
