import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { endAllChildren, execute } from "../tests/interop/process.ts";
import { cases } from "./cases/index.ts";
import type { BenchCase, BenchContext } from "./harness/case.ts";
import { type CaseReport, table, writeReport } from "./harness/report.ts";
import { SeededDirectory } from "./harness/seed.ts";
import { CHECKOUT } from "./harness/stowage.ts";
import { describeMachine } from "./harness/tools.ts";

const USAGE = `node bench/run.ts [--full] [--only NAME,...] [--report FILE] [--folder DIR]

Measures Stowage, and its peers in the same run. Prints figures and their ratios; no figure makes it fail.
  --full         the sizes and counts of the issue (a 10 GiB layer, longer loads) instead of a run of minutes
  --only NAMES   of these cases alone: ${cases.map(({ name }) => name).join(", ")}
  --report FILE  Markdown, with JSON beside it (default .reports/bench.md)
  --folder DIR   where data is kept while it runs (default: the system's temporary folder)
`;

const ROUNDS = 3;

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    only: { type: "string" },
    report: { type: "string", default: join(CHECKOUT, ".reports/bench.md") },
    folder: { type: "string", default: tmpdir() },
    help: { type: "boolean", default: false },
  },
});

const wanted = values.only?.split(",");
const unknown = wanted?.filter((name) => !cases.some((known) => known.name === name)) ?? [];
if (values.help || unknown.length > 0) {
  const stream = values.help ? process.stdout : process.stderr;
  stream.write(`${unknown.length > 0 ? `There is no case ${unknown.join(", ")}.\n\n` : ""}${USAGE}`);
  process.exit(values.help ? 0 : 2);
}

const root = await mkdtemp(join(values.folder, "stowage-bench-"));
const ending = new AsyncDisposableStack();
ending.defer(() => rm(root, { recursive: true, force: true }));
ending.defer(() => endAllChildren());
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void ending.disposeAsync().finally(() => process.exit(130));
  });
}

const startedAt = new Date().toISOString();
const machine = await describeMachine();
const { stdout: commit } = await execute(["git", "-C", CHECKOUT, "describe", "--always", "--dirty"]);
const seeded = new SeededDirectory(join(root, "seeded"), progress);
process.stdout.write(`${machine}\n\n`);

const reports: CaseReport[] = [];
for (const benchCase of cases) {
  if (wanted === undefined || wanted.includes(benchCase.name)) reports.push(await runCase(benchCase));
}
const report = { startedAt, machine, commit: commit.trim(), full: values.full, rounds: ROUNDS, cases: reports };
await writeReport(values.report, report);
await ending.disposeAsync();
process.stdout.write(`${table(reports.flatMap(({ rows }) => rows))}\n\nReport: ${values.report}\n`);
const failed = reports.filter(({ failure }) => failure !== undefined);
if (failed.length > 0) {
  process.stdout.write(`Not measured: ${failed.map(({ name }) => name).join(", ")}\n`);
  process.exitCode = 1;
}

async function runCase({ name, title, run }: BenchCase): Promise<CaseReport> {
  progress(title);
  const startedMs = performance.now();
  const folder = await mkdtemp(join(root, `${name}-`));
  const cleanups = new AsyncDisposableStack();
  ending.use(cleanups);
  cleanups.defer(() => rm(folder, { recursive: true, force: true }));
  const context: BenchContext = {
    full: values.full,
    rounds: ROUNDS,
    folder,
    cleanups,
    seeded: () => seeded.ready(),
    progress: (line) => progress(`  ${line}`),
  };
  const seconds = (): number => (performance.now() - startedMs) / 1000;
  try {
    const { rows, notes = [] } = await run(context);
    process.stdout.write(
      `${table(rows)}\n${notes.map((note) => `- ${note}\n`).join("")}(${seconds().toFixed(0)} s)\n\n`,
    );
    return { name, title, seconds: seconds(), rows, notes };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stdout.write(`${failure}\n\n`);
    return { name, title, seconds: seconds(), rows: [], notes: [], failure };
  } finally {
    await cleanups.disposeAsync();
  }
}

function progress(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}
