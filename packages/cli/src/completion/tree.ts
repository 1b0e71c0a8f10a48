import type { Command, Option } from "commander";

/** What may follow an option: nothing, one of some words, or something that no list has. */
export type OptionValue = "none" | "any" | "file" | "directory" | readonly string[];

export interface CompletedOption {
  readonly flag: string;
  readonly summary: string;
  readonly value: OptionValue;
}

/** A place in the command tree, and what may be typed there. */
export interface Spot {
  /** `repositories create`; empty at the top. */
  readonly words: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly CompletedOption[];
  /** Words that one of its arguments takes. */
  readonly choices: readonly string[];
  readonly takesFile: boolean;
}

const FILE_ARGUMENTS = new Set(["file", "path"]);
/** A path of IAM, such as /division/, is no file. */
const NO_FILE = "--path";

/** Every place, parents before children. */
export function spotsOf(program: Command): readonly Spot[] {
  const visit = (command: Command, words: string): readonly Spot[] => {
    const help = command.createHelp();
    const commands = help.visibleCommands(command).filter((child) => child.name() !== "help" || words === "");
    const args = command.registeredArguments;
    const spot: Spot = {
      words,
      commands: commands.map((child) => ({ name: child.name(), summary: child.summary() || child.description() })),
      options: help.visibleOptions(command).flatMap(completed),
      choices: args.flatMap((argument) => argument.argChoices ?? []),
      takesFile: args.some((argument) => FILE_ARGUMENTS.has(argument.name())),
    };
    return [spot, ...commands.flatMap((child) => visit(child, `${words} ${child.name()}`.trim()))];
  };
  return visit(program, "");
}

/** Flags that a value follows, wherever they are taken. */
export function valuedFlags(spots: readonly Spot[]): readonly string[] {
  const flags = spots.flatMap(({ options }) => options.filter(({ value }) => value !== "none"));
  return [...new Set(flags.map(({ flag }) => flag))].toSorted();
}

/** An option under each of its names. */
function completed(option: Option): readonly CompletedOption[] {
  const names = [option.long, option.short].filter((flag) => flag !== undefined && flag !== null);
  return names.map((flag) => ({ flag, summary: option.description, value: valueOf(option) }));
}

function valueOf({ required, optional, argChoices, flags, long }: Option): OptionValue {
  if (!required && !optional) return "none";
  if (argChoices !== undefined) return argChoices;
  if (/[<[]dir[\]>]/.test(flags)) return "directory";
  return /[<[](?:file|path)[\]>]/.test(flags) && long !== NO_FILE ? "file" : "any";
}
