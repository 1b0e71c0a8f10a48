import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DataDirectory } from "./data-directory.ts";
import { NewerDataDirectory, openDataDirectory } from "./data-directory.ts";

let path: string;

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), "stowage-data-")), "data");
});

afterEach(async () => {
  await rm(join(path, ".."), { recursive: true });
});

async function opened(): Promise<DataDirectory> {
  const opening = await openDataDirectory(path);
  if (opening.kind !== "open") throw new Error("another process has the data directory");
  return opening.directory;
}

const holder = `
  import { openDataDirectory } from ${JSON.stringify(new URL("./data-directory.ts", import.meta.url).href)};
  const { directory } = await openDataDirectory(process.argv[1]);
  await directory.announce({ pid: process.pid, endpoint: "http://127.0.0.1:1" });
  setImmediate(() => {
    gc();
    setImmediate(() => process.stdout.write("held"));
  });
  process.stdin.resume();
`;

describe("a data directory", () => {
  it("is made for its owner alone, with what a start needs", async () => {
    const directory = await opened();
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await readdir(path)).sort()).toEqual(["format", "keys", "lock"]);
    await directory.close();
  });

  it("is refused to a second user, who learns of the first", async () => {
    const directory = await opened();
    expect(await openDataDirectory(path)).toEqual({ kind: "held" });
    await directory.announce({ pid: 7, endpoint: "http://127.0.0.1:5100" });
    expect(await openDataDirectory(path)).toEqual({
      kind: "held",
      by: { pid: 7, endpoint: "http://127.0.0.1:5100" },
    });
    await directory.close();
  });

  it("is free after it was closed, and nothing tells of the server any more", async () => {
    const directory = await opened();
    await directory.announce({ pid: 7, endpoint: "http://127.0.0.1:5100" });
    await directory.close();
    await directory.close();
    expect(await readdir(path)).not.toContain("run.json");
    await (await opened()).close();
  });

  it("stays its user's, who need not hold on to it, and is free when the user was killed", async () => {
    const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "--eval", holder, path], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    expect(await openDataDirectory(path)).toMatchObject({ kind: "held", by: { pid: child.pid } });
    child.kill("SIGKILL");
    await once(child, "exit");
    const directory = await opened();
    expect(await readdir(path)).not.toContain("run.json");
    await directory.close();
  });

  it("of a newer format is refused and left to others", async () => {
    await (await opened()).close();
    await writeFile(join(path, "format"), "2\n");
    await expect(openDataDirectory(path)).rejects.toThrow(NewerDataDirectory);
    await writeFile(join(path, "format"), "1\n");
    await (await opened()).close();
  });
});
