import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readDocument } from "./documents.ts";

const io = { stdout: { write: () => true }, stderr: { write: () => true }, environment: {} };
const folder = mkdtempSync(join(tmpdir(), "stowage-documents-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(sizeBytes: number): string {
  const path = join(folder, String(sizeBytes));
  writeFileSync(path, "x".repeat(sizeBytes));
  return path;
}

describe("a document", () => {
  it("is read up to 1 MiB, and refused when it is one byte longer", async () => {
    expect(await readDocument(io, fileOf(1024 * 1024))).toHaveLength(1024 * 1024);
    await expect(readDocument(io, fileOf(1024 * 1024 + 1))).rejects.toThrow("it is over 1048576 bytes");
  });

  it.runIf(process.platform !== "win32")("of a pipe, which tells no size, has the same limit", async () => {
    const path = join(folder, "pipe");
    execFileSync("sh", ["-c", 'mkfifo "$0"', path]);
    const read = async (sizeBytes: number): Promise<string> => {
      // Who refuses the document reads no more of it.
      const written = writeFile(path, "x".repeat(sizeBytes)).catch(() => undefined);
      try {
        return await readDocument(io, path);
      } finally {
        await written;
      }
    };
    expect(await read(1024 * 1024)).toHaveLength(1024 * 1024);
    await expect(read(1024 * 1024 + 1)).rejects.toThrow("it is over 1048576 bytes");
  });
});
