import {
  ImageAlreadyExistsException,
  ImageNotFoundException,
  InvalidParameterException,
  LimitExceededException,
  RepositoryNotFoundException,
  type Digest,
} from "@stowage/model";
import type { RegistryKey } from "./ports/repository-rows.ts";

/** The text of every refusal of a parameter. Source: observed answers of ECR. */
function refusal(field: string, constraint: string): string {
  return `Invalid parameter at '${field}' failed to satisfy constraint: '${constraint}'`;
}

/** A parameter that fits the model's shape and still cannot be taken. The kinds let `/v2/` choose its own code. */
export class InvalidParameter extends InvalidParameterException {
  constructor(field: string, constraint: string) {
    super(refusal(field, constraint));
  }
}

export class InvalidManifest extends InvalidParameter {
  constructor(constraint: string) {
    super("ImageManifest", constraint);
  }
}

/** The manifest is over the limit of {@link Quotas.maxManifestBytes}. */
export class ManifestTooLarge extends InvalidParameter {
  constructor(limitBytes: number) {
    super("imageManifest", `Member must have length less than or equal to ${limitBytes}`);
  }
}

export class InvalidTag extends InvalidParameter {
  constructor() {
    super("imageTag", "must satisfy regular expression '[a-zA-Z0-9-_.]+'");
  }
}

export class InvalidDigest extends InvalidParameter {
  constructor(field: string) {
    super(field, "must satisfy regular expression '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'");
  }
}

export class InvalidPage extends InvalidParameter {
  constructor(field: "nextToken" | "maxResults", constraint: string) {
    super(field, constraint);
  }
}

/** PutImage that would change nothing. `/v2/` answers it as a success and needs to say of what. */
export class ImageUnchanged extends ImageAlreadyExistsException {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly subject: Digest | undefined;
  constructor(message: string, image: { digest: Digest; mediaType: string; subject?: Digest | undefined }) {
    super(message);
    this.digest = image.digest;
    this.mediaType = image.mediaType;
    this.subject = image.subject;
  }
}

/** Deletion of an image that an index lists. ECR reports it inside BatchDeleteImage's answer, `/v2/` as UNSUPPORTED. */
export class ImageReferenced extends InvalidParameterException {
  constructor(parents: readonly Digest[]) {
    super(`Requested image referenced by manifest list: [${parents.join(", ")}]`);
  }
}

export function repositoryNotFound(key: RegistryKey, name: string): RepositoryNotFoundException {
  return new RepositoryNotFoundException(
    `The repository with name '${name}' does not exist in the registry with id '${key.registryId}'`,
  );
}

export function imageNotFound(
  key: RegistryKey,
  name: string,
  id: { readonly imageDigest?: string; readonly imageTag?: string },
): ImageNotFoundException {
  const asked = `{imageDigest:'${id.imageDigest ?? "null"}', imageTag:'${id.imageTag ?? "null"}'}`;
  return new ImageNotFoundException(
    `The image with imageId ${asked} does not exist within the repository with name '${name}' ` +
      `in the registry with id '${key.registryId}'`,
  );
}

export function limitExceeded(what: string, limit: number): LimitExceededException {
  return new LimitExceededException(`The limit of ${limit} ${what} has been reached`);
}
