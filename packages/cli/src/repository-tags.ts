import type { EcrClient } from "@stowage/client";
import type { Command } from "commander";
import { addEcrCommand, withEcr, type EcrOptions } from "./ecr-command.ts";
import { UsageError } from "./exit-codes.ts";
import { parseRepositoryName } from "./image-name.ts";
import type { Io } from "./io.ts";
import { printList } from "./output.ts";

/** A resource tag, with the names that the wire has. */
interface ResourceTag {
  readonly Key: string;
  readonly Value: string;
}

/** Reads `key=value`; the value may hold further `=`. @throws UsageError there is no `=` */
export function parseTags(texts: readonly string[]): readonly ResourceTag[] {
  return texts.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw new UsageError(`${text} is no resource tag: write KEY=VALUE.`);
    return { Key: text.slice(0, at), Value: text.slice(at + 1) };
  });
}

export function addRepositoryTags(repositories: Command, io: Io): void {
  const named = async (
    name: string,
    options: EcrOptions,
    work: (ecr: EcrClient, resourceArn: string) => Promise<unknown>,
  ): Promise<void> => {
    const repositoryName = parseRepositoryName(name);
    await withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
      const { registryId } = options;
      const { repositories: found = [] } = await ecr.describeRepositories({
        repositoryNames: [repositoryName],
        registryId,
      });
      const resourceArn = found[0]?.repositoryArn ?? "";
      await work(ecr, resourceArn);
      const { tags = [] } = await ecr.listTagsForResource({ resourceArn });
      const columns = [
        { heading: "KEY", of: (tag: ResourceTag) => tag.Key },
        { heading: "VALUE", of: (tag: ResourceTag) => tag.Value },
      ];
      await printList(io, options, { items: tags, columns });
    });
  };

  addEcrCommand(repositories, {
    usage: "tags <repository>",
    summary: "list the resource tags of a repository",
    examples: ["stowage repositories tags team/app"],
  }).action((name: string, options: EcrOptions) => named(name, options, () => Promise.resolve()));

  addEcrCommand(repositories, {
    usage: "tag <repository> <tags...>",
    summary: "give a repository resource tags, KEY=VALUE each",
    examples: ["stowage repositories tag team/app owner=team stage=test"],
  }).action((name: string, texts: readonly string[], options: EcrOptions) => {
    const tags = parseTags(texts);
    return named(name, options, (ecr, resourceArn) => ecr.tagResource({ resourceArn, tags }));
  });

  addEcrCommand(repositories, {
    usage: "untag <repository> <keys...>",
    summary: "take resource tags from a repository",
    examples: ["stowage repositories untag team/app stage"],
  }).action((name: string, tagKeys: readonly string[], options: EcrOptions) =>
    named(name, options, (ecr, resourceArn) => ecr.untagResource({ resourceArn, tagKeys })),
  );
}
