import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addEnv } from "./env.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { addIam } from "./iam/iam.ts";
import { processIo, type Io } from "./io.ts";
import { addKeys } from "./keys.ts";
import { addServe } from "./serve.ts";
import { addStatus } from "./status.ts";

const EXAMPLES = `
Examples:
  stowage serve
  eval "$(stowage env)"
  stowage status

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not allowed, 130 interrupted.`;

export function createProgram(io: Io): Command {
  const program = new Command("stowage")
    .description("Amazon ECR on a machine of your own")
    .version(version(), "--version", "print the version")
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for what there is)")
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .addHelpText("after", EXAMPLES);
  addServe(program, io);
  addEnv(program, io);
  addStatus(program, io);
  addKeys(program, io);
  addIam(program, io);
  return program;
}

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** Runs one command line. @returns the exit code */
export async function run(commandLine: readonly string[], io: Io = processIo): Promise<number> {
  try {
    await createProgram(io).parseAsync(commandLine, { from: "user" });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
    io.stderr.write(`stowage: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodeOf(error);
  }
}
