import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Executor, Row, Value } from "../executor.ts";
import type { TransactionQueue } from "./transaction-queue.ts";

/** Runs SQL on one connection and keeps every statement that it prepared: the stores have a fixed set of texts. */
export class Connection implements Executor {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async all(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.#statement(sql).all(...values);
  }

  async get(sql: string, ...values: Value[]): Promise<Row | undefined> {
    return this.#statement(sql).get(...values);
  }

  async run(sql: string, ...values: Value[]): Promise<number> {
    return Number(this.#statement(sql).run(...values).changes);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** A connection while a transaction lasts: what is called after it has ended fails, instead of joining the next one. */
export class TransactionConnection implements Executor {
  readonly #connection: Connection;
  #ended = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  end(): void {
    this.#ended = true;
  }

  async all(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.#live().all(sql, ...values);
  }

  async get(sql: string, ...values: Value[]): Promise<Row | undefined> {
    return this.#live().get(sql, ...values);
  }

  async run(sql: string, ...values: Value[]): Promise<number> {
    return this.#live().run(sql, ...values);
  }

  #live(): Connection {
    if (this.#ended) throw new Error("the transaction of these rows has ended");
    return this.#connection;
  }
}

/** Reads on the connection that also writes, at moments at which nothing uncommitted is there to be seen. */
export class AfterTransactions implements Executor {
  readonly #connection: Connection;
  readonly #queue: TransactionQueue;

  constructor(connection: Connection, queue: TransactionQueue) {
    this.#connection = connection;
    this.#queue = queue;
  }

  async all(sql: string, ...values: Value[]): Promise<Row[]> {
    while (this.#queue.open !== undefined) await this.#queue.open;
    return this.#connection.all(sql, ...values);
  }

  async get(sql: string, ...values: Value[]): Promise<Row | undefined> {
    while (this.#queue.open !== undefined) await this.#queue.open;
    return this.#connection.get(sql, ...values);
  }

  async run(sql: string, ...values: Value[]): Promise<number> {
    while (this.#queue.open !== undefined) await this.#queue.open;
    return this.#connection.run(sql, ...values);
  }
}
