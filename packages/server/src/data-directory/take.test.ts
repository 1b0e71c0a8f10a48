import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RegistryId } from "@stowage/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAnnouncement, type Announcement } from "./run-file.ts";
import { DirectoryInUse, takeDirectory } from "./take.ts";

const announcement: Announcement = {
  pid: 4711,
  endpoint: "http://127.0.0.1:5100",
  account: "000000000000" as RegistryId,
  region: "us-east-1",
};
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stowage-take-"));
  path = join(folder, "a", "b");
});
afterEach(() => rm(folder, { recursive: true }));

describe("a data directory", () => {
  it("is made for its owner alone", async () => {
    const directory = await takeDirectory(path);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    await directory.close();
  });

  it("belongs to one at a time", async () => {
    const directory = await takeDirectory(path);
    const refused = takeDirectory(path, 0);
    await expect(refused).rejects.toBeInstanceOf(DirectoryInUse);
    await expect(refused).rejects.toThrow(`The data directory ${path} is in use by another process.`);
    await directory.close();
    await (await takeDirectory(path, 0)).close();
  });

  it("names the server that has it, without waiting", async () => {
    const directory = await takeDirectory(path);
    await directory.announce(announcement);
    const refused = takeDirectory(path);
    await expect(refused).rejects.toMatchObject({ server: { pid: 4711, endpoint: announcement.endpoint } });
    await expect(refused).rejects.toThrow("in use by the server at http://127.0.0.1:5100 (process 4711)");
    await directory.close();
  });

  it("is waited for while a command has it", async () => {
    const directory = await takeDirectory(path);
    const next = takeDirectory(path);
    await expect(Promise.race([next.then(() => "taken"), Promise.resolve("held")])).resolves.toBe("held");
    await directory.close();
    await (await next).close();
  });
});

describe("what a server announces", () => {
  it("is read as it was written, by its owner alone", async () => {
    const directory = await takeDirectory(path);
    await directory.announce(announcement);
    expect(await readAnnouncement(path)).toEqual(announcement);
    expect((await stat(join(path, "run.json"))).mode & 0o777).toBe(0o600);
    await directory.close();
    expect(await readAnnouncement(path)).toBeUndefined();
  });

  it("is nothing when it is absent or broken", async () => {
    expect(await readAnnouncement(folder)).toBeUndefined();
    for (const text of ["", "{", "null", "[]", '"x"', "{}", JSON.stringify({ ...announcement, account: "1" })]) {
      await writeFile(join(folder, "run.json"), text);
      expect(await readAnnouncement(folder)).toBeUndefined();
    }
  });
});
