import { InvalidParameterException, type EcrError, type ImageIdentifier, type OperationName } from "@stowage/model";
import type { Page, Registry } from "@stowage/registry";
import { imageIdOf, repositoryNameOf } from "../names.ts";
import type { EcrCall } from "../operation.ts";
import { readPage, type PagedQuery } from "../paging.ts";

/**
 * What operations need whose part of ECR this version does not have. They answer what ECR does where nothing of the kind
 * was ever stored, and refuse to store it.
 */
export type AbsentParts = Pick<Registry, "repositories" | "images" | "pageTokens">;

type Answer<I, O> = (input: I, call: EcrCall) => O | Promise<O>;

/** The repository must exist before anything is said of what belongs to it. */
export function ofRepository<I extends { readonly repositoryName: string }, O>(
  { repositories }: AbsentParts,
  answer: Answer<I, O>,
): (input: I, call: EcrCall) => Promise<O> {
  return async (input, call) => {
    await repositories.find(call.registry, repositoryNameOf(input.repositoryName));
    return answer(input, call);
  };
}

/** The same of an image. */
export function ofImage<I extends { readonly repositoryName: string; readonly imageId: ImageIdentifier }, O>(
  { images }: AbsentParts,
  answer: Answer<I, O>,
): (input: I, call: EcrCall) => Promise<O> {
  return async (input, call) => {
    await images.describeIds(call.registry, repositoryNameOf(input.repositoryName), [imageIdOf(input.imageId)]);
    return answer(input, call);
  };
}

/** An empty list has one page, so that no token of it can be genuine. @throws InvalidParameterException */
export async function emptyPage(
  { pageTokens }: AbsentParts,
  query: Omit<PagedQuery, "defaultItems">,
): Promise<readonly []> {
  const nothing: Page<never> = { items: [] };
  await readPage(pageTokens, { ...query, defaultItems: 1 }, () => Promise.resolve(nothing));
  return [];
}

/**
 * Refuses what cannot be done yet, by one of the operation's own errors.
 * @throws EcrError always
 */
export function nothingStored(
  operation: OperationName,
  Refusal: new (message: string) => EcrError = InvalidParameterException,
): never {
  throw new Refusal(`${operation} is not available in this version of Stowage; nothing was stored`);
}
