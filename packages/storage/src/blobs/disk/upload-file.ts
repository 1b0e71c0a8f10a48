import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { constants } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";

const OWNER_ONLY = 0o600;

/** The digest that nearly every client names; any other is computed by reading. */
const RUNNING_ALGORITHM = "sha256";

const READ_BYTES = 1_048_576;

/** How much is hashed before other uploads of the thread get their turn. */
const SLICE_BYTES = 4 * READ_BYTES;

/**
 * How much the system may hold back from the disk. Left to itself it would hold gigabytes, and an upload's last request would wait
 * for all of them.
 */
const FLUSH_STEP_BYTES = 32 * READ_BYTES;

/** An open upload: its file, and the hash of its bytes as long as nobody has lost track of it. */
export class UploadFile {
  readonly #file: number;
  #sizeBytes: number;
  /** Uploads that advance together are not to wait for the disk all at once. */
  #unflushedBytes = Math.floor(Math.random() * FLUSH_STEP_BYTES);
  #running: Hash | undefined;

  readonly #sync: (file: number) => void;

  private constructor(file: number, sync: (file: number) => void) {
    this.#file = file;
    this.#sync = sync;
    this.#sizeBytes = fstatSync(file).size;
    this.#running = this.#sizeBytes === 0 ? createHash(RUNNING_ALGORITHM) : undefined;
  }

  /** @param sync flushes a file to the disk @throws ENOENT when the file is missing and `create` is false */
  static open(path: string, create: boolean, sync: (file: number) => void = fsyncSync): UploadFile {
    const file = openSync(path, constants.O_RDWR | (create ? constants.O_CREAT : 0), OWNER_ONLY);
    try {
      return new UploadFile(file, sync);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  truncate(sizeBytes: number): void {
    if (sizeBytes === this.#sizeBytes) return;
    this.#running = undefined;
    ftruncateSync(this.#file, sizeBytes);
    this.#sizeBytes = sizeBytes;
    if (sizeBytes === 0) this.#running = createHash(RUNNING_ALGORITHM);
  }

  append(bytes: Uint8Array): void {
    let written = 0;
    while (written < bytes.byteLength) {
      written += writeSync(this.#file, bytes, written, bytes.byteLength - written, this.#sizeBytes + written);
    }
    this.#running?.update(bytes);
    this.#sizeBytes += bytes.byteLength;
    this.#unflushedBytes += bytes.byteLength;
    if (this.#unflushedBytes >= FLUSH_STEP_BYTES) this.flush();
  }

  /**
   * Brings all bytes to the disk. When that fails none are kept: the system tells of it once and then takes them for written,
   * so that no later flush could be believed.
   */
  flush(): void {
    try {
      this.#sync(this.#file);
    } catch (error) {
      this.truncate(0);
      throw error;
    }
    this.#unflushedBytes = 0;
  }

  /** The hash of all bytes in hexadecimal. Only one call may be answered from what was hashed while writing. */
  async hash(algorithm: string): Promise<string> {
    const running = this.#running;
    this.#running = undefined;
    if (running !== undefined && algorithm === RUNNING_ALGORITHM) return running.digest("hex");
    return hashFile(this.#file, algorithm);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Hashes a file from its beginning, and lets the thread's other work run in between. */
export async function hashFile(file: number, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  let position = 0;
  for (;;) {
    const read = readSync(file, buffer, 0, READ_BYTES, position);
    if (read === 0) return hash.digest("hex");
    hash.update(buffer.subarray(0, read));
    position += read;
    if (position % SLICE_BYTES < read) await nextTurn();
  }
}
