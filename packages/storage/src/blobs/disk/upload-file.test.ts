import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UploadFile } from "./upload-file.ts";

const MIB = 1024 * 1024;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stowage-upload-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("an upload's file", () => {
  it("is flushed on the way, once in 32 MiB", () => {
    let flushes = 0;
    const upload = UploadFile.open(join(folder, "upload"), true, () => (flushes += 1));
    for (let written = 0; written < 64; written += 1) upload.append(Buffer.alloc(MIB));
    expect(flushes).toBe(2);
    upload.close();
  });

  it("keeps nothing when a flush fails, as no later one could be believed", async () => {
    const path = join(folder, "upload");
    const upload = UploadFile.open(path, true, () => {
      throw Object.assign(new Error("the disk refuses"), { code: "EIO" });
    });
    upload.append(Buffer.alloc(100));
    expect((await stat(path)).size).toBe(100);
    expect(() => upload.flush()).toThrow("the disk refuses");
    expect(upload.sizeBytes).toBe(0);
    expect((await stat(path)).size).toBe(0);
    upload.close();
  });
});
