import type { EcrConnection } from "./connection.ts";
import type { InputlessOperation, Operation } from "./operation.ts";
import type { CallOptions } from "./options.ts";

interface PagedInput {
  nextToken?: string | undefined;
  maxResults?: number | undefined;
}

interface PagedOutput {
  nextToken?: string | undefined;
}

/** The pages of a list, fetched as they are read. */
export interface Pages<O, T> extends AsyncIterable<O> {
  /** What the pages hold, one by one. */
  items(): AsyncGenerator<T, void, undefined>;
}

export type Paginator<I, O, T> = (connection: EcrConnection, input: I, options?: CallOptions) => Pages<O, T>;
export type PaginateMethod<I, O, T> = (input: I, options?: CallOptions) => Pages<O, T>;
export type InputlessPaginator<I, O, T> = (connection: EcrConnection, input?: I, options?: CallOptions) => Pages<O, T>;
export type InputlessPaginateMethod<I, O, T> = (input?: I, options?: CallOptions) => Pages<O, T>;

type ItemsOf<O, T> = (page: O) => readonly (readonly T[] | undefined)[];

/** The server handed out the token that it was given: the list would never end. */
export class RepeatedTokenError extends Error {
  override readonly name = "RepeatedTokenError";
}

export function paginator<I extends PagedInput, O extends PagedOutput, T>(
  called: Operation<I, O>,
  itemsOf: ItemsOf<O, T>,
): Paginator<I, O, T> {
  return (connection, input, options) => pages(itemsOf, () => pagesOf(connection, called, { input, options }));
}

export function inputlessPaginator<I extends PagedInput, O extends PagedOutput, T>(
  called: InputlessOperation<I, O>,
  itemsOf: ItemsOf<O, T>,
): InputlessPaginator<I, O, T> {
  return (connection, input, options) => pages(itemsOf, () => pagesOf(connection, called, { input, options }));
}

export function bindPaginator<I, O, T>(
  connection: EcrConnection,
  paginate: Paginator<I, O, T>,
): PaginateMethod<I, O, T> {
  return (input, options) => paginate(connection, input, options);
}

export function bindInputlessPaginator<I, O, T>(
  connection: EcrConnection,
  paginate: InputlessPaginator<I, O, T>,
): InputlessPaginateMethod<I, O, T> {
  return (input, options) => paginate(connection, input, options);
}

/** @param operation `describeImages` or `DescribeImages` */
export function isPaginated(paginators: object, operation: string): boolean {
  return Object.hasOwn(paginators, operation.charAt(0).toLowerCase() + operation.slice(1));
}

function pages<O, T>(itemsOf: ItemsOf<O, T>, read: () => AsyncGenerator<O, void, undefined>): Pages<O, T> {
  return {
    [Symbol.asyncIterator]: read,
    async *items() {
      for await (const page of read()) for (const list of itemsOf(page)) yield* list ?? [];
    },
  };
}

async function* pagesOf<I extends PagedInput, O extends PagedOutput>(
  connection: EcrConnection,
  called: Operation<I, O>,
  { input, options }: { readonly input: I | undefined; readonly options: CallOptions | undefined },
): AsyncGenerator<O, void, undefined> {
  let nextToken = input?.nextToken;
  for (;;) {
    // Of an operation that needs an input there is one.
    const page = await called(connection, { ...input, nextToken } as I, options);
    yield page;
    if (page.nextToken === undefined || page.nextToken === "") return;
    if (page.nextToken === nextToken) {
      throw new RepeatedTokenError(`${called.operationName} answered the token that it was asked with`);
    }
    nextToken = page.nextToken;
  }
}
