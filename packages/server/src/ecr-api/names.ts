import { isDigest, isRepositoryName, isTag, isUploadId } from "@stowage/model";
import type { Digest, ImageIdentifier, RepositoryName, Tag, UploadId } from "@stowage/model";
import { InvalidDigest, InvalidTag, type ImageId } from "@stowage/registry";

/** Validation has seen that it is one. */
export function repositoryNameOf(text: string): RepositoryName {
  if (!isRepositoryName(text)) throw new TypeError("an invalid repository name has passed validation");
  return text;
}

/** The model takes any 300 characters; what no image can be tagged with is refused here. @throws InvalidParameterException */
export function tagOf(text: string): Tag {
  if (!isTag(text)) throw new InvalidTag();
  return text;
}

/** @throws InvalidParameterException */
export function digestOf(field: string, text: string): Digest {
  if (!isDigest(text)) throw new InvalidDigest(field);
  return text;
}

/** Validation has seen that it is a UUID. */
export function uploadIdOf(text: string): UploadId {
  if (!isUploadId(text)) throw new TypeError("an invalid upload id has passed validation");
  return text;
}

/** The same id without members that are undefined. */
export function imageIdOf({ imageDigest, imageTag }: ImageIdentifier): ImageId {
  return { ...(imageDigest !== undefined && { imageDigest }), ...(imageTag !== undefined && { imageTag }) };
}
