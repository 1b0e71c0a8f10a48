import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const SCRIPT = `
  const { processIo } = await import(${JSON.stringify(join(import.meta.dirname, "io.ts"))});
  console.log(await processIo.readInput().then((text) => text.length, (error) => error.message));
`;

it.each([
  [1024 * 1024, "1048576"],
  [1024 * 1024 + 1, "Standard input is over 1048576 bytes."],
])("standard input of %i bytes: %s", (sizeBytes, outcome) => {
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", SCRIPT], {
    input: Buffer.alloc(sizeBytes, "x"),
    encoding: "utf8",
  });
  expect(stdout.trim()).toBe(outcome);
});
