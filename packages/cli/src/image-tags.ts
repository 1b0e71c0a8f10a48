import type { EcrClient, Image } from "@stowage/client";
import type { Command } from "commander";
import { addEcrCommand, withEcr, type EcrOptions } from "./ecr-command.ts";
import { exitCodes, Failure } from "./exit-codes.ts";
import { formatImageName, parseImageName, type ImageName } from "./image-name.ts";
import type { Io } from "./io.ts";
import { printList, type Column } from "./output.ts";

/** All that there are, so that no manifest is converted on its way. */
const ACCEPTED_MEDIA_TYPES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

interface Outcome {
  readonly image: string;
  readonly imageDigest: string | undefined;
  readonly status: "tagged" | "unchanged";
}

const COLUMNS: readonly Column<Outcome>[] = [
  { heading: "IMAGE", of: ({ image }) => image },
  { heading: "DIGEST", of: ({ imageDigest }) => imageDigest },
  { heading: "STATUS", of: ({ status }) => status },
];

export function addTagImage(images: Command, io: Io): void {
  addEcrCommand(images, {
    usage: "tag <image> <tags...>",
    summary: "give an image further tags, without pulling it",
    details: "A tag that stands on another image moves, where the repository lets it.",
    examples: ["stowage images tag team/app:build-17 1.4 stable", "stowage images tag team/app@sha256:… rollback"],
  }).action((name: string, tags: readonly string[], options: EcrOptions) => {
    const image = parseImageName(name);
    const { repositoryName, imageId } = image;
    const subject = { repositoryName, tag: imageId.imageTag };
    return withEcr(io, { options, subject }, async (ecr) => {
      const source = await manifestOf(ecr, image, options);
      const outcomes: Outcome[] = [];
      for (const imageTag of tags) outcomes.push(await putTag(ecr, { ...source, imageTag }, options));
      await printList(io, options, { items: outcomes, columns: COLUMNS });
    });
  });
}

type Manifest = Image & { readonly repositoryName: string; readonly imageManifest: string };

async function putTag(
  ecr: EcrClient,
  {
    repositoryName,
    imageManifest,
    imageManifestMediaType,
    imageId,
    imageTag,
  }: Manifest & { readonly imageTag: string },
  { registryId }: EcrOptions,
): Promise<Outcome> {
  const imageDigest = imageId?.imageDigest;
  const image = formatImageName(repositoryName, { imageTag });
  try {
    await ecr.putImage({ repositoryName, registryId, imageManifest, imageManifestMediaType, imageTag, imageDigest });
    return { image, imageDigest, status: "tagged" };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ImageAlreadyExistsException") throw error;
    return { image, imageDigest, status: "unchanged" };
  }
}

/** An image with its manifest as it was pushed. @throws Failure there is no such image */
export async function manifestOf(ecr: EcrClient, image: ImageName, { registryId }: EcrOptions): Promise<Manifest> {
  const { repositoryName, imageId } = image;
  const { images: [found] = [], failures: [failure] = [] } = await ecr.batchGetImage({
    repositoryName,
    registryId,
    imageIds: [imageId],
    acceptedMediaTypes: ACCEPTED_MEDIA_TYPES,
  });
  if (found?.imageManifest !== undefined) return { ...found, repositoryName, imageManifest: found.imageManifest };
  throw new Failure(`${formatImageName(repositoryName, imageId)}: ${failure?.failureReason ?? "no manifest came"}`, {
    exitCode: failure?.failureCode === "ImageNotFound" ? exitCodes.notFound : exitCodes.failed,
    hints: [`See what there is with: stowage images list ${repositoryName}`],
  });
}
