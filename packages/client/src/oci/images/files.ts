/** Files under names with `/` between their parts, none of them `..`; read only. */
export interface ReadableFiles {
  /** Undefined when there is no such regular file. */
  sizeBytes(name: string): Promise<number | undefined>;
  read(name: string, fromByte: number): AsyncIterable<Uint8Array>;
}

/** A folder that may be written to. */
export interface Files extends ReadableFiles {
  /** Writes a file as a whole: while the chunks come, and when they fail, what was there before stays. */
  write(name: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
}

/** One file that is read anywhere. */
export interface RandomAccessFile {
  readonly sizeBytes: number;
  read(fromByte: number, lengthBytes: number): AsyncIterable<Uint8Array>;
}

export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
