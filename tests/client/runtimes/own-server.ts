import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { EcrClientOptions } from "@stowage/client";

const run = promisify(execFile);
const stowage = join(import.meta.dirname, "../../../node_modules/.bin/stowage");

export interface OwnServer {
  /** How its first account calls it. */
  readonly options: EcrClientOptions;
  stop(): Promise<void>;
}

/** Starts a Stowage of this checkout on an empty folder, open to the page's origin where there is one. */
export async function startServer(data: string, origin: string | undefined): Promise<OwnServer> {
  const flags = ["serve", "--listen", "127.0.0.1:0", "--data", data, "--log-level", "silent"];
  const env = origin === undefined ? process.env : { ...process.env, STOWAGE_CORS_ORIGINS: origin };
  const child = spawn(stowage, flags, { stdio: ["ignore", "pipe", "ignore"], env });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = (): Promise<void> => {
    child.kill();
    return ended;
  };
  for await (const line of createInterface(child.stdout)) {
    const endpoint = /^Listening on (\S+)$/.exec(line)?.[1];
    if (endpoint !== undefined) return { options: { ...(await firstKey(data)), endpoint }, stop };
  }
  throw new Error("stowage serve ended before it listened");
}

async function firstKey(data: string): Promise<EcrClientOptions> {
  const { stdout } = await run(stowage, ["env", "--data", data, "--format", "json"]);
  const variables = JSON.parse(stdout) as Readonly<Record<string, string>>;
  return {
    accessKeyId: variables["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: variables["AWS_SECRET_ACCESS_KEY"] ?? "",
    region: variables["AWS_REGION"] ?? "",
  };
}
