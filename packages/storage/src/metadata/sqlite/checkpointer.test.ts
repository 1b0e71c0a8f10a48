import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Metadata } from "@stowage/registry";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LOG_PAGES_LIMIT, PASSIVE_PAGES } from "./checkpointer.ts";
import { openSqlite } from "./open.ts";

const PAGE_BYTES = 4_096;
/** A page in the log has a header of its own. */
const LOG_PAGE_BYTES = PAGE_BYTES + 24;
const VALUE_PAGES = 64;
const NAMES = 8;

const key = { registryId: "000000000000", region: "us-east-1" } as Parameters<Metadata["repositories"]["count"]>[0];

let directory: string;
let path: string;
let metadata: Metadata;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stowage-checkpoint-"));
  path = join(directory, "stowage.db");
  metadata = await openSqlite({ path });
});

afterEach(async () => {
  await metadata.close();
  await rm(directory, { recursive: true });
});

/** Differs on every page from what the same name had before: SQLite leaves pages alone that stay the same. */
function valueOf(index: number): string {
  return String.fromCodePoint(97 + (index % 25)).repeat(VALUE_PAGES * PAGE_BYTES);
}

async function write(pages: number): Promise<void> {
  for (let index = 0; index < pages / VALUE_PAGES; index += 1) {
    const name = String(index % NAMES);
    await metadata.transaction((rows) => rows.settings.put(key, name, valueOf(index)), { durable: false });
  }
}

async function logBytes(): Promise<number> {
  return (await stat(`${path}-wal`)).size;
}

describe("the write-ahead log", () => {
  it("is copied into the database while it grows", async () => {
    const before = (await stat(path)).size;
    await write(2 * PASSIVE_PAGES);
    while ((await stat(path)).size === before) await new Promise((resolve) => setImmediate(resolve));
    expect(await logBytes()).toBeLessThan(LOG_PAGES_LIMIT * LOG_PAGE_BYTES);
  });

  it("starts anew at its limit under constant load, and loses nothing by it", async () => {
    await write(3 * LOG_PAGES_LIMIT);
    const slack = 2 * VALUE_PAGES;
    expect(await logBytes()).toBeLessThan((LOG_PAGES_LIMIT + slack) * LOG_PAGE_BYTES);
    const last = 3 * (LOG_PAGES_LIMIT / VALUE_PAGES) - 1;
    expect(await metadata.settings.find(key, String(last % NAMES))).toBe(valueOf(last));
  });

  it("grows on while another process reads from it, and starts anew afterwards", async () => {
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec("BEGIN; SELECT COUNT(*) FROM setting");
    await write(LOG_PAGES_LIMIT + PASSIVE_PAGES);
    const grown = await logBytes();
    expect(grown).toBeGreaterThan(LOG_PAGES_LIMIT * LOG_PAGE_BYTES);
    reader.exec("COMMIT");
    reader.close();
    await write(3 * LOG_PAGES_LIMIT);
    expect(await logBytes()).toBeLessThan(2 * grown);
  });

  it("is gone when the database is closed", async () => {
    await write(PASSIVE_PAGES);
    await metadata.close();
    await expect(logBytes()).rejects.toThrow("ENOENT");
    metadata = await openSqlite({ path });
    expect(await metadata.settings.list(key)).toHaveLength(NAMES);
  });
});
