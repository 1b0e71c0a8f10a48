import type { ResourceTag as WireTag } from "@stowage/model";
import type { ResourceTag } from "@stowage/registry";

/** The API's only members in upper case. */
export function resourceTagsOf(tags: readonly WireTag[]): readonly ResourceTag[] {
  return tags.map(({ Key, Value }) => ({ key: Key, value: Value }));
}

export function resourceTagsAnswer(tags: readonly ResourceTag[]): readonly WireTag[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}
