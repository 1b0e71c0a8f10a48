import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ServerProcess, startProcess } from "./server-process.ts";
import { DISTRIBUTION_VERSION, inherited, installDistribution } from "./tools.ts";

export const PEER_NAME = `distribution v${DISTRIBUTION_VERSION}`;

const START_TIMEOUT_MS = 10_000;
const POLL_MS = 5;

/** `AWS:bench`, hashed with the fewest rounds that the peer takes, so that checking costs it as little as it can. */
const PASSWORD_FILE = "AWS:$2b$04$benchbenchbenchbenchbeDbOv47tUN2CYR56P2t3OJ45t4JAixJu\n";
const PASSWORD_HEADER = `Basic ${Buffer.from("AWS:bench").toString("base64")}`;

export interface RunningRegistry {
  readonly process: ServerProcess;
  readonly origin: string;
  /** What requests carry as `Authorization`; absent when the registry asks for nothing. */
  readonly authorization?: string;
}

export interface DistributionOptions {
  readonly folder: string;
  /** Check a password on each request. Docker's registry has no other check of its own. */
  readonly withPassword?: boolean;
}

/** Starts Docker's registry over a folder, with its defaults but for logs, which go nowhere. */
export async function startDistribution({
  folder,
  withPassword = false,
}: DistributionOptions): Promise<RunningRegistry> {
  const program = await installDistribution();
  await mkdir(join(folder, "data"), { recursive: true });
  const port = await freePort();
  const passwords = join(folder, "htpasswd");
  await writeFile(passwords, PASSWORD_FILE);
  const config = {
    version: 0.1,
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}` },
    ...(withPassword ? { auth: { htpasswd: { realm: "bench", path: passwords } } } : {}),
  };
  const file = join(folder, "config.yml");
  await writeFile(file, JSON.stringify(config)); // JSON is YAML
  const process = startProcess({
    command: [program, "serve", file],
    env: { ...inherited(), OTEL_TRACES_EXPORTER: "none" },
  });
  const origin = `http://127.0.0.1:${port}`;
  const authorization = withPassword ? PASSWORD_HEADER : undefined;
  await answering(process, `${origin}/v2/`);
  return { process, origin, ...(authorization === undefined ? {} : { authorization }) };
}

/** Polls until the server answers at all. @throws when it ends before that, or takes longer than 10 s */
export async function answering(server: ServerProcess, url: string): Promise<void> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    if (!server.running) break;
    const answered = await fetch(url).then(
      async (answer) => {
        await answer.body?.cancel();
        return true;
      },
      () => false,
    );
    if (answered) return;
    await delay(POLL_MS);
  }
  throw new Error(`no answer from ${url}\n${server.log()}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
  return address.port;
}
