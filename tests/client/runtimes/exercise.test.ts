import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openService } from "../../wire/ecr/service.ts";
import type { Service } from "../../wire/ecr/service.ts";
import { bundle, commandLineProgram } from "./bundle.ts";
import { exercise } from "./exercise.ts";
import type { Exercise } from "./exercise.ts";

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

const failures = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.startsWith("ok "));

function given({ caller, endpoint }: Service): Exercise {
  const { accessKeyId, secretAccessKey, region } = caller;
  const silentEndpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  return { options: { accessKeyId, secretAccessKey, region, endpoint }, silentEndpoint };
}

it("the client passes every step against a server that verifies", async () => {
  const service = await openService();
  try {
    const lines = await exercise(given(service));
    expect(failures(lines)).toEqual([]);
    expect(lines).toHaveLength(9);
  } finally {
    await service.close();
  }
});

it.each(["node", "web"] as const)("the %s build, bundled, passes every step", async (build) => {
  const service = await openService();
  try {
    const file = join(folder, `${build}.mjs`);
    const { code } = await bundle(build, commandLineProgram);
    await writeFile(file, code);
    const { stdout } = await run(process.execPath, [file, JSON.stringify(given(service))]);
    const lines = JSON.parse(stdout) as string[];
    expect(failures(lines)).toEqual([]);
    expect(lines).toHaveLength(9);
  } finally {
    await service.close();
  }
});
