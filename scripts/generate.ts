import { generateApi } from "./api/generate-api.ts";
import { generateCommands } from "./cli/reference.ts";
import { generateConfiguration } from "./docs/configuration.ts";
import { generateClient } from "./client/generate-client.ts";
import { generateFidelity } from "./docs/fidelity.ts";
import { generateModel } from "./model/generate-model.ts";

/** Regenerates every file that is derived from another; `--check` changes nothing and fails on a difference. */
const steps: readonly ((check: boolean) => Promise<readonly string[]>)[] = [
  generateModel,
  generateApi,
  generateClient,
  generateConfiguration,
  generateCommands,
  generateFidelity,
];

const check = process.argv.includes("--check");
const stale = (await Promise.all(steps.map((step) => step(check)))).flat();
if (check && stale.length > 0) {
  process.stderr.write(`Generated files are out of date, run "npm run generate":\n${stale.join("\n")}\n`);
  process.exitCode = 1;
}
