import { Help, type Command } from "commander";
import { UsageError } from "./exit-codes.ts";
import { similarNames } from "./similar.ts";

/** `stowage help repositories create`: the help of a command, however deep it stands. */
export function addHelp(program: Command): void {
  program
    .helpCommand(false)
    .configureHelp({ groupItems: ownOptionsFirst })
    .command("help [command...]")
    .description("show the help of a command")
    .addHelpText("after", "\nExamples:\n  stowage help\n  stowage help repositories create")
    .action((names: readonly string[]) => {
      let command = program;
      for (const name of names) command = childOf(command, name);
      command.outputHelp();
    });
}

/** What only this command takes stands above what all take. */
const ownOptionsFirst: Help["groupItems"] = (...items) => {
  const groups = Help.prototype.groupItems(...items);
  const own = groups.get("Options:");
  return own === undefined ? groups : new Map([["Options:", own], ...groups]);
};

function childOf(command: Command, name: string): Command {
  const child = command.commands.find((candidate) => candidate.name() === name);
  if (child !== undefined) return child;
  const [meant] = similarNames(
    name,
    command.commands.map((candidate) => candidate.name()),
  );
  const suggestion = meant === undefined ? "" : ` Did you mean ${meant}?`;
  throw new UsageError(`There is no command ${name} in ${command.name()}.${suggestion}`);
}
