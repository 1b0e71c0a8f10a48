import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runDockerStore } from "./docker-store.ts";

const folder = mkdtempSync(join(tmpdir(), "stowage-docker-store-"));
afterAll(() => rmSync(folder, { recursive: true }));
const io = {
  stdout: { write: () => true },
  stderr: { write: () => true },
  environment: { PATH: `${folder}:${process.env["PATH"] ?? ""}` },
};

function answerOf(sizeBytes: number): Promise<string> {
  const script = `#!/bin/sh\ncat > /dev/null\nhead -c ${sizeBytes} /dev/zero\n`;
  writeFileSync(join(folder, "docker-credential-full"), script, { mode: 0o700 });
  return runDockerStore(io, "full", { action: "get", input: "registry" });
}

it.runIf(process.platform !== "win32")("a helper may answer 64 KiB, and is refused with one byte more", async () => {
  expect(await answerOf(64 * 1024)).toHaveLength(64 * 1024);
  await expect(answerOf(64 * 1024 + 1)).rejects.toThrow("it answers over 65536 bytes");
});
