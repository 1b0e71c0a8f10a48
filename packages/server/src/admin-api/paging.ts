import type { Page, PageRequest, PageTokens } from "@stowage/registry";
import type { AdminCall } from "./operation.ts";

const DEFAULT_ITEMS = 100;

export interface PagedInput {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/**
 * Reads one page of a list whose token is bound to operation and account.
 * @throws InvalidParameterException the token is of another list, or was altered
 */
export async function readPage<T>(
  tokens: PageTokens,
  { operation, input, call }: { readonly operation: string; readonly input: PagedInput; readonly call: AdminCall },
  read: (page: PageRequest) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly nextToken?: string }> {
  const query = JSON.stringify([operation, call.account]);
  const after = input.nextToken === undefined ? {} : { after: tokens.open(query, input.nextToken) };
  const { items, next } = await read({ ...after, limit: input.maxResults ?? DEFAULT_ITEMS });
  return { items, ...(next === undefined ? {} : { nextToken: tokens.seal(query, next) }) };
}
