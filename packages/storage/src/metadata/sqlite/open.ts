import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Metadata } from "@stowage/registry";
import { syncDirectory } from "../../sync-directory.ts";
import { migrate } from "../migrate.ts";
import type { Migration, SchemaWords } from "../schema.ts";
import { migrations } from "../schema.ts";
import { stores } from "../stores.ts";
import { totals } from "../totals.ts";
import { Checkpointer } from "./checkpointer.ts";
import { AfterTransactions, Connection } from "./connection.ts";
import { GroupSync } from "./group-sync.ts";
import { SqliteMetadata } from "./sqlite-metadata.ts";
import { TransactionQueue } from "./transaction-queue.ts";
import { Writer } from "./writer.ts";

export interface SqliteOptions {
  /** The database file, or `:memory:` for one that ends with the process. Its folder exists. */
  readonly path: string;
  /** Flushes the log's file; tests hand in one that fails. */
  readonly datasync?: (log: FileHandle) => Promise<void>;
  /** The schema's history; tests hand in another. */
  readonly migrations?: readonly Migration[];
}

export const sqliteWords: SchemaWords = {
  rowId: "INTEGER PRIMARY KEY AUTOINCREMENT",
  integer: "INTEGER",
  text: "TEXT",
  bytes: "BLOB",
  table: " STRICT",
  clustered: " STRICT, WITHOUT ROWID",
};

/** How long a statement waits for another process's lock. Ours are never in each other's way. */
const BUSY_TIMEOUT_MS = 1_000;

const OWNER_ONLY = 0o600;

const CACHE_KIB = 16_384;

function connect(path: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, readOnly });
  database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  return database;
}

/**
 * Opens the metadata of an installation, and makes or migrates it when need be.
 * @throws NewerDatabase a newer release wrote it
 */
export async function openSqlite(options: SqliteOptions): Promise<Metadata> {
  return options.path === ":memory:" ? openInMemory(options) : openFile(options);
}

/** One connection serves all; reads wait until no transaction is open. */
async function openInMemory(options: SqliteOptions): Promise<Metadata> {
  const database = connect(":memory:", false);
  const writer = new Writer(database);
  const queue = new TransactionQueue(writer);
  await prepare(writer, queue, options);
  const reader = new AfterTransactions(writer.connection, queue);
  return new SqliteMetadata({
    writer,
    queue,
    reads: stores(reader),
    totals: () => totals(reader),
    close: async () => database.close(),
  });
}

/** One connection writes, one reads what is committed, and one on a thread of its own makes checkpoints. */
async function openFile(options: SqliteOptions): Promise<Metadata> {
  const { path, datasync = (log: FileHandle) => log.datasync() } = options;
  await using opened = new AsyncDisposableStack();
  // SQLite would let others read; the files that it makes beside this one take its mode.
  await open(path, "a", OWNER_ONLY).then((file) => file.close());
  const writing = connect(path, false);
  opened.defer(() => writing.close());
  // A commit is flushed by GroupSync and copied by Checkpointer: on the main thread SQLite does neither by itself.
  writing.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");
  const writer = new Writer(writing);
  const queue = new TransactionQueue(writer);
  await prepare(writer, queue, options);

  const log = await open(`${path}-wal`, "r+");
  opened.defer(() => log.close());
  const sync = new GroupSync(() => datasync(log));
  sync.written();
  await sync.durable();
  await syncDirectory(dirname(path));

  const reading = connect(path, true);
  opened.defer(() => reading.close());
  const reader = new Connection(reading);
  const checkpointer = new Checkpointer(path, {
    alone: (work) => queue.alone(work),
    failed: (cause) => sync.fail(cause),
  });
  opened.defer(() => checkpointer.close());
  const parts = opened.move();
  return new SqliteMetadata({
    writer,
    queue,
    sync,
    checkpointer,
    reads: stores(reader),
    totals: () => totals(reader),
    close: () => parts.disposeAsync(),
  });
}

async function prepare(writer: Writer, queue: TransactionQueue, options: SqliteOptions): Promise<void> {
  await migrate(options.migrations ?? migrations, sqliteWords, (work) =>
    queue.transaction({ work: () => work(writer.connection) }),
  );
}
