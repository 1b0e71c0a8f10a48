import type { Repositories } from "@stowage/registry";
import type { Operation } from "../operation.ts";
import { parseResourceArn } from "../resources.ts";
import { resourceTagsOf } from "./resource-tags.ts";

export const tagResource =
  (repositories: Repositories): Operation<"TagResource"> =>
  async (input, call) => {
    const { repositoryName } = parseResourceArn(input.resourceArn, call.registry.region);
    await repositories.tagResource(call.registry, repositoryName, resourceTagsOf(input.tags));
    return {};
  };
