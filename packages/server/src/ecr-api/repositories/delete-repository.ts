import type { Repositories } from "@stowage/registry";
import type { Addresses } from "../../auth/addresses.ts";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";
import { repositoryAnswer } from "./repository-answer.ts";

export const deleteRepository =
  (repositories: Repositories, addresses: Addresses): Operation<"DeleteRepository"> =>
  async (input, call) => {
    const name = repositoryNameOf(input.repositoryName);
    const row = await repositories.delete(call.registry, name, { force: input.force ?? false });
    return { repository: repositoryAnswer(addresses, row, call.host) };
  };
