import { enableCompileCache } from "node:module";

// Whatever this process writes is its owner's alone.
process.umask(0o077);
// A reader that went away, as in `stowage keys list | head -1`, is no failure.
process.stdout.on("error", () => undefined);
// The next start finds compiled what this one reads.
enableCompileCache();
const { run } = await import("./program.ts");
const commandLine = process.argv.slice(2);
// `serve` stops in an orderly way instead.
if (commandLine[0] !== "serve") process.once("SIGINT", () => process.exit(130));
process.exitCode = await run(commandLine);
