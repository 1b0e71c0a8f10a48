import { InvalidTagParameterException, TooManyTagsException } from "@stowage/model";
import type { ResourceTag } from "../ports/repository-rows.ts";

const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
const RESERVED_PREFIX = "aws:";

/** @throws InvalidTagParameterException a key or value is out of bounds, or the key is AWS's own */
export function checkResourceTags(tags: readonly ResourceTag[]): void {
  for (const { key, value } of tags) checkResourceTag(key, value);
  if (new Set(tags.map(({ key }) => key)).size !== tags.length) throw invalid();
}

export function checkResourceTagKeys(keys: readonly string[]): void {
  for (const key of keys) checkResourceTag(key, "");
}

function checkResourceTag(key: string, value: string): void {
  const fits = key.length >= 1 && key.length <= MAX_KEY_LENGTH && value.length <= MAX_VALUE_LENGTH;
  if (!fits || key.toLowerCase().startsWith(RESERVED_PREFIX)) throw invalid();
}

function invalid(): InvalidTagParameterException {
  return new InvalidTagParameterException("Tag parameters are invalid");
}

export function tooManyTags(limit: number): TooManyTagsException {
  return new TooManyTagsException(`A repository can have at most ${limit} tags`);
}
