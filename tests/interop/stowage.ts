import assert from "node:assert/strict";
import { join } from "node:path";
import { type Daemon, run, startDaemon } from "./process.ts";
import type { Account } from "./registry.ts";

const CHECKOUT = join(import.meta.dirname, "../..");
const START_TIMEOUT_MS = 30_000;

export interface RunningStowage {
  readonly origin: string;
  readonly account: Account;
  readonly daemon: Daemon;
}

export interface StowageOptions {
  readonly dataFolder: string;
  readonly listen: string;
  readonly flags?: readonly string[];
  readonly cleanups: AsyncDisposableStack;
}

/** Starts a server of this checkout as its users do, and reads the credentials that it made on its first start. */
export async function startStowage({
  dataFolder,
  listen,
  flags = [],
  cleanups,
}: StowageOptions): Promise<RunningStowage> {
  const env = ownEnvironment();
  const serve = ["npx", "stowage", "serve", "--data", dataFolder, "--listen", listen, ...flags];
  const daemon = startDaemon(serve, { cwd: CHECKOUT, env });
  cleanups.defer(() => daemon.end());
  await daemon.waitFor(/^Listening on https?:\/\/\S+$/m, START_TIMEOUT_MS);
  const account = accountOf(JSON.parse(await stowage("env", "--data", dataFolder, "--format", "json")));
  // What AWS clients are pointed at, so that all clients mean the registry by one name.
  const origin = account.environment["AWS_ENDPOINT_URL_ECR"];
  assert.ok(origin);
  return { origin, account, daemon };
}

/** Runs a command of this checkout, as its users do. @returns what it printed */
export async function stowage(...command: readonly string[]): Promise<string> {
  const { stdout } = await run(["npx", "stowage", ...command], { cwd: CHECKOUT, env: ownEnvironment() });
  return stdout;
}

export function accountOf(variables: Readonly<Record<string, unknown>>): Account {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (name.startsWith("AWS_") && typeof value === "string") environment[name] = value;
  }
  const value = (name: string): string => {
    const found = environment[name];
    assert.ok(found, `${name} is not given`);
    return found;
  };
  return {
    accessKeyId: value("AWS_ACCESS_KEY_ID"),
    secretAccessKey: value("AWS_SECRET_ACCESS_KEY"),
    region: value("AWS_REGION"),
    environment,
  };
}

/** What surrounds this run must not reach the server: AWS and Stowage variables stay out. */
function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !/^(AWS|STOWAGE)_/.test(entry[0]),
    ),
  );
}
