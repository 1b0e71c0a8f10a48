import type { EcrClient, ImageTagMutability, ImageTagMutabilityExclusionFilter, Repository } from "@stowage/client";
import { Argument, Option, type Command } from "commander";
import { addEcrCommand, addGroup, collect, first, limitOption, withEcr, type EcrOptions } from "./ecr-command.ts";
import { parseRepositoryName } from "./image-name.ts";
import type { Io } from "./io.ts";
import { printItem, printList, type Column } from "./output.ts";
import { addRepositoryTags, parseTags } from "./repository-tags.ts";

const MUTABILITIES: readonly ImageTagMutability[] = [
  "MUTABLE",
  "IMMUTABLE",
  "MUTABLE_WITH_EXCLUSION",
  "IMMUTABLE_WITH_EXCLUSION",
];

const COLUMNS: readonly Column<Repository>[] = [
  { heading: "NAME", of: (repository) => repository.repositoryName },
  { heading: "URI", of: (repository) => repository.repositoryUri },
  { heading: "TAGS", of: (repository) => repository.imageTagMutability },
  { heading: "SCAN ON PUSH", of: (repository) => repository.imageScanningConfiguration?.scanOnPush },
  { heading: "ENCRYPTION", of: (repository) => repository.encryptionConfiguration?.encryptionType },
  { heading: "CREATED", of: (repository) => repository.createdAt },
];

const DETAILS: readonly Column<Repository>[] = [
  { heading: "Name", of: (repository) => repository.repositoryName },
  { heading: "URI", of: (repository) => repository.repositoryUri },
  { heading: "ARN", of: (repository) => repository.repositoryArn },
  { heading: "Registry", of: (repository) => repository.registryId },
  { heading: "Created", of: (repository) => repository.createdAt },
  { heading: "Tag mutability", of: (repository) => repository.imageTagMutability },
  {
    heading: "Tag exclusions",
    of: (repository) => repository.imageTagMutabilityExclusionFilters?.map(({ filter }) => filter),
  },
  { heading: "Scan on push", of: (repository) => repository.imageScanningConfiguration?.scanOnPush },
  { heading: "Encryption", of: (repository) => repository.encryptionConfiguration?.encryptionType },
  { heading: "Key", of: (repository) => repository.encryptionConfiguration?.kmsKey },
];

export function addRepositories(program: Command, io: Io): void {
  const repositories = addGroup(program, {
    usage: "repositories",
    summary: "create, list and change repositories",
    examples: [
      "stowage repositories list",
      "stowage repositories create team/app --mutability IMMUTABLE",
      "stowage repositories delete team/app --force",
    ],
  });
  addList(repositories, io);
  addShow(repositories, io);
  addCreate(repositories, io);
  addDelete(repositories, io);
  addSetMutability(repositories, io);
  addSetScanOnPush(repositories, io);
  addRepositoryTags(repositories, io);
}

function addList(repositories: Command, io: Io): void {
  const command = addEcrCommand(repositories, {
    usage: "list",
    summary: "list repositories by name",
    examples: [
      "stowage repositories list",
      "stowage repositories list --output text | cut -f 2",
      "stowage repositories list --profile prod --region eu-west-1 --limit 20",
    ],
  });
  limitOption(command).action((options: EcrOptions & { readonly limit?: number }) =>
    withEcr(io, { options }, async (ecr) => {
      const { registryId, limit } = options;
      const items = first(ecr.paginate.describeRepositories({ registryId }).items(), limit);
      await printList(io, options, { items, columns: COLUMNS });
    }),
  );
}

function addShow(repositories: Command, io: Io): void {
  addEcrCommand(repositories, {
    usage: "show <repository>",
    summary: "show the settings of a repository",
    examples: ["stowage repositories show team/app", "stowage repositories show team/app --output json"],
  }).action((name: string, options: EcrOptions) => {
    const repositoryName = parseRepositoryName(name);
    return withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
      printItem(io, options, await find(ecr, repositoryName, options), DETAILS);
    });
  });
}

interface CreateOptions extends EcrOptions {
  readonly mutability?: ImageTagMutability;
  readonly exclude?: readonly string[];
  readonly scanOnPush?: boolean;
  readonly encryption?: "AES256" | "KMS" | "KMS_DSSE";
  readonly kmsKey?: string;
  readonly tag?: readonly string[];
}

function addCreate(repositories: Command, io: Io): void {
  addEcrCommand(repositories, {
    usage: "create <repository>",
    summary: "create a repository",
    examples: [
      "stowage repositories create team/app",
      "stowage repositories create team/app --mutability IMMUTABLE_WITH_EXCLUSION --exclude 'latest' --exclude 'dev-*'",
      "stowage repositories create team/app --tag owner=team --tag stage=test --output json",
    ],
  })
    .addOption(new Option("--mutability <mode>", "whether tags may move (default: MUTABLE)").choices(MUTABILITIES))
    .option("--exclude <pattern>", "tags to which the opposite applies, with * for any text; may be repeated", collect)
    .option("--scan-on-push", "scan images when they are pushed")
    .addOption(
      new Option("--encryption <type>", "encryption at rest (default: AES256)").choices(["AES256", "KMS", "KMS_DSSE"]),
    )
    .option("--kms-key <key>", "id, alias or ARN of the key, with KMS")
    .option("--tag <key=value>", "resource tag; may be repeated", collect)
    .action((name: string, options: CreateOptions) => {
      const { registryId, mutability, exclude, scanOnPush, encryption, kmsKey, tag } = options;
      return withEcr(io, { options }, async (ecr) => {
        const { repository = {} } = await ecr.createRepository({
          repositoryName: parseRepositoryName(name),
          registryId,
          imageTagMutability: mutability,
          imageTagMutabilityExclusionFilters: filtersOf(exclude),
          imageScanningConfiguration: scanOnPush === undefined ? undefined : { scanOnPush },
          encryptionConfiguration:
            encryption === undefined && kmsKey === undefined
              ? undefined
              : { encryptionType: encryption ?? "KMS", kmsKey },
          tags: tag === undefined ? undefined : parseTags(tag),
        });
        printItem(io, options, repository, DETAILS);
      });
    });
}

function addDelete(repositories: Command, io: Io): void {
  addEcrCommand(repositories, {
    usage: "delete <repositories...>",
    summary: "delete repositories",
    details: "A repository that holds images is deleted only with --force.",
    examples: ["stowage repositories delete team/app", "stowage repositories delete team/app team/job --force"],
  })
    .option("--force", "delete the images too")
    .action(async (names: readonly string[], options: EcrOptions & { readonly force?: boolean }) => {
      const deleted: Repository[] = [];
      for (const repositoryName of names.map(parseRepositoryName)) {
        await withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
          const { registryId, force } = options;
          const { repository = {} } = await ecr.deleteRepository({ repositoryName, registryId, force });
          if (options.output === "table") io.stdout.write(`Deleted ${repositoryName}\n`);
          else deleted.push(repository);
        });
      }
      if (options.output !== "table") await printList(io, options, { items: deleted, columns: COLUMNS });
    });
}

function addSetMutability(repositories: Command, io: Io): void {
  addEcrCommand(repositories, {
    usage: "set-mutability",
    summary: "say whether tags may move to another image",
    details: "Tags that are there stay as they are.",
    examples: [
      "stowage repositories set-mutability team/app IMMUTABLE",
      "stowage repositories set-mutability team/app IMMUTABLE_WITH_EXCLUSION --exclude 'dev-*'",
    ],
  })
    .argument("<repository>")
    .addArgument(new Argument("<mode>").choices(MUTABILITIES))
    .option("--exclude <pattern>", "tags to which the opposite applies, with * for any text; may be repeated", collect)
    .action(
      (name: string, mode: ImageTagMutability, options: EcrOptions & { readonly exclude?: readonly string[] }) => {
        const repositoryName = parseRepositoryName(name);
        return withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
          const answer = await ecr.putImageTagMutability({
            repositoryName,
            registryId: options.registryId,
            imageTagMutability: mode,
            imageTagMutabilityExclusionFilters: filtersOf(options.exclude),
          });
          printItem(io, options, answer, [
            { heading: "Name", of: (set) => set.repositoryName },
            { heading: "Tag mutability", of: (set) => set.imageTagMutability },
            {
              heading: "Tag exclusions",
              of: (set) => set.imageTagMutabilityExclusionFilters?.map(({ filter }) => filter),
            },
          ]);
        });
      },
    );
}

function addSetScanOnPush(repositories: Command, io: Io): void {
  addEcrCommand(repositories, {
    usage: "set-scan-on-push",
    summary: "say whether images are scanned when they are pushed",
    examples: ["stowage repositories set-scan-on-push team/app on"],
  })
    .argument("<repository>")
    .addArgument(new Argument("<state>").choices(["on", "off"]))
    .action((name: string, state: "on" | "off", options: EcrOptions) => {
      const repositoryName = parseRepositoryName(name);
      return withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
        const imageScanningConfiguration = { scanOnPush: state === "on" };
        const { registryId } = options;
        const answer = await ecr.putImageScanningConfiguration({
          repositoryName,
          registryId,
          imageScanningConfiguration,
        });
        printItem(io, options, answer, [
          { heading: "Name", of: (set) => set.repositoryName },
          { heading: "Scan on push", of: (set) => set.imageScanningConfiguration?.scanOnPush },
        ]);
      });
    });
}

function filtersOf(patterns: readonly string[] | undefined): readonly ImageTagMutabilityExclusionFilter[] | undefined {
  return patterns?.map((filter) => ({ filterType: "WILDCARD", filter }));
}

async function find(ecr: EcrClient, repositoryName: string, { registryId }: EcrOptions): Promise<Repository> {
  const { repositories = [] } = await ecr.describeRepositories({ repositoryNames: [repositoryName], registryId });
  return repositories[0] ?? {};
}
