import type { RepositoryName } from "@stowage/model";
import type { Registry } from "@stowage/registry";
import type { RegistryCall } from "../auth/call.ts";
import type { Reply } from "../transport/types.ts";
import { allowed } from "./asked.ts";
import { API_VERSION } from "./errors.ts";
import { listPage, MAX_PAGE, nextLink } from "./paging.ts";

/** Repositories that one request may look at; a caller who may see few of many gets a short page and a Link. */
export const MAX_SCANNED = 5 * MAX_PAGE;

/** `/v2/_catalog`: repositories that the caller may describe, by name. */
export async function listCatalog(registry: Registry, call: RegistryCall, query: string): Promise<Reply> {
  const { limit, after } = listPage(query);
  const { names, next } =
    limit === 0 ? { names: [], next: undefined } : await visible(registry, call, { limit, after });
  const link = next === undefined ? {} : { link: nextLink("/v2/_catalog", { n: String(limit), last: next }) };
  return {
    status: 200,
    headers: { ...API_VERSION, "content-type": "application/json", ...link },
    body: JSON.stringify({ repositories: names }),
  };
}

async function visible(
  registry: Registry,
  call: RegistryCall,
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<{ readonly names: readonly RepositoryName[]; readonly next: string | undefined }> {
  const names: RepositoryName[] = [];
  let { after } = page;
  for (let scanned = 0; scanned < MAX_SCANNED;) {
    const rows = await registry.repositories.list(call.registry, {
      limit: page.limit,
      ...(after !== undefined && { after }),
    });
    for (const { name } of rows.items) {
      after = name;
      if (await allowed(registry, call, { action: "ecr:DescribeRepositories", name })) names.push(name);
      if (names.length < page.limit) continue;
      const isLast = rows.next === undefined && name === rows.items.at(-1)?.name;
      return { names, next: isLast ? undefined : name };
    }
    if (rows.next === undefined) return { names, next: undefined };
    scanned += rows.items.length;
  }
  return { names, next: after };
}
