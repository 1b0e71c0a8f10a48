import { Argument, type Command } from "commander";
import { bashCompletion } from "./completion/bash.ts";
import { fishCompletion } from "./completion/fish.ts";
import { spotsOf, type Spot } from "./completion/tree.ts";
import { zshCompletion } from "./completion/zsh.ts";
import { addText } from "./ecr-command.ts";
import type { Io } from "./io.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } satisfies Record<
  string,
  (spots: readonly Spot[]) => string
>;

/** Prints what makes a shell complete every command, option and choice that this program has. */
export function addCompletion(program: Command, io: Io): void {
  const command = program
    .command("completion")
    .addArgument(new Argument("<shell>", "which shell").choices(Object.keys(SHELLS)));
  addText(command, {
    usage: "completion",
    summary: "print a script that completes commands, options and their values",
    examples: [
      `echo 'eval "$(stowage completion bash)"' >> ~/.bashrc`,
      `echo 'eval "$(stowage completion zsh)"' >> ~/.zshrc`,
      "mkdir -p ~/.config/fish/completions && stowage completion fish > ~/.config/fish/completions/stowage.fish",
    ],
  }).action((shell: keyof typeof SHELLS) => {
    io.stdout.write(SHELLS[shell](spotsOf(program)));
  });
}
