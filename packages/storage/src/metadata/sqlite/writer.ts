import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LogSize } from "./checkpointer.ts";
import { Connection } from "./connection.ts";
import type { TransactionControl } from "./transaction-queue.ts";

/** The one connection that writes. */
export class Writer implements TransactionControl {
  readonly connection: Connection;
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #changes: StatementSync;
  readonly #logSize: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.connection = new Connection(database);
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#changes = database.prepare("SELECT total_changes() AS changes");
    this.#logSize = database.prepare("PRAGMA wal_checkpoint(NOOP)");
  }

  begin(): void {
    this.#begin.run();
  }

  commit(): void {
    this.#commit.run();
  }

  rollback(): void {
    // SQLite has rolled back by itself after some errors, a full disk among them.
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }

  /** Rows changed since the connection was opened. */
  changes(): number {
    return Number(this.#changes.get()?.["changes"]);
  }

  logSize(): LogSize {
    const row = this.#logSize.get();
    return { pages: Number(row?.["log"]), copiedPages: Number(row?.["checkpointed"]) };
  }
}
