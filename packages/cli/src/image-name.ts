import { UsageError } from "./exit-codes.ts";

/** An image as one word of a command line. */
export interface ImageName {
  readonly repositoryName: string;
  readonly imageId: { readonly imageTag?: string; readonly imageDigest?: string };
}

/** `localhost:5100/` or a host as AWS shapes them: no repository is named so. */
const HOST = /^(?:[a-zA-Z0-9.-]+:[0-9]+|\[[0-9a-f:]+\](?::[0-9]+)?|[0-9]{12}\.dkr[.-]ecr[a-z0-9.-]+)\//;
const NAME = /^([^:@]+)(?::([^:@]+))?(?:@([^@]+))?$/;

/** Reads `REPOSITORY`, also as the address that docker takes. */
export function parseRepositoryName(text: string): string {
  return text.replace(HOST, "");
}

/** Reads `REPOSITORY:TAG`, `REPOSITORY@DIGEST` or both. @throws UsageError it is neither */
export function parseImageName(text: string): ImageName {
  const [, repositoryName, imageTag, imageDigest] = NAME.exec(parseRepositoryName(text)) ?? [];
  if (repositoryName === undefined || (imageTag === undefined && imageDigest === undefined)) {
    throw new UsageError(`${text} names no image: write REPOSITORY:TAG or REPOSITORY@DIGEST.`);
  }
  return {
    repositoryName,
    imageId: {
      ...(imageTag === undefined ? {} : { imageTag }),
      ...(imageDigest === undefined ? {} : { imageDigest }),
    },
  };
}

/** The word for it. */
export function formatImageName(repositoryName: string, { imageTag, imageDigest }: ImageName["imageId"]): string {
  return `${repositoryName}${imageTag === undefined ? "" : `:${imageTag}`}${imageDigest === undefined ? "" : `@${imageDigest}`}`;
}
