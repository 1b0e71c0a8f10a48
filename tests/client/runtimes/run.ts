import { execFile, spawn } from "node:child_process";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { bundle, commandLineProgram, pageProgram } from "./bundle.ts";
import type { Exercise } from "./exercise.ts";
import { installRuntimes } from "./install.ts";
import { openPageServer } from "./page-server.ts";

/**
 * Runs the client in other runtimes against a Stowage of this checkout:
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
    flags: ["run", "--no-prompt", "--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--allow-sys"],
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

interface Server {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** A server of its own for each runtime, open to the page's origin where there is one. */
async function serve(folder: string, origin: string | undefined): Promise<Server> {
  const flags = ["serve", "--open", "--listen", "127.0.0.1:0", "--data", join(folder, "data"), "--log-level", "silent"];
  const env = origin === undefined ? process.env : { ...process.env, STOWAGE_CORS_ORIGINS: origin };
  const child = spawn(join(root, "node_modules/.bin/stowage"), flags, { stdio: ["ignore", "pipe", "ignore"], env });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for await (const line of createInterface(child.stdout)) {
    const endpoint = /^Listening on (\S+)$/.exec(line)?.[1];
    if (endpoint === undefined) continue;
    return {
      endpoint,
      stop: () => {
        child.kill();
        return ended;
      },
    };
  }
  throw new Error("stowage serve ended before it listened");
}

async function exerciseIn(program: string, runtime: Runtime, silentEndpoint: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "stowage-runtime-"));
  let server: Server | undefined;
  const given = (endpoint: string): string => {
    const options = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", region: "us-east-1", endpoint };
    return JSON.stringify({ options, silentEndpoint } satisfies Exercise);
  };
  try {
    if (runtime.isBrowser !== true) {
      server = await serve(folder, undefined);
      const file = join(folder, "exercise.mjs");
      const { code } = await bundle("node", commandLineProgram);
      await writeFile(file, code);
      const args = [...runtime.flags, file, given(server.endpoint)];
      const { stdout } = await run(program, args, { timeout: DEADLINE_MS, cwd: folder });
      return JSON.parse(stdout) as string[];
    }
    const { code } = await bundle("web", pageProgram);
    const page = await openPageServer(code, () => given(server?.endpoint ?? ""));
    server = await serve(folder, page.origin);
    const args = [...runtime.flags, `--user-data-dir=${join(folder, "profile")}`, `${page.origin}/`];
    const browser = spawn(program, args, { stdio: "ignore" });
    const gone = new Promise<never>((_, reject) => {
      browser.once("error", reject);
      browser.once("exit", () => reject(new Error("the browser ended before the page was done")));
      setTimeout(() => reject(new Error("the page took too long")), DEADLINE_MS).unref();
    });
    try {
      return JSON.parse(await Promise.race([page.outcome, gone])) as string[];
    } finally {
      gone.catch(() => undefined);
      browser.kill();
      page.close();
    }
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

// A client that gives up may leave by a reset.
const silent = createServer((socket) => socket.on("error", () => undefined));
await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
const silentEndpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
const words = process.argv.slice(2);
if (words.includes("--install")) await installRuntimes();
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
  const failed = lines.filter((line) => !line.startsWith("ok "));
  process.stdout.write(`${name}: ${lines.length - failed.length} of ${lines.length} steps passed (${program})\n`);
  for (const line of failed) process.stdout.write(`  ${line}\n`);
  if (failed.length > 0) process.exitCode = 1;
}
process.exit();
