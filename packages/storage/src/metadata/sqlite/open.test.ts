import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metadataContract } from "@stowage/testkit";
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
