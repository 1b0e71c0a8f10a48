import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NewerDatabase } from "./migrate.ts";
import type { Migration } from "./schema.ts";
import { migrations } from "./schema.ts";
import { openSqlite, sqliteWords } from "./sqlite/open.ts";

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

  it("bring a database of the first release up to date, and keep what it holds", async () => {
    await openWith(migrations.slice(0, 1));
    query("INSERT INTO account (id, created_at) VALUES ('000000000000', 1)");
    query("INSERT INTO access_key VALUES ('AKIA', '000000000000', 'arn', 'Active', 1, x'00')");
    const metadata = await openSqlite({ path });
    expect(await metadata.accounts.list()).toEqual([{ id: "000000000000", createdAt: new Date(1) }]);
    expect((await metadata.accessKeys.find("AKIA"))?.status).toBe("Active");
    expect(await metadata.access.version()).toBe(1);
    await metadata.close();
  });

  it("that were released stay as they were", () => {
    const statements = migrations.map((migration) => migration.statements(sqliteWords).join(";\n"));
    const digests = statements.map((text) => createHash("sha256").update(text).digest("hex").slice(0, 16));
    expect(digests.slice(0, 1)).toEqual(["c97161efeee955fe"]);
  });

  it("are numbered from 1 without gaps", () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });
});
