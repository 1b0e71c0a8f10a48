import { enableCompileCache } from "node:module";

// Whatever this process writes is its owner's alone.
process.umask(0o077);
// A reader that went away, as in `stowage keys list | head -1`, is no failure.
process.stdout.on("error", () => undefined);
// The next start finds compiled what this one reads.
enableCompileCache();
const { run } = await import("./program.ts");
process.exitCode = await run(process.argv.slice(2));
