import type { Command } from "commander";
import { addTargetOptions, withAdministration, type Administration, type TargetOptions } from "../administration.ts";
import type { Io } from "../io.ts";
import { outputOption, type OutputFormat } from "../output.ts";

export type Options = TargetOptions & { readonly output: OutputFormat };

/** A command on an installation that prints JSON or a table. */
export function addCommand(parent: Command, name: string, sentence: string): Command {
  return addTargetOptions(parent.command(name).description(sentence)).addOption(outputOption());
}

/** What follows a noun: `users`, with commands of its own. */
export function addNoun(parent: Command, name: string, sentence: string, examples: readonly string[]): Command {
  const lines = examples.map((example) => `\n  stowage iam ${example}`).join("");
  return parent.command(name).description(sentence).addHelpText("after", `\nExamples:${lines}`);
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

/** For an option that may be given several times. */
export function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
