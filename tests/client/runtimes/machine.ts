import type { Files, RandomAccessFile } from "@stowage/client";

/** What of a runtime the exercise needs besides standard globals. */
export interface Machine {
  /** An empty folder, of the disk where there is one. */
  folder(): Promise<Files>;
  /** A file of these bytes: on the disk, or as a page has it from its user. */
  file(chunks: AsyncIterable<Uint8Array>): Promise<RandomAccessFile>;
  /** Lets go of the files. */
  close(): Promise<void>;
}
