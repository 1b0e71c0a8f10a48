import type { Images, PageTokens } from "@stowage/registry";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";
import { readPage } from "../paging.ts";
import { imageFilterOf } from "./image-filter.ts";

export const listImages =
  (images: Images, pageTokens: PageTokens): Operation<"ListImages"> =>
  async (input, call) => {
    const name = repositoryNameOf(input.repositoryName);
    const query = { operation: "ListImages", input, call, defaultItems: 100 };
    const filter = imageFilterOf(input.filter);
    const { items, ...page } = await readPage(pageTokens, query, (wanted) =>
      images.listIds(call.registry, name, wanted, filter),
    );
    return { imageIds: items, ...page };
  };
