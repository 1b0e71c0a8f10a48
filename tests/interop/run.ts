import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { scenarios } from "./clients/index.ts";
import { endAllChildren } from "./process.ts";
import { Registry } from "./registry.ts";
import { type ClientResult, closingLine, table, writeReport } from "./report.ts";
import { Context, type Scenario } from "./scenario.ts";
import { accountOf, startStowage } from "./stowage.ts";
import type { ToolName } from "./tool-table.ts";
import { type InstalledTool, installTools } from "./tools.ts";

const USAGE = `usage: node tests/interop/run.ts [--only a,b] [--endpoint URL] [--report FILE]

Drives real clients against Stowage, one after another. Without --endpoint a server is started for the run; with it,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION say who calls, and clients that need a server of their own are
left out.
Clients: ${scenarios.map(({ name }) => name).join(", ")}
`;

interface Target {
  readonly registry: Registry;
  readonly serverLog: () => string;
}

class UsageError extends Error {}

const cleanups = new AsyncDisposableStack();
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    interrupted = true;
    process.stderr.write(`${signal}: cleaning up\n`);
    void endAllChildren()
      .then(() => cleanups.disposeAsync())
      .finally(() => process.exit(130));
  });
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      endpoint: { type: "string" },
      report: { type: "string", default: join(import.meta.dirname, "../../.reports/interop.md") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const chosen = choose(values.only, values.endpoint !== undefined);
  const tools = await installTools(chosen.flatMap((scenario) => scenario.tools));
  const startedAt = new Date().toISOString();
  const work = await mkdtemp(join(tmpdir(), "stowage-interop-"));
  cleanups.defer(() => rm(work, { recursive: true, force: true }));
  const target = await findTarget(work, values.endpoint);
  const results: ClientResult[] = [];
  for (const scenario of chosen) {
    if (interrupted) break;
    const result = await drive(scenario, join(work, scenario.name), target, tools);
    results.push(result);
    process.stdout.write(
      `${result.failure ? "FAILED" : "passed"} ${result.client} in ${result.seconds.toFixed(1)} s\n`,
    );
    if (result.failure) process.stdout.write(`${result.failure.message}\n`);
  }
  await writeReport(values.report, { startedAt, endpoint: target.registry.origin, results });
  process.stdout.write(`\n${table(results)}\n\n${closingLine(results)}\n`);
  return results.some((result) => result.failure) ? 1 : 0;
}

function choose(only: string | undefined, endpointGiven: boolean): readonly Scenario[] {
  const names = only?.split(",").map((name) => name.trim());
  const unknown = names?.filter((name) => !scenarios.some((scenario) => scenario.name === name)) ?? [];
  if (unknown.length > 0) throw new UsageError(`unknown clients: ${unknown.join(", ")}`);
  return scenarios.filter(
    (scenario) => (names?.includes(scenario.name) ?? true) && !(endpointGiven && scenario.ownServer),
  );
}

async function findTarget(work: string, endpoint: string | undefined): Promise<Target> {
  if (endpoint === undefined) {
    const server = await startStowage({ dataFolder: join(work, "data"), listen: "127.0.0.1:0", cleanups });
    return { registry: new Registry(server.origin, server.account), serverLog: server.daemon.log };
  }
  const url = new URL(endpoint);
  const account = accountOf({
    ...process.env,
    AWS_DEFAULT_REGION: process.env["AWS_REGION"],
    AWS_ENDPOINT_URL_ECR: url.origin,
    AWS_ENDPOINT_URL_STS: url.origin,
  });
  const registry = new Registry(url.origin, account);
  return { registry, serverLog: () => "(the server was not started by this run)" };
}

async function drive(
  scenario: Scenario,
  folder: string,
  target: Target,
  tools: ReadonlyMap<ToolName, InstalledTool>,
): Promise<ClientResult> {
  const own = cleanups.use(new AsyncDisposableStack());
  const context = new Context({ scenario, folder, ...target, tools, cleanups: own });
  const [first] = scenario.tools;
  const version = scenario.version ?? (first === undefined ? undefined : tools.get(first)?.version) ?? "unknown";
  const startedMs = performance.now();
  const result = (failure?: unknown): ClientResult => ({
    client: scenario.name,
    version,
    steps: context.steps,
    seconds: (performance.now() - startedMs) / 1000,
    ...(failure === undefined ? {} : { failure: failureOf(context, failure) }),
  });
  try {
    await context.prepare();
    await scenario.run(context);
    context.currentStep = "cleaning up";
    await own.disposeAsync();
    return result();
  } catch (error) {
    const failed = result(error);
    await own.disposeAsync();
    return failed;
  }
}

function failureOf(context: Context, error: unknown): NonNullable<ClientResult["failure"]> {
  const message = `${describe(error)}\nserver log:\n${lastLines(context.serverLog())}`;
  return { step: context.currentStep, message };
}

/** The end of a log, with long lines cut, as one failure wants it beside it. */
function lastLines(log: string): string {
  const cut = (line: string): string => (line.length > 300 ? `${line.slice(0, 300)}…` : line);
  return log.trimEnd().split("\n").slice(-20).map(cut).join("\n");
}

function isBadArgument(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function describe(error: unknown): string {
  return error instanceof Error
    ? error.name === "CommandFailure"
      ? error.message
      : (error.stack ?? error.message)
    : String(error);
}

try {
  process.exitCode = await main();
} catch (error) {
  const usage = error instanceof UsageError || isBadArgument(error);
  process.stderr.write(usage ? `${error.message}\n\n${USAGE}` : `${describe(error)}\n`);
  process.exitCode = usage ? 2 : 1;
} finally {
  await cleanups.disposeAsync();
}
