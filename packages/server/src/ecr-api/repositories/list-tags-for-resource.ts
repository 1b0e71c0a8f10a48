import type { Repositories } from "@stowage/registry";
import type { Operation } from "../operation.ts";
import { parseResourceArn } from "../resources.ts";
import { resourceTagsAnswer } from "./resource-tags.ts";

export const listTagsForResource =
  (repositories: Repositories): Operation<"ListTagsForResource"> =>
  async (input, call) => {
    const { repositoryName } = parseResourceArn(input.resourceArn, call.registry.region);
    return { tags: resourceTagsAnswer(await repositories.resourceTags(call.registry, repositoryName)) };
  };
