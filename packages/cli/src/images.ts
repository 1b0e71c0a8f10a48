import type { EcrClient, ImageDetail, ImageReferrer } from "@stowage/client";
import { Option, type Command } from "commander";
import { addEcrCommand, addGroup, collect, first, limitOption, withEcr, type EcrOptions } from "./ecr-command.ts";
import { UsageError } from "./exit-codes.ts";
import { formatImageName, parseImageName, parseRepositoryName, type ImageName } from "./image-name.ts";
import { addDeleteImages } from "./image-deletion.ts";
import { addFindings, addScan } from "./image-scans.ts";
import { addTagImage, manifestOf } from "./image-tags.ts";
import type { Io } from "./io.ts";
import { printItem, printList, type Column } from "./output.ts";

const COLUMNS: readonly Column<ImageDetail>[] = [
  { heading: "TAGS", of: (image) => image.imageTags },
  { heading: "DIGEST", of: (image) => image.imageDigest },
  { heading: "SIZE", of: (image) => image.imageSizeInBytes, kind: "bytes" },
  { heading: "PUSHED", of: (image) => image.imagePushedAt },
  { heading: "PULLED", of: (image) => image.lastRecordedPullTime },
  { heading: "TYPE", of: typeOf },
];

const DETAILS: readonly Column<ImageDetail>[] = [
  { heading: "Repository", of: (image) => image.repositoryName },
  { heading: "Digest", of: (image) => image.imageDigest },
  { heading: "Tags", of: (image) => image.imageTags },
  { heading: "Size", of: (image) => image.imageSizeInBytes, kind: "bytes" },
  { heading: "Pushed", of: (image) => image.imagePushedAt },
  { heading: "Last pulled", of: (image) => image.lastRecordedPullTime },
  { heading: "Manifest type", of: (image) => image.imageManifestMediaType },
  { heading: "Artifact type", of: (image) => image.artifactMediaType },
  { heading: "Subject", of: (image) => image.subjectManifestDigest },
  { heading: "Status", of: (image) => image.imageStatus },
  { heading: "Archived", of: (image) => image.lastArchivedAt },
  { heading: "Restored", of: (image) => image.lastActivatedAt },
  { heading: "Scan", of: (image) => image.imageScanStatus?.status },
];

const REFERRER_COLUMNS: readonly Column<ImageReferrer>[] = [
  { heading: "DIGEST", of: (referrer) => referrer.digest },
  { heading: "ARTIFACT TYPE", of: (referrer) => referrer.artifactType },
  { heading: "SIZE", of: (referrer) => referrer.size, kind: "bytes" },
  { heading: "STATUS", of: (referrer) => referrer.artifactStatus },
  {
    heading: "ANNOTATIONS",
    of: (referrer) => Object.entries(referrer.annotations ?? {}).map(([name, value]) => `${name}=${value}`),
  },
];

/** The largest page of ListImageReferrers. */
const REFERRERS_PAGE = 50;

export function addImages(program: Command, io: Io): void {
  const images = addGroup(program, {
    usage: "images",
    summary: "list, tag, scan and delete images",
    details: "An image is written REPOSITORY:TAG or REPOSITORY@DIGEST; the address that docker takes works too.",
    examples: [
      "stowage images list team/app",
      "stowage images tag team/app:build-17 stable",
      "stowage images findings team/app:stable",
    ],
  });
  addList(images, io);
  addShow(images, io);
  addTagImage(images, io);
  addDeleteImages(images, io);
  addReferrers(images, io);
  addPullManifest(images, io);
  addScan(images, io);
  addFindings(images, io);
}

interface ListOptions extends EcrOptions {
  readonly tagged?: boolean;
  readonly untagged?: boolean;
  readonly status: "ACTIVE" | "ARCHIVED" | "ACTIVATING" | "ANY";
  readonly limit?: number;
}

function addList(images: Command, io: Io): void {
  const command = addEcrCommand(images, {
    usage: "list <repository>",
    summary: "list the images of a repository",
    examples: [
      "stowage images list team/app",
      "stowage images list team/app --untagged --output text | cut -f 2",
      "stowage images list team/app --status ANY --output ndjson",
    ],
  });
  limitOption(command)
    .addOption(new Option("--tagged", "only images that have a tag").conflicts("untagged"))
    .option("--untagged", "only images that have none")
    .addOption(
      new Option("--status <status>", "images of this status")
        .choices(["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"])
        .default("ACTIVE"),
    )
    .action((name: string, options: ListOptions) => {
      const repositoryName = parseRepositoryName(name);
      const { registryId, tagged, untagged, status: imageStatus, limit } = options;
      const tagStatus = tagged === true ? "TAGGED" : untagged === true ? "UNTAGGED" : undefined;
      return withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
        const filter = { tagStatus, imageStatus } as const;
        const pages = ecr.paginate.describeImages({ repositoryName, registryId, filter });
        await printList(io, options, { items: first(pages.items(), limit), columns: COLUMNS });
      });
    });
}

function addShow(images: Command, io: Io): void {
  addEcrCommand(images, {
    usage: "show <image>",
    summary: "show what the registry knows of an image",
    examples: ["stowage images show team/app:1.0", "stowage images show team/app:1.0 --output json"],
  }).action((name: string, options: EcrOptions) => {
    const image = parseImageName(name);
    return withEcr(io, { options, subject: subjectOf(image) }, async (ecr) => {
      printItem(io, options, await describe(ecr, image, options), DETAILS);
    });
  });
}

function addReferrers(images: Command, io: Io): void {
  const command = addEcrCommand(images, {
    usage: "referrers <image>",
    summary: "list the signatures, SBOMs and other artifacts that refer to an image",
    examples: [
      "stowage images referrers team/app:1.0",
      "stowage images referrers team/app:1.0 --artifact-type application/spdx+json --output json",
    ],
  });
  limitOption(command)
    .option("--artifact-type <type>", "only artifacts of this type; may be repeated", collect)
    .action(
      (name: string, options: EcrOptions & { readonly limit?: number; readonly artifactType?: readonly string[] }) => {
        const image = parseImageName(name);
        return withEcr(io, { options, subject: subjectOf(image) }, async (ecr) => {
          const imageDigest = image.imageId.imageDigest ?? (await describe(ecr, image, options)).imageDigest ?? "";
          const items = first(referrersOf(ecr, { ...image, imageDigest }, options), options.limit);
          await printList(io, options, { items, columns: REFERRER_COLUMNS });
        });
      },
    );
}

/** The API has no paginator for them. */
async function* referrersOf(
  ecr: EcrClient,
  { repositoryName, imageDigest }: { readonly repositoryName: string; readonly imageDigest: string },
  { registryId, artifactType: artifactTypes }: EcrOptions & { readonly artifactType?: readonly string[] },
): AsyncGenerator<ImageReferrer, void, undefined> {
  let nextToken: string | undefined;
  do {
    const page = await ecr.listImageReferrers({
      repositoryName,
      registryId,
      subjectId: { imageDigest },
      filter: artifactTypes === undefined ? undefined : { artifactTypes },
      maxResults: REFERRERS_PAGE,
      nextToken,
    });
    yield* page.referrers ?? [];
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

function addPullManifest(images: Command, io: Io): void {
  addEcrCommand(images, {
    usage: "pull-manifest <image>",
    summary: "print the manifest of an image, byte for byte",
    details: "With --output json the whole answer of BatchGetImage is printed instead.",
    examples: ["stowage images pull-manifest team/app:1.0", "stowage images pull-manifest team/app:1.0 | sha256sum"],
  }).action((name: string, options: EcrOptions) => {
    const image = parseImageName(name);
    return withEcr(io, { options, subject: subjectOf(image) }, async (ecr) => {
      const answer = await manifestOf(ecr, image, options);
      if (options.output === "json" || options.output === "ndjson") printItem(io, options, answer, []);
      else io.stdout.write(answer.imageManifest);
    });
  });
}

async function describe(ecr: EcrClient, image: ImageName, { registryId }: EcrOptions): Promise<ImageDetail> {
  const { repositoryName, imageId } = image;
  const { imageDetails: [detail] = [] } = await ecr.describeImages({ repositoryName, registryId, imageIds: [imageId] });
  if (detail === undefined) throw new UsageError(`${formatImageName(repositoryName, imageId)} was not described.`);
  return detail;
}

function subjectOf({ repositoryName, imageId }: ImageName): { repositoryName: string; tag: string | undefined } {
  return { repositoryName, tag: imageId.imageTag };
}

/** Of an image's media types the words that tell it apart. */
function typeOf({ imageManifestMediaType = "", artifactMediaType, subjectManifestDigest }: ImageDetail): string {
  if (/index|manifest\.list/.test(imageManifestMediaType)) return "index";
  const isImage = /container\.image|oci\.image\.config/.test(artifactMediaType ?? "");
  const type = isImage ? "image" : (artifactMediaType ?? imageManifestMediaType);
  return subjectManifestDigest === undefined ? type : `${type} (refers)`;
}
