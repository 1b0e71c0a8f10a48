import type { PageTokens, Repositories } from "@stowage/registry";
import type { Addresses } from "../../auth/addresses.ts";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";
import { readPage, refusePaging } from "../paging.ts";
import { repositoryAnswer } from "./repository-answer.ts";

interface Parts {
  readonly repositories: Repositories;
  readonly pageTokens: PageTokens;
  readonly addresses: Addresses;
}

export const describeRepositories =
  ({ repositories, pageTokens, addresses }: Parts): Operation<"DescribeRepositories"> =>
  async (input, call) => {
    if (input.repositoryNames !== undefined) {
      refusePaging(input, "repositoryNames");
      const rows = await repositories.describe(call.registry, input.repositoryNames.map(repositoryNameOf));
      return { repositories: rows.map((row) => repositoryAnswer(addresses, row, call.host)) };
    }
    const query = { operation: "DescribeRepositories", input, call, defaultItems: 100 };
    const { items, ...page } = await readPage(pageTokens, query, (wanted) => repositories.list(call.registry, wanted));
    return { repositories: items.map((row) => repositoryAnswer(addresses, row, call.host)), ...page };
  };
