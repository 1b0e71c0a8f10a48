import { enableCompileCache } from "node:module";

// The next start finds compiled what this one reads.
enableCompileCache();
const { run } = await import("./program.ts");
process.exitCode = await run(process.argv.slice(2));
