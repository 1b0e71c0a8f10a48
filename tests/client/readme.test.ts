import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { create } from "@stowage/client";
import { start } from "@stowage/server";
import { expect, it } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

it("the README's example of the client prints the repositories of a registry", async () => {
  const [, example = ""] = /```ts\n(.*?)```/su.exec(await readFile(join(root, "README.md"), "utf8")) ?? [];
  // Inside of the checkout, so that the packages are found by their names.
  const folder = await mkdtemp(join(import.meta.dirname, "readme-"));
  const data = join(folder, "data");
  const server = await start({ flags: { data, listen: "127.0.0.1:0", "log-level": "silent" }, environment: {} });
  try {
    const { accessKeyId, secretAccessKey } = await server.credentials();
    const { endpoint } = server;
    await create({ accessKeyId, secretAccessKey, region: "us-east-1", endpoint }).createRepository({
      repositoryName: "hello",
    });
    const keys = `const accessKeyId = "${accessKeyId}";\nconst secretAccessKey = "${secretAccessKey}";\n`;
    const program = join(folder, "example.ts");
    await writeFile(program, keys + example.replace("http://localhost:5100", endpoint));
    const { stdout } = await run(process.execPath, ["--conditions=@stowage/source", program]);
    expect(stdout).toBe(`localhost:${new URL(endpoint).port}/hello\n`);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
});
