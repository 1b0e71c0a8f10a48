import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { endAllChildren } from "../interop/process.ts";
import { type FaultContext, Random, type Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

const USAGE = `node tests/faults/run.ts [--full] [--only NAME,...] [--seed NUMBER]

Kills servers, fills disks and cuts connections, and checks what is left.
  --full         hundreds of kills instead of tens, and the scenarios that take minutes
  --only NAMES   of these scenarios alone: ${scenarios.map(({ name }) => name).join(", ")}
  --seed NUMBER  the moments of an earlier run; it prints its own
`;

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    only: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    help: { type: "boolean", default: false },
  },
});
const wanted = values.only?.split(",");
const unknown = wanted?.filter((name) => !scenarios.some((known) => known.name === name)) ?? [];
if (values.help || unknown.length > 0) {
  const stream = values.help ? process.stdout : process.stderr;
  stream.write(`${unknown.length > 0 ? `There is no scenario ${unknown.join(", ")}.\n\n` : ""}${USAGE}`);
  process.exit(values.help ? 0 : 2);
}

const ending = new AsyncDisposableStack();
ending.defer(() => endAllChildren());
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void ending.disposeAsync().finally(() => process.exit(130));
  });
}

process.stdout.write(`seed ${values.seed}\n`);
let passed = 0;
const failed: string[] = [];
for (const scenario of scenarios) {
  if (wanted !== undefined && !wanted.includes(scenario.name)) continue;
  const obstacle = await scenario.obstacle?.();
  if (obstacle !== undefined) process.stdout.write(`not run ${scenario.name}: ${obstacle}\n`);
  else if (await runScenario(scenario)) passed += 1;
  else failed.push(scenario.name);
}
await ending.disposeAsync();
process.stdout.write(`${passed} passed, ${failed.length} failed\n`);
if (failed.length > 0) process.exitCode = 1;

async function runScenario({ name, title, run }: Scenario): Promise<boolean> {
  const startedMs = performance.now();
  const folder = await mkdtemp(join(tmpdir(), `stowage-faults-${name}-`));
  const cleanups = new AsyncDisposableStack();
  ending.use(cleanups);
  const context: FaultContext = {
    full: values.full,
    folder,
    cleanups,
    random: new Random(Number(values.seed)),
    progress: (line) => process.stderr.write(`  ${line}\n`),
  };
  const seconds = (): string => `${((performance.now() - startedMs) / 1000).toFixed(0)} s`;
  process.stderr.write(`${name}: ${title}\n`);
  try {
    const seen = await run(context);
    await cleanups.disposeAsync();
    await rm(folder, { recursive: true, force: true });
    process.stdout.write(`passed ${name} (${seconds()}): ${title}\n  ${seen}\n`);
    return true;
  } catch (error) {
    await cleanups.disposeAsync();
    process.stdout.write(`FAILED ${name} (${seconds()}): ${title}\n${inWords(error)}\n  its data stays in ${folder}\n`);
    return false;
  }
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${inWords(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
