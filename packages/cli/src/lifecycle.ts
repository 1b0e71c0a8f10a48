import type { EcrClient, GetLifecyclePolicyPreviewResponse, LifecyclePolicyPreviewResult } from "@stowage/client";
import type { Command } from "commander";
import { printDocument, readDocument } from "./documents.ts";
import { addEcrCommand, addGroup, first, limitOption, withEcr, type EcrOptions } from "./ecr-command.ts";
import { parseRepositoryName } from "./image-name.ts";
import type { Io } from "./io.ts";
import { printList, type Column } from "./output.ts";

const POLL_SECONDS = 1;
const MAX_POLLS = 300;

const COLUMNS: readonly Column<LifecyclePolicyPreviewResult>[] = [
  {
    heading: "ACTION",
    of: ({ action }) => [action?.type, action?.targetStorageClass].filter((word) => word !== undefined),
  },
  { heading: "TAGS", of: ({ imageTags }) => imageTags },
  { heading: "DIGEST", of: ({ imageDigest }) => imageDigest },
  { heading: "PUSHED", of: ({ imagePushedAt }) => imagePushedAt },
  { heading: "RULE", of: ({ appliedRulePriority }) => appliedRulePriority, kind: "count" },
];

export function addLifecycle(program: Command, io: Io): void {
  const lifecycle = addGroup(program, {
    usage: "lifecycle",
    summary: "rules by which images expire",
    examples: [
      "stowage lifecycle preview team/app policy.json",
      "stowage lifecycle put team/app policy.json",
      "stowage lifecycle get team/app",
    ],
  });

  addEcrCommand(lifecycle, {
    usage: "get <repository>",
    summary: "print the lifecycle policy of a repository",
    examples: ["stowage lifecycle get team/app > policy.json", "stowage lifecycle get team/app --output json"],
  }).action((name: string, options: EcrOptions) => {
    const repositoryName = parseRepositoryName(name);
    return withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
      const answer = await ecr.getLifecyclePolicy({ repositoryName, registryId: options.registryId });
      printDocument(io, options, answer, answer.lifecyclePolicyText);
    });
  });

  addEcrCommand(lifecycle, {
    usage: "put <repository> <file>",
    summary: "put the lifecycle policy of a repository from a file; - is standard input",
    examples: ["stowage lifecycle put team/app policy.json"],
  }).action(async (name: string, file: string, options: EcrOptions) => {
    const repositoryName = parseRepositoryName(name);
    const lifecyclePolicyText = await readDocument(io, file);
    await withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
      const { registryId } = options;
      const answer = await ecr.putLifecyclePolicy({ repositoryName, registryId, lifecyclePolicyText });
      printDocument(io, options, answer, answer.lifecyclePolicyText);
    });
  });

  addPreview(lifecycle, io);

  addEcrCommand(lifecycle, {
    usage: "delete <repository>",
    summary: "delete the lifecycle policy of a repository, and print what it was",
    examples: ["stowage lifecycle delete team/app > policy.json"],
  }).action((name: string, options: EcrOptions) => {
    const repositoryName = parseRepositoryName(name);
    return withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
      const answer = await ecr.deleteLifecyclePolicy({ repositoryName, registryId: options.registryId });
      printDocument(io, options, answer, answer.lifecyclePolicyText);
    });
  });
}

function addPreview(lifecycle: Command, io: Io): void {
  const command = addEcrCommand(lifecycle, {
    usage: "preview <repository> [file]",
    summary: "list what a lifecycle policy would do; of a file, or the one that is put",
    details: "Nothing is deleted.",
    examples: ["stowage lifecycle preview team/app", "stowage lifecycle preview team/app policy.json --output ndjson"],
  });
  limitOption(command).action(
    async (name: string, file: string | undefined, options: EcrOptions & { readonly limit?: number }) => {
      const repositoryName = parseRepositoryName(name);
      const lifecyclePolicyText = file === undefined ? undefined : await readDocument(io, file);
      const { registryId, limit } = options;
      await withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
        await ecr.startLifecyclePolicyPreview({ repositoryName, registryId, lifecyclePolicyText });
        const { summary } = await completed(ecr, { repositoryName, registryId });
        const results = ecr.paginate.getLifecyclePolicyPreview({ repositoryName, registryId }).items();
        await printList(io, options, { items: first(results, limit), columns: COLUMNS });
        if (options.output === "table") io.stderr.write(sentenceOf(summary));
      });
    },
  );
}

function completed(
  ecr: EcrClient,
  input: { readonly repositoryName: string; readonly registryId: string | undefined },
): Promise<GetLifecyclePolicyPreviewResponse> {
  return ecr.waitUntil.lifecyclePolicyPreviewComplete(input, { delaySeconds: POLL_SECONDS, maxPolls: MAX_POLLS });
}

function sentenceOf(summary: GetLifecyclePolicyPreviewResponse["summary"]): string {
  const expiring = summary?.expiringImageTotalCount ?? 0;
  const moving = summary?.transitioningImageTotalCounts ?? [];
  const parts = moving.map(
    ({ imageTotalCount, targetStorageClass }) =>
      `${imageTotalCount ?? 0} would move to ${targetStorageClass ?? "another storage"}`,
  );
  return `${[`${expiring} would expire`, ...parts].join(", ")}.\n`;
}
