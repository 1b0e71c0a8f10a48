import { InvalidPage, type Page, type PageRequest, type PageTokens } from "@stowage/registry";
import type { EcrCall } from "./operation.ts";

interface PagedInput {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
  readonly registryId?: string | undefined;
}

/** One page of an answer, as operations spread it into their output. */
export interface AnsweredPage<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

export interface PagedQuery {
  readonly operation: string;
  readonly input: PagedInput;
  readonly call: EcrCall;
  /** Items of a page when the caller does not say. */
  readonly defaultItems: number;
}

/**
 * Reads one page. The token of the next is bound to operation, registry and arguments.
 * @throws InvalidParameterException the token is of another query, or was altered
 */
export async function readPage<T>(
  tokens: PageTokens,
  query: PagedQuery,
  read: (page: PageRequest) => Promise<Page<T>>,
): Promise<AnsweredPage<T>> {
  const { nextToken, maxResults, registryId: _, ...rest } = query.input;
  const { registryId, region } = query.call.registry;
  const text = JSON.stringify([query.operation, registryId, region, rest]);
  const after = nextToken === undefined ? {} : { after: tokens.open(text, nextToken) };
  const page = await read({ ...after, limit: maxResults ?? query.defaultItems });
  return { items: page.items, ...(page.next === undefined ? {} : { nextToken: tokens.seal(text, page.next) }) };
}

/** A list that names what it wants has one page. @throws InvalidParameterException it asks for pages as well */
export function refusePaging(input: PagedInput, besides: string): void {
  const field = input.maxResults !== undefined ? "maxResults" : input.nextToken !== undefined ? "nextToken" : undefined;
  if (field !== undefined) throw new InvalidPage(field, `must be null when ${besides} is given`);
}
