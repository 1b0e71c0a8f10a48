import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EcrClientOptions } from "@stowage/client";
import { openServer } from "../../wire/oci/server.ts";
import type { OciServer } from "../../wire/oci/server.ts";
import { bundle, commandLineProgram } from "./bundle.ts";
import { exercise } from "./exercise.ts";
import type { Exercise } from "./steps.ts";
import { openFaultyRegistry } from "./faulty-registry.ts";
import { nodeMachine } from "./node-machine.ts";

const run = promisify(execFile);
const silent = createServer(() => undefined);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stowage-client-"));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  silent.close();
  await rm(folder, { recursive: true });
});

const STEPS = 52;
const failures = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.startsWith("ok "));

/** Does something against two servers. */
async function withServers(work: (given: Exercise) => Promise<readonly string[]>): Promise<readonly string[]> {
  const faulty = await openFaultyRegistry();
  const servers = [await openServer(), await openServer()];
  try {
    const [options = {}, otherOptions = {}] = await Promise.all(servers.map(optionsOf));
    const silentEndpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    return await work({ options, otherOptions, silentEndpoint, faultyEndpoint: faulty.endpoint, folder });
  } finally {
    faulty.close();
    for (const server of servers) await server.close();
  }
}

async function optionsOf({ origin, ecr }: OciServer): Promise<EcrClientOptions> {
  const { accessKeyId, secretAccessKey } = await ecr.config.credentials();
  return { accessKeyId, secretAccessKey, region: "us-east-1", endpoint: origin };
}

it("the client passes every step against servers that verify", async () => {
  const lines = await withServers((given) => exercise(given, nodeMachine(folder)));
  expect(failures(lines)).toEqual([]);
  expect(lines).toHaveLength(STEPS);
});

it.each(["node", "web"] as const)("the %s build, bundled, passes every step", async (build) => {
  const file = join(folder, `${build}.mjs`);
  const { code } = await bundle(build, commandLineProgram[build]);
  await writeFile(file, code);
  const lines = await withServers(async (given) => {
    const { stdout } = await run(process.execPath, [file, JSON.stringify(given)]);
    return JSON.parse(stdout) as string[];
  });
  expect(failures(lines)).toEqual([]);
  expect(lines).toHaveLength(STEPS);
});
