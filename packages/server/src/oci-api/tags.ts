import type { Registry } from "@stowage/registry";
import type { Reply } from "../transport/types.ts";
import { authorise, type Asked, type Methods } from "./asked.ts";
import { API_VERSION } from "./errors.ts";
import { listPage, nextLink } from "./paging.ts";

/** `/v2/NAME/tags/list`. */
export function tagsMethods(registry: Registry): Methods {
  const list = (asked: Asked): Promise<Reply> => listTags(registry, asked);
  return { GET: list, HEAD: list };
}

async function listTags(registry: Registry, asked: Asked): Promise<Reply> {
  await authorise(registry, asked, "ecr:ListImages");
  const { call, route } = asked;
  const page = listPage(route.query);
  const headers = { ...API_VERSION, "content-type": "application/json" };
  if (page.limit === 0) {
    await registry.repositories.find(call.registry, route.name);
    return { status: 200, headers, body: JSON.stringify({ name: route.name, tags: [] }) };
  }
  const { items, next } = await registry.images.listTags(call.registry, route.name, page);
  const path = `/v2/${route.name}/tags/list`;
  const link = next === undefined ? {} : { link: nextLink(path, { n: String(page.limit), last: next }) };
  return { status: 200, headers: { ...headers, ...link }, body: JSON.stringify({ name: route.name, tags: items }) };
}
