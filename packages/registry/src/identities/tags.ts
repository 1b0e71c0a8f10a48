import { InvalidParameterException } from "@stowage/model";
import type { ResourceTag } from "../ports/repository-rows.ts";
import { MAX_TAGS, quotaExceeded } from "./limits.ts";

const RESERVED_PREFIX = "aws:";

/**
 * Lengths and characters are the model's to check.
 * @throws InvalidParameterException a key is AWS's own, or there twice but for case
 * @throws LimitExceededException
 */
export function checkTags(tags: readonly ResourceTag[], quota: string): void {
  const keys = tags.map(({ key }) => key.toLowerCase());
  if (keys.some((key) => key.startsWith(RESERVED_PREFIX))) {
    throw new InvalidParameterException("Tag keys that begin with aws: are reserved.");
  }
  if (new Set(keys).size !== keys.length) {
    throw new InvalidParameterException("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  }
  if (tags.length > MAX_TAGS) throw quotaExceeded(quota, MAX_TAGS);
}
