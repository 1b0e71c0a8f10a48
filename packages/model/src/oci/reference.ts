import type { Branded } from "../names/brand.ts";
import { parseDigest } from "./digest.ts";
import type { Digest } from "./digest.ts";

/** A movable name of an image within its repository, at most 128 characters. */
export type Tag = Branded<"Tag">;

/** What stands for a manifest in `/v2/NAME/manifests/REFERENCE`. */
export type Reference =
  | { readonly kind: "tag"; readonly tag: Tag }
  | { readonly kind: "digest"; readonly digest: Digest };

const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** Source: distribution-spec, pulling manifests. */
export function isTag(text: string): text is Tag {
  return TAG.test(text);
}

/** A colon makes it a digest, since no tag has one; undefined when it is neither. */
export function parseReference(text: string): Reference | undefined {
  if (isTag(text)) return { kind: "tag", tag: text };
  const digest = parseDigest(text);
  return digest === undefined ? undefined : { kind: "digest", digest };
}
