import type { Command } from "commander";
import { addTargetOptions, withAdministration, type Administration, type TargetOptions } from "../administration.ts";
import { addGroup } from "../ecr-command.ts";
import type { Io } from "../io.ts";
import { outputOption, type OutputFormat } from "../output.ts";

export type Options = TargetOptions & { readonly output: OutputFormat };

/** A command on an installation that prints an answer. */
export function addCommand(parent: Command, usage: string, sentence: string): Command {
  return addTargetOptions(parent.command(usage).summary(sentence).description(sentence)).addOption(outputOption());
}

/** A noun with its verbs. @param examples without the program and its noun */
export function addNoun(iam: Command, usage: string, summary: string, examples: readonly string[]): Command {
  return addGroup(iam, { usage, summary, examples: examples.map((example) => `stowage iam ${example}`) });
}

export function administer<T>(
  io: Io,
  options: TargetOptions,
  work: (administration: Administration) => Promise<T>,
): Promise<T> {
  return withAdministration(io, options, work);
}

/** All items of a list that comes in pages. */
export async function allItems<T>(
  read: (page: { readonly nextToken?: string }) => Promise<{
    readonly items: readonly T[];
    readonly nextToken?: string | undefined;
  }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let nextToken: string | undefined; ;) {
    const page = await read(nextToken === undefined ? {} : { nextToken });
    all.push(...page.items);
    if (page.nextToken === undefined) return all;
    ({ nextToken } = page);
  }
}
