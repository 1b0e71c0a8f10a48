import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NewerDatabase } from "./migrate.ts";
import type { Migration } from "./schema.ts";
import { migrations } from "./schema.ts";
import { openSqlite } from "./sqlite/open.ts";

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stowage-migrate-"));
  path = join(directory, "stowage.db");
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

function query(sql: string): unknown[] {
  const database = new DatabaseSync(path);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

const one: Migration = { version: 1, statements: () => ["CREATE TABLE a (x INTEGER)", "INSERT INTO a VALUES (1)"] };
const two: Migration = {
  version: 2,
  statements: () => ["ALTER TABLE a ADD COLUMN y INTEGER", "UPDATE a SET y = x + 1"],
};
const broken: Migration = { version: 2, statements: () => ["UPDATE a SET x = 7", "INSERT INTO missing VALUES (1)"] };

async function openWith(steps: readonly Migration[]): Promise<void> {
  await (await openSqlite({ path, migrations: steps })).close();
}

describe("migrations", () => {
  it("run once each, in order, and keep what is there", async () => {
    await openWith([one]);
    await openWith([one]);
    await openWith([one, two]);
    await openWith([one, two]);
    expect(query("SELECT x, y FROM a")).toEqual([{ x: 1, y: 2 }]);
    expect(query("SELECT version FROM schema_version ORDER BY version")).toEqual([{ version: 1 }, { version: 2 }]);
  });

  it("change nothing when one fails, so that a mended one can follow", async () => {
    await openWith([one]);
    await expect(openWith([one, broken])).rejects.toThrow("missing");
    expect(query("SELECT x FROM a")).toEqual([{ x: 1 }]);
    await openWith([one, two]);
    expect(query("SELECT x, y FROM a")).toEqual([{ x: 1, y: 2 }]);
  });

  it("refuse a database of a newer release, and leave it as it is", async () => {
    await openWith([one, two]);
    await expect(openWith([one])).rejects.toThrow(NewerDatabase);
    await expect(openWith([one])).rejects.toThrow("schema version 2, this release knows 1");
    await openWith([one, two]);
  });

  it("are numbered from 1 without gaps", () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });
});
