import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addCompletion } from "./completion.ts";
import { addCopy } from "./copy.ts";
import { addCredentialHelper } from "./credential-helper.ts";
import { addEnv } from "./env.ts";
import { exitCodeOf, exitCodes, Failure } from "./exit-codes.ts";
import { addHelp } from "./help.ts";
import { addIam } from "./iam/iam.ts";
import { processIo, type Io } from "./io.ts";
import { addImages } from "./images.ts";
import { addKeys } from "./keys.ts";
import { addLifecycle } from "./lifecycle.ts";
import { addLogin } from "./login.ts";
import { addMcp } from "./mcp.ts";
import { addPolicies } from "./policies.ts";
import { addPull } from "./pull.ts";
import { addPush } from "./push.ts";
import { addRegistry } from "./registry.ts";
import { addRepositories } from "./repositories.ts";
import { addServe } from "./serve.ts";
import { addSettings } from "./settings.ts";
import { addStatus } from "./status.ts";

const EXAMPLES = `
Examples:
  stowage serve
  eval "$(stowage env)"
  stowage repositories create team/app
  stowage help repositories create

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not allowed, 130 interrupted.`;

/** Where no terminal says another width. */
const HELP_WIDTH = 100;
/** Longer lines are hard to read. */
const MAX_HELP_WIDTH = 120;

export function createProgram(io: Io): Command {
  const program = new Command("stowage")
    .description("Amazon ECR on a machine of your own")
    .version(version(), "--version", "print the version")
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for what there is)")
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.columns ?? HELP_WIDTH, MAX_HELP_WIDTH),
      getErrHelpWidth: () => Math.min(io.errorColumns ?? HELP_WIDTH, MAX_HELP_WIDTH),
    })
    .addHelpText("after", EXAMPLES);
  program.commandsGroup("Installation:");
  addServe(program, io);
  addEnv(program, io);
  addStatus(program, io);
  addKeys(program, io);
  addIam(program, io);
  program.commandsGroup("Registry:");
  addRepositories(program, io);
  addImages(program, io);
  addPolicies(program, io);
  addLifecycle(program, io);
  addRegistry(program, io);
  addSettings(program, io);
  program.commandsGroup("Clients:");
  addCopy(program, io);
  addPush(program, io);
  addPull(program, io);
  addLogin(program, io);
  addCredentialHelper(program, io);
  addMcp(program, io);
  program.commandsGroup("Help:");
  addHelp(program);
  addCompletion(program, io);
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
    if (error instanceof Failure) for (const hint of error.hints) io.stderr.write(`  ${hint}\n`);
    return exitCodeOf(error);
  }
}
