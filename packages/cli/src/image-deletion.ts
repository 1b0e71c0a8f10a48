import type { EcrClient, ImageFailure, ImageIdentifier } from "@stowage/client";
import type { Command } from "commander";
import { addEcrCommand, withEcr, type EcrOptions } from "./ecr-command.ts";
import { exitCodes, Failure, UsageError } from "./exit-codes.ts";
import { formatImageName, parseImageName, parseRepositoryName, type ImageName } from "./image-name.ts";
import type { Io } from "./io.ts";
import { printList, type Column } from "./output.ts";

/** The most that one call takes. */
const BATCH = 100;

interface Deleted extends ImageIdentifier {
  readonly repositoryName: string;
}

type Failed = ImageFailure & { readonly repositoryName: string };

const COLUMNS: readonly Column<Deleted>[] = [
  { heading: "REPOSITORY", of: ({ repositoryName }) => repositoryName },
  { heading: "TAG", of: ({ imageTag }) => imageTag },
  { heading: "DIGEST", of: ({ imageDigest }) => imageDigest },
];

interface DeleteOptions extends EcrOptions {
  readonly untagged?: boolean;
}

export function addDeleteImages(images: Command, io: Io): void {
  addEcrCommand(images, {
    usage: "delete <images...>",
    summary: "delete images, or take tags from them",
    details:
      "By tag, the tag goes, and the image with its last one. By digest, the image goes with all its tags. " +
      "With --untagged name repositories instead: their images without a tag go, but not those that an index holds.",
    examples: [
      "stowage images delete team/app:old",
      "stowage images delete team/app@sha256:…",
      "stowage images delete team/app --untagged",
    ],
  })
    .option("--untagged", "delete the untagged images of the repositories that are named")
    .action(async (names: readonly string[], options: DeleteOptions) => {
      const deleted: Deleted[] = [];
      const failed: Failed[] = [];
      for (const [repositoryName, imageIds] of options.untagged === true
        ? repositoriesOf(names)
        : byRepository(names)) {
        await withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
          const ids = imageIds ?? (await untaggedOf(ecr, repositoryName, options));
          for (let at = 0; at < ids.length; at += BATCH) {
            const answer = await ecr.batchDeleteImage({
              repositoryName,
              registryId: options.registryId,
              imageIds: ids.slice(at, at + BATCH),
            });
            deleted.push(...(answer.imageIds ?? []).map((id) => ({ repositoryName, ...id })));
            failed.push(...(answer.failures ?? []).map((failure) => ({ repositoryName, ...failure })));
          }
        });
      }
      await printList(io, options, { items: deleted, columns: COLUMNS });
      report(io, failed, options);
    });
}

function repositoriesOf(names: readonly string[]): ReadonlyMap<string, undefined> {
  if (names.some((name) => name.includes("@"))) throw new UsageError("With --untagged name repositories, not images.");
  return new Map(names.map((name) => [parseRepositoryName(name), undefined]));
}

function byRepository(names: readonly string[]): ReadonlyMap<string, readonly ImageName["imageId"][]> {
  const groups = new Map<string, ImageName["imageId"][]>();
  for (const { repositoryName, imageId } of names.map(parseImageName)) {
    const group = groups.get(repositoryName);
    if (group === undefined) groups.set(repositoryName, [imageId]);
    else group.push(imageId);
  }
  return groups;
}

async function untaggedOf(
  ecr: EcrClient,
  repositoryName: string,
  { registryId }: EcrOptions,
): Promise<readonly ImageIdentifier[]> {
  const ids: ImageIdentifier[] = [];
  const pages = ecr.paginate.listImages({ repositoryName, registryId, filter: { tagStatus: "UNTAGGED" } });
  for await (const id of pages.items()) ids.push(id);
  return ids;
}

/** Children of an index that --untagged met are no failure: they go with it. @throws Failure any other stayed */
function report(io: Io, failed: readonly Failed[], { untagged }: DeleteOptions): void {
  const isHeld = (failure: Failed): boolean =>
    untagged === true && failure.failureCode === "ImageReferencedByManifestList";
  const held = failed.filter(isHeld).length;
  if (held > 0)
    io.stderr.write(
      `${held} untagged ${held === 1 ? "image stays: an index holds it" : "images stay: an index holds them"}.\n`,
    );
  const real = failed.filter((failure) => !isHeld(failure));
  if (real.length === 0) return;
  const lines = real.map(
    ({ repositoryName, imageId = {}, failureReason, failureCode }) =>
      `${formatImageName(repositoryName, wordsOf(imageId))}: ${failureReason ?? failureCode ?? "not deleted"}`,
  );
  throw new Failure(lines.join("\nstowage: "), {
    exitCode: real.every(({ failureCode }) => failureCode === "ImageNotFound") ? exitCodes.notFound : exitCodes.failed,
  });
}

function wordsOf({ imageTag, imageDigest }: ImageIdentifier): ImageName["imageId"] {
  return { ...(imageTag === undefined ? {} : { imageTag }), ...(imageDigest === undefined ? {} : { imageDigest }) };
}
