import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * Prints how long `tsc` takes to check a program that uses every operation, with the built types as a user of the package
 * has them: `npm run types && npx node tests/client/types/time.ts`.
 */
const run = promisify(execFile);
const here = import.meta.dirname;
const compilerOptions = {
  target: "es2024",
  module: "nodenext",
  lib: ["es2024", "dom"],
  types: [],
  strict: true,
  noEmit: true,
};

// Inside the checkout, so that the package is found by its name.
const project = await mkdtemp(join(here, "timed-"));
try {
  await copyFile(join(here, "generated/every-operation.ts"), join(project, "every-operation.ts"));
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["every-operation.ts"] }));
  for (let time = 1; time <= 3; time += 1) {
    const begun = performance.now();
    await run(join(here, "../../../node_modules/.bin/tsc"), ["-p", project]);
    process.stdout.write(`${((performance.now() - begun) / 1000).toFixed(2)} s\n`);
  }
} finally {
  await rm(project, { recursive: true });
}
