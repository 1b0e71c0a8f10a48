import type { Repositories } from "@stowage/registry";
import type { Operation } from "../operation.ts";
import { parseResourceArn } from "../resources.ts";

export const untagResource =
  (repositories: Repositories): Operation<"UntagResource"> =>
  async (input, call) => {
    const { repositoryName } = parseResourceArn(input.resourceArn, call.registry.region);
    await repositories.untagResource(call.registry, repositoryName, input.tagKeys);
    return {};
  };
