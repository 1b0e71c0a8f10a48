import type { Command } from "commander";
import { addTargetOptions, withAdministration, type TargetOptions } from "./administration.ts";
import type { Io } from "./io.ts";
import { outputOption, printOne, type OutputFormat } from "./output.ts";

export function addStatus(program: Command, io: Io): void {
  const command = program.command("status").description("what an installation holds, and whether a server runs");
  addTargetOptions(command)
    .addOption(outputOption())
    .addHelpText("after", "\nExamples:\n  stowage status\n  stowage status --data ./registry --output json")
    .action(async (options: TargetOptions & { readonly output: OutputFormat }) => {
      await withAdministration(io, options, async (administration, isRunning) => {
        const { counts, startedAt, endpoint, ...rest } = await administration.getStatus();
        const running = isRunning ? { endpoint, startedAt } : {};
        printOne(io, options.output, { running: isRunning, ...running, ...rest, ...counts });
      });
    });
}
