import type { Metadata, MetadataReads, MetadataTransaction, Totals, TransactionOptions } from "@stowage/registry";
import { stores } from "../stores.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { TransactionConnection } from "./connection.ts";
import type { GroupSync } from "./group-sync.ts";
import type { TransactionQueue } from "./transaction-queue.ts";
import type { Writer } from "./writer.ts";

interface Parts {
  readonly writer: Writer;
  readonly queue: TransactionQueue;
  readonly reads: MetadataReads;
  readonly totals: () => Promise<Totals>;
  readonly close: () => Promise<void>;
  /** Absent in memory, where nothing outlives the process. */
  readonly sync?: GroupSync;
  readonly checkpointer?: Checkpointer;
}

export class SqliteMetadata implements Metadata {
  readonly repositories: MetadataReads["repositories"];
  readonly images: MetadataReads["images"];
  readonly blobs: MetadataReads["blobs"];
  readonly uploads: MetadataReads["uploads"];
  readonly settings: MetadataReads["settings"];
  readonly accounts: MetadataReads["accounts"];
  readonly accessKeys: MetadataReads["accessKeys"];
  readonly identities: MetadataReads["identities"];
  readonly sessions: MetadataReads["sessions"];
  readonly access: MetadataReads["access"];
  readonly #parts: Parts;
  #changes: number;
  #accessVersion: Promise<number> | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: Parts) {
    ({
      repositories: this.repositories,
      images: this.images,
      blobs: this.blobs,
      uploads: this.uploads,
      settings: this.settings,
      accounts: this.accounts,
      accessKeys: this.accessKeys,
      identities: this.identities,
      sessions: this.sessions,
    } = parts.reads);
    const { access } = parts.reads;
    this.access = {
      version: () => (this.#accessVersion ??= this.#readAccessVersion()),
      repositoryPolicy: (id) => access.repositoryPolicy(id),
      registryPolicy: (key) => access.registryPolicy(key),
      revocations: (subjects) => access.revocations(subjects),
    };
    this.#parts = parts;
    this.#changes = parts.writer.changes();
  }

  async transaction<T>(work: (rows: MetadataTransaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    if (this.#closed !== undefined) throw new Error("the metadata are closed");
    const { writer, queue, sync } = this.#parts;
    const connection = new TransactionConnection(writer.connection);
    const result = await queue.transaction({
      work: async () => {
        sync?.assertSound();
        return work(stores(connection));
      },
      committed: () => this.#committed(),
      ended: () => connection.end(),
    });
    if (options.durable !== false) await sync?.durable();
    return result;
  }

  totals(): Promise<Totals> {
    return this.#parts.totals();
  }

  /** Ends what was begun, and makes all of it durable. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#parts.queue.drained();
    try {
      await this.#parts.sync?.durable();
    } finally {
      await this.#parts.close();
    }
  }

  /** No other process writes to this database, so that what is read holds until the next commit: every request asks for it. */
  #readAccessVersion(): Promise<number> {
    const reading = this.#parts.reads.access.version();
    reading.catch(() => {
      if (this.#accessVersion === reading) this.#accessVersion = undefined;
    });
    return reading;
  }

  #committed(): void {
    const { writer, sync, checkpointer } = this.#parts;
    const changes = writer.changes();
    if (changes === this.#changes) return;
    this.#changes = changes;
    this.#accessVersion = undefined;
    sync?.written();
    checkpointer?.committed(writer.logSize());
  }
}
