import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openService } from "../../wire/ecr/service.ts";
import { bundle, commandLineProgram } from "./bundle.ts";

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

it.each(["node", "web"] as const)(
  "the %s build, bundled, passes every step against a server that verifies",
  async (build) => {
    const service = await openService();
    try {
      const { accessKeyId, secretAccessKey, region } = service.caller;
      const options = { accessKeyId, secretAccessKey, region, endpoint: service.endpoint };
      const silentEndpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const file = join(folder, `${build}.mjs`);
      const { code } = await bundle(build, commandLineProgram);
      await writeFile(file, code);
      const { stdout } = await run(process.execPath, [file, JSON.stringify({ options, silentEndpoint })]);
      const lines = JSON.parse(stdout) as string[];
      expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
      expect(lines).toHaveLength(9);
    } finally {
      await service.close();
    }
  },
);
