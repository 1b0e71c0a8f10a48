import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RegistryId } from "@stowage/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DirectoryInUse, lockDirectory } from "./lock.ts";
import { readRunFile, writeRunFile } from "./run-file.ts";

const run = {
  pid: 4711,
  endpoint: "http://127.0.0.1:5100",
  account: "000000000000" as RegistryId,
  region: "us-east-1",
};
let folder: string;
let directory: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stowage-lock-"));
  directory = join(folder, "a", "b");
});
afterEach(() => rm(folder, { recursive: true }));

describe("a data directory", () => {
  it("is made for its owner alone", async () => {
    const lock = await lockDirectory(directory);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    lock.release();
  });

  it("belongs to one at a time", async () => {
    const lock = await lockDirectory(directory);
    const refused = lockDirectory(directory, 0);
    await expect(refused).rejects.toBeInstanceOf(DirectoryInUse);
    await expect(refused).rejects.toThrow(`The data directory ${directory} is in use by another process.`);
    lock.release();
    lock.release();
    (await lockDirectory(directory, 0)).release();
  });

  it("names the server that has it, without waiting", async () => {
    const lock = await lockDirectory(directory);
    await writeRunFile(directory, run);
    const refused = lockDirectory(directory);
    await expect(refused).rejects.toMatchObject({ server: run });
    await expect(refused).rejects.toThrow("in use by the server at http://127.0.0.1:5100 (process 4711)");
    lock.release();
  });

  it("is waited for while a command has it", async () => {
    const lock = await lockDirectory(directory);
    const next = lockDirectory(directory);
    await expect(Promise.race([next.then(() => "taken"), Promise.resolve("held")])).resolves.toBe("held");
    lock.release();
    (await next).release();
  });

  it("forgets a server that is gone", async () => {
    (await lockDirectory(directory)).release();
    await writeRunFile(directory, run);
    const lock = await lockDirectory(directory);
    expect(await readRunFile(directory)).toBeUndefined();
    lock.release();
  });
});

describe("what a server tells of itself", () => {
  it("is read as it was written, by its owner alone", async () => {
    await writeRunFile(folder, run);
    expect(await readRunFile(folder)).toEqual(run);
    expect((await stat(join(folder, "run.json"))).mode & 0o777).toBe(0o600);
  });

  it("is nothing when it is absent or broken", async () => {
    const { writeFile } = await import("node:fs/promises");
    expect(await readRunFile(folder)).toBeUndefined();
    for (const text of ["", "{", "null", "[]", '"x"', "{}", JSON.stringify({ ...run, account: "1" })]) {
      await writeFile(join(folder, "run.json"), text);
      expect(await readRunFile(folder)).toBeUndefined();
    }
  });
});
