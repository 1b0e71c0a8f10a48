import { isDigest, type Digest, type Tag } from "@stowage/model";
import type { MetadataReads } from "../ports/metadata.ts";
import type { ImageRow } from "../ports/image-rows.ts";
import type { RepositoryRowId } from "../ports/repository-rows.ts";

/** Names an image by digest, by tag or by both, as callers wrote it. */
export interface ImageId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

export type ImageFailureCode =
  | "InvalidImageDigest"
  | "InvalidImageTag"
  | "ImageTagDoesNotMatchDigest"
  | "ImageNotFound"
  | "MissingDigestAndTag"
  | "ImageReferencedByManifestList";

/** Why one of several images could not be served; `imageId` repeats what was asked. */
export interface ImageFailure {
  readonly imageId: ImageId;
  readonly failureCode: ImageFailureCode;
  readonly failureReason: string;
}

const DIGEST_PATTERN = "[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+";

const REASONS: Readonly<Record<Exclude<ImageFailureCode, "ImageReferencedByManifestList">, string>> = {
  ImageNotFound: "Requested image not found",
  MissingDigestAndTag: "Invalid request parameters: both tag and digest cannot be null",
  InvalidImageDigest: `Invalid request parameters: image digest should satisfy the regex '${DIGEST_PATTERN}'`,
  InvalidImageTag: "Invalid request parameters: image tag should satisfy the regex '[a-zA-Z0-9-_.]+'",
  ImageTagDoesNotMatchDigest: "Invalid request parameters: given tag does not map to the given digest",
};

export function imageFailure(imageId: ImageId, failureCode: keyof typeof REASONS): ImageFailure {
  return { imageId, failureCode, failureReason: REASONS[failureCode] };
}

export function referencedFailure(imageId: ImageId, parents: readonly Digest[]): ImageFailure {
  return {
    imageId,
    failureCode: "ImageReferencedByManifestList",
    failureReason: `Requested image referenced by manifest list: [${parents.join(", ")}]`,
  };
}

/** The image that an id names, or what is wrong with the id. */
export async function resolveImageId(
  rows: Pick<MetadataReads, "images">,
  repository: RepositoryRowId,
  id: ImageId,
): Promise<ImageRow | keyof typeof REASONS> {
  const { imageDigest, imageTag } = id;
  if (imageDigest !== undefined && !isDigest(imageDigest)) return "InvalidImageDigest";
  if (imageTag !== undefined) {
    const image = await rows.images.findByTag(repository, asTag(imageTag));
    if (image === undefined) return "ImageNotFound";
    return imageDigest === undefined || image.digest === imageDigest ? image : "ImageTagDoesNotMatchDigest";
  }
  if (imageDigest === undefined) return "MissingDigestAndTag";
  return (await rows.images.find(repository, imageDigest)) ?? "ImageNotFound";
}

/** A lookup by a text that is no tag finds nothing, so that any text may be looked up. */
export function asTag(text: string): Tag {
  return text as Tag;
}
