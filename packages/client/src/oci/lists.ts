import { InvalidContentError, UnsafeAddressError } from "./failures.ts";
import { pathOf, pullScope } from "./names.ts";
import type { OciCallOptions } from "./options.ts";
import { MAX_JSON_BYTES, parseJson } from "./reply.ts";
import type { Answer, Call, Transport } from "./transport.ts";

const MAX_PAGES = 100_000;
const LINK = /^\s*<([^<>]*)>((?:\s*;[^,]*)*)/;

export interface ListOptions extends OciCallOptions {
  /** Names in one answer; the registry's own choice unless given. */
  readonly pageSize?: number | undefined;
}

/** Names of repositories, as far as the caller may see them. */
export function catalog(transport: Transport, options: ListOptions = {}): AsyncGenerator<string> {
  return names(transport, { ...options, path: "/v2/_catalog", member: "repositories", scope: "registry:catalog:*" });
}

export function tags(transport: Transport, repository: string, options: ListOptions = {}): AsyncGenerator<string> {
  const path = pathOf(repository, "tags/list");
  return names(transport, { ...options, path, member: "tags", scope: pullScope(repository) });
}

async function* names(
  transport: Transport,
  options: ListOptions & { readonly path: string; readonly member: string; readonly scope: string },
): AsyncGenerator<string> {
  const { path, member, scope, pageSize, signal } = options;
  const first = pageSize === undefined ? path : `${path}?n=${pageSize}`;
  for await (const page of pages(transport, { first, scope, signal })) {
    const listed = textsIn(parseJson(page.bytes), member);
    if (listed === undefined) throw new InvalidContentError(`${path} answered no list of ${member}`);
    yield* listed;
  }
}

export interface Page {
  readonly bytes: Uint8Array;
  readonly headers: Answer["headers"];
}

/** Every page of a list. @throws UnsafeAddressError a page leads to another host, or to itself */
export async function* pages(
  transport: Transport,
  {
    first,
    scope,
    signal,
    absent,
  }: { readonly first: string; readonly scope: string; readonly absent?: number } & OciCallOptions,
): AsyncGenerator<Page> {
  let target: string | undefined = first;
  for (let count = 0; target !== undefined; count += 1) {
    if (count >= MAX_PAGES) throw new InvalidContentError(`${first} has more than ${MAX_PAGES} pages`);
    const expected = absent === undefined || count > 0 ? [200] : [200, absent];
    const call: Call = { method: "GET", target, scopes: [scope], expected, signal };
    const answer: Answer & Page = await transport.read(call, MAX_JSON_BYTES);
    if (answer.status !== 200) return;
    yield answer;
    const next = nextOf(answer.headers["link"] ?? "");
    const following = next === undefined ? undefined : transport.own(next, answer.url);
    if (following === answer.url) throw new UnsafeAddressError(`${first} has a page that leads to itself`);
    target = following;
  }
}

function nextOf(link: string): string | undefined {
  const match = LINK.exec(link);
  return /rel="?next"?/i.test(match?.[2] ?? "") ? match?.[1] : undefined;
}

/** Go writes an empty list that was never made as null. */
function textsIn(json: unknown, member: string): readonly string[] | undefined {
  const list = (json as Readonly<Record<string, unknown>> | null)?.[member] ?? [];
  return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : undefined;
}
