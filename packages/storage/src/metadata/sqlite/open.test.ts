import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metadataContract } from "@stowage/testkit";
import { expect, it } from "vitest";
import { openSqlite } from "./open.ts";

metadataContract("SQLite in memory", async () => {
  const metadata = await openSqlite({ path: ":memory:" });
  return {
    metadata,
    close: async () => {
      await metadata.close();
      return [];
    },
  };
});

metadataContract("SQLite in a file", async () => {
  const directory = await mkdtemp(join(tmpdir(), "stowage-sqlite-"));
  const metadata = await openSqlite({ path: join(directory, "stowage.db") });
  return {
    metadata,
    close: async () => {
      await metadata.close();
      const left = await readdir(directory);
      await rm(directory, { recursive: true });
      return left.filter((name) => name !== "stowage.db");
    },
  };
});

it("The files of a database are their owner's alone", async () => {
  const directory = await mkdtemp(join(tmpdir(), "stowage-sqlite-"));
  const metadata = await openSqlite({ path: join(directory, "stowage.db") });
  const names = await readdir(directory);
  const modes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).mode & 0o777));
  await metadata.close();
  await rm(directory, { recursive: true });
  expect(names.sort()).toEqual(["stowage.db", "stowage.db-shm", "stowage.db-wal"]);
  expect(modes).toEqual([0o600, 0o600, 0o600]);
});
