import { execFile, spawn } from "node:child_process";
import { access, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { bundle, commandLineProgram, pageProgram } from "./bundle.ts";
import type { Exercise } from "./steps.ts";
import { openFaultyRegistry } from "./faulty-registry.ts";
import { installRuntimes } from "./install.ts";
import { startServer } from "./own-server.ts";
import type { OwnServer } from "./own-server.ts";
import { openPageServer } from "./page-server.ts";
import type { PageServer } from "./page-server.ts";

/**
 * Runs the client in other runtimes against two Stowages of this checkout:
 * `npx node tests/client/runtimes/run.ts [node] [node-22] [bun] [deno] [chromium]`. Without names, those that are found;
 * with names, one that is not found is a failure. `--install` brings the others first. STOWAGE_RUNTIME_BUN=/path/to/bun says where a program lies.
 */
const root = join(import.meta.dirname, "../../..");
const run = promisify(execFile);
const DEADLINE_MS = 60_000;

interface Runtime {
  readonly programs: readonly string[];
  readonly flags: readonly string[];
  readonly isBrowser?: true;
}

const runtimes: Readonly<Record<string, Runtime>> = {
  node: { programs: [process.execPath], flags: [] },
  "node-22": { programs: ["node-22", "node22"], flags: [] },
  bun: { programs: ["bun"], flags: ["run"] },
  deno: {
    programs: ["deno"],
    flags: [
      "run",
      "--no-prompt",
      "--allow-net=127.0.0.1,localhost",
      "--allow-env",
      "--allow-read",
      "--allow-write=.",
      "--allow-sys",
    ],
  },
  chromium: {
    programs: ["chromium", "chromium-browser", "google-chrome", "chrome-headless-shell"],
    flags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"],
    isBrowser: true,
  },
};

async function programOf(name: string, { programs }: Runtime): Promise<string | undefined> {
  const told = process.env[`STOWAGE_RUNTIME_${name.toUpperCase().replaceAll("-", "_")}`];
  const folders = [join(root, "node_modules/.bin"), ...(process.env["PATH"] ?? "").split(delimiter)];
  const places = programs.flatMap((program) =>
    program.includes("/") ? [program] : folders.map((folder) => join(folder, program)),
  );
  for (const place of told === undefined ? places : [told]) {
    const found = await access(place).then(
      () => true,
      () => false,
    );
    if (found) return place;
  }
  return undefined;
}

async function exerciseIn(program: string, runtime: Runtime, silentEndpoint: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "stowage-runtime-"));
  const page = runtime.isBrowser === true ? await openPageServer((await bundle("web", pageProgram)).code) : undefined;
  const faulty = await openFaultyRegistry();
  const servers: OwnServer[] = [];
  try {
    for (const name of ["one", "other"]) servers.push(await startServer(join(folder, name), page?.origin));
    const [options = {}, otherOptions = {}] = servers.map((server) => server.options);
    const files = join(folder, "files");
    await mkdir(files);
    const given = JSON.stringify({
      options,
      otherOptions,
      silentEndpoint,
      faultyEndpoint: faulty.endpoint,
      folder: files,
    } satisfies Exercise);
    if (page !== undefined) return JSON.parse(await outcomeOf({ program, runtime, folder, page, given })) as string[];
    const file = join(folder, "exercise.mjs");
    const { code } = await bundle("node", commandLineProgram.node);
    await writeFile(file, code);
    const args = [...runtime.flags, file, given];
    return await linesOf(run(program, args, { timeout: DEADLINE_MS, cwd: files }));
  } finally {
    page?.close();
    faulty.close();
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What the program printed; one that does not end by itself has failed, whatever it did before. */
async function linesOf(running: Promise<{ readonly stdout: string }>): Promise<readonly string[]> {
  try {
    return JSON.parse((await running).stdout) as string[];
  } catch (error) {
    const { killed, stdout } = error as { readonly killed?: boolean; readonly stdout?: string };
    if (killed !== true || stdout === undefined || stdout === "") throw error;
    return [...(JSON.parse(stdout) as string[]), "failed: the program does not end"];
  }
}

interface Visit {
  readonly program: string;
  readonly runtime: Runtime;
  readonly folder: string;
  readonly page: PageServer;
  readonly given: string;
}

/** Opens the page in a browser and waits for what it posts. */
async function outcomeOf({ program, runtime, folder, page, given }: Visit): Promise<string> {
  page.give(given);
  const args = [...runtime.flags, `--user-data-dir=${join(folder, "profile")}`, `${page.origin}/`];
  const browser = spawn(program, args, { stdio: "ignore" });
  const gone = new Promise<never>((_, reject) => {
    browser.once("error", reject);
    browser.once("exit", () => reject(new Error("the browser ended before the page was done")));
    setTimeout(() => reject(new Error("the page took too long")), DEADLINE_MS).unref();
  });
  try {
    return await Promise.race([page.outcome, gone]);
  } finally {
    gone.catch(() => undefined);
    browser.kill();
  }
}

// A client that gives up may leave by a reset.
const silent = createServer((socket) => socket.on("error", () => undefined));
await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
const silentEndpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
const words = process.argv.slice(2);
if (words.includes("--install")) await installRuntimes();
const totals = { passed: 0, failed: 0 };
const named = words.filter((word) => word !== "--install");
for (const name of named.length > 0 ? named : Object.keys(runtimes)) {
  const runtime = runtimes[name];
  const program = runtime === undefined ? undefined : await programOf(name, runtime);
  if (runtime === undefined || program === undefined) {
    process.stdout.write(`${name}: not found\n`);
    if (named.length > 0) process.exitCode = 1;
    continue;
  }
  const lines = await exerciseIn(program, runtime, silentEndpoint).catch((error: unknown) => [
    `failed: ${String(error)}`,
  ]);
  const failed = lines.filter((line) => !line.startsWith("ok ")).length;
  totals.passed += lines.length - failed;
  totals.failed += failed;
  process.stdout.write(`${name}: ${lines.length - failed} of ${lines.length} steps passed (${program})\n`);
  for (const line of lines) process.stdout.write(`  ${line}\n`);
}
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
if (totals.failed > 0) process.exitCode = 1;
process.exit();
