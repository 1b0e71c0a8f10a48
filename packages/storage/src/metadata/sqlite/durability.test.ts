import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Metadata } from "@stowage/registry";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DurabilityLost } from "./group-sync.ts";
import { openSqlite } from "./open.ts";

const key = { registryId: "000000000000", region: "us-east-1" } as Parameters<Metadata["repositories"]["count"]>[0];

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stowage-durable-"));
  path = join(directory, "stowage.db");
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

function put(metadata: Metadata, name: string, durable?: boolean): Promise<void> {
  return metadata.transaction((rows) => rows.settings.put(key, name, "1"), durable === undefined ? {} : { durable });
}

async function names(metadata: Metadata): Promise<string[]> {
  return (await metadata.settings.list(key)).map(({ name }) => name);
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("a durable commit", () => {
  it("is visible at once and answered after a flush that began after it", async () => {
    const flushes: PromiseWithResolvers<void>[] = [];
    let opening = true;
    const metadata = await openSqlite({
      path,
      datasync: () => {
        if (opening) return Promise.resolve();
        const flush = Promise.withResolvers<void>();
        flushes.push(flush);
        return flush.promise;
      },
    });
    opening = false;
    const answered: string[] = [];
    const answer = (name: string): Promise<number> => put(metadata, name).then(() => answered.push(name));
    const commits = [answer("a")];
    await turns();
    commits.push(answer("b"), answer("c"));
    await turns();
    expect(await names(metadata)).toEqual(["a", "b", "c"]);
    expect([answered, flushes.length]).toEqual([[], 1]);
    flushes[0]?.resolve();
    await turns();
    expect([answered, flushes.length]).toEqual([["a"], 2]);
    await put(metadata, "d", false);
    const reading = metadata.transaction((rows) => rows.settings.list(key));
    flushes[1]?.resolve();
    await turns();
    expect(answered).toEqual(["a", "b", "c"]);
    flushes[2]?.resolve();
    await Promise.all([...commits, reading]);
    await metadata.close();
  });

  it("that only read what is durable already needs no flush", async () => {
    let flushes = 0;
    const metadata = await openSqlite({ path, datasync: async () => void (flushes += 1) });
    await put(metadata, "a");
    const before = flushes;
    await metadata.transaction((rows) => rows.settings.list(key));
    expect(flushes).toBe(before);
    await metadata.close();
  });

  it("is promised no more after a flush has failed, while reads go on", async () => {
    let failing = false;
    const metadata = await openSqlite({
      path,
      datasync: async () => {
        if (failing) throw new Error("EIO: i/o error, fdatasync");
      },
    });
    await put(metadata, "before");
    failing = true;
    await expect(put(metadata, "lost")).rejects.toThrow(DurabilityLost);
    failing = false;
    await expect(put(metadata, "after")).rejects.toThrow(DurabilityLost);
    await expect(put(metadata, "careless", false)).rejects.toThrow(DurabilityLost);
    expect(await names(metadata)).toContain("before");
    await expect(metadata.close()).rejects.toThrow(DurabilityLost);
    const reopened = await openSqlite({ path });
    expect(await names(reopened)).not.toContain("after");
    await reopened.close();
  });

  it("survives the process that made it, up to the last answer", async () => {
    const writer = `
      import { openSqlite } from ${JSON.stringify(new URL("./open.ts", import.meta.url).href)};
      const metadata = await openSqlite({ path: process.argv[1] });
      const key = ${JSON.stringify(key)};
      for (let index = 0; ; index += 1) {
        await metadata.transaction((rows) => rows.settings.put(key, String(index), "1"));
        console.log(index);
      }`;
    const args = ["--conditions=@stowage/source", "--input-type=module", "--eval", writer, path];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let last = -1;
    for await (const line of createInterface(child.stdout)) {
      last = Number(line);
      if (last === 50) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    const metadata = await openSqlite({ path });
    const kept = new Set(await names(metadata));
    expect(last).toBeGreaterThanOrEqual(50);
    for (let index = 0; index <= last; index += 1) expect(kept.has(String(index))).toBe(true);
    await metadata.close();
  });
});

describe("closing", () => {
  it("ends what was begun, and makes commits durable that did not ask for it", async () => {
    let flushes = 0;
    const metadata = await openSqlite({ path, datasync: async () => void (flushes += 1) });
    const before = flushes;
    const last = put(metadata, "a", false);
    await metadata.close();
    await last;
    expect(flushes).toBe(before + 1);
    const reopened = await openSqlite({ path });
    expect(await names(reopened)).toEqual(["a"]);
    await reopened.close();
  });
});
