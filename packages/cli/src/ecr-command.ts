import type { EcrClient } from "@stowage/client";
import { InvalidArgumentError, type Command } from "commander";
import { advise, type Subject } from "./advice.ts";
import { addConnectionOptions, connect, type Connection, type ConnectionOptions } from "./connection.ts";
import type { Io } from "./io.ts";
import { outputOption, type View } from "./output.ts";

/** What every command over the API takes. */
export type EcrOptions = ConnectionOptions & View & { readonly registryId?: string };

export interface CommandText {
  /** Name and arguments, as commander reads them. */
  readonly usage: string;
  readonly summary: string;
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** Further sentences for its own help. */
  readonly details?: string;
}

/** A noun with its verbs. */
export function addGroup(parent: Command, text: CommandText): Command {
  return addText(parent.command(text.usage).helpCommand(false), text);
}

/** A command that talks to a registry and prints what it answers. */
export function addEcrCommand(parent: Command, text: CommandText): Command {
  const command = addText(parent.command(text.usage), text);
  return addConnectionOptions(command)
    .option("--registry-id <account>", "account of the registry, 12 digits; the caller's own otherwise")
    .optionsGroup("Output:")
    .addOption(outputOption())
    .option("--wide", "print values whole, whatever the width of the terminal")
    .option("--bytes", "print sizes in bytes")
    .optionsGroup("Options:");
}

/** Gives a command its sentence, and its examples as the end of its help. */
export function addText(command: Command, { summary, details, examples }: CommandText): Command {
  return command
    .summary(summary)
    .description(details === undefined ? summary : `${summary}\n\n${details}`)
    .addHelpText("after", `\nExamples:\n${examples.map((line) => `  ${line}`).join("\n")}`);
}

export function limitOption(command: Command): Command {
  return command.option("--limit <count>", "stop after this many; all otherwise", parseCount);
}

/** A whole number from 1. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError("It is a number from 1.");
  return count;
}

/** Several values of one option. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Connects, works, and gives failures their advice. @param subject what the work is about */
export async function withEcr<T>(
  io: Io,
  { options, subject = {} }: { readonly options: EcrOptions; readonly subject?: Subject },
  work: (ecr: EcrClient, connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(io, options);
  try {
    return await work(connection.ecr, connection);
  } catch (error) {
    throw await advise(error, connection.ecr, { registryId: options.registryId, ...subject });
  }
}

/** The first of a list, and no page after them. */
export async function* first<T>(
  items: AsyncIterable<T>,
  limit: number | undefined,
): AsyncGenerator<T, void, undefined> {
  let count = 0;
  for await (const item of items) {
    yield item;
    count += 1;
    if (count === limit) return;
  }
}
