import { close, open, read } from "node:fs";
import { SMALL_BUFFER_BYTES } from "./buffer-pool.ts";
import type { BufferPool } from "./buffer-pool.ts";
import type { Outgoing } from "./outgoing.ts";
import type { FileRegion } from "./types.ts";

function openFile(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, "r", (error, descriptor) => (error === null ? resolve(descriptor) : reject(error)));
  });
}

function closeFile(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    close(descriptor, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

/** An open region with its first bytes in hand: what can fail before the reply's head has been tried. */
export class OpenRegion {
  private readonly region: FileRegion;
  private readonly descriptor: number;
  private readonly pool: BufferPool;
  private readonly buffers: Buffer[] = [];
  private fileAt: number;
  private left: number;
  private first: Uint8Array = new Uint8Array(0);

  private constructor(region: FileRegion, descriptor: number, pool: BufferPool) {
    this.region = region;
    this.descriptor = descriptor;
    this.pool = pool;
    this.fileAt = region.offset;
    this.left = region.length;
  }

  /** @throws the file system's error, or RangeError for a file that ends before the region begins */
  static async open(region: FileRegion, pool: BufferPool): Promise<OpenRegion> {
    const opened = new OpenRegion(region, await openFile(region.path), pool);
    try {
      opened.first = await opened.fill(0);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** All bytes of a small region; they stay valid after `close`. */
  get whole(): Uint8Array | undefined {
    return this.left === 0 && this.region.length <= SMALL_BUFFER_BYTES ? this.first : undefined;
  }

  /** Sends the region: while one buffer is on its way out, the other is filled. */
  async send(outgoing: Outgoing): Promise<void> {
    let filled = this.first;
    let turn = 0;
    while (filled.length > 0) {
      const written = outgoing.writeReused(filled);
      turn = 1 - turn;
      // The write settles even when the read fails, so no buffer is handed back while in use.
      const [next, isOpen] = await Promise.allSettled([this.fill(turn), written]);
      if (next.status === "rejected") throw next.reason;
      if (isOpen.status === "rejected" || !isOpen.value) return;
      filled = next.value;
    }
  }

  async close(): Promise<void> {
    for (const buffer of this.buffers) this.pool.release(buffer);
    this.buffers.length = 0;
    await closeFile(this.descriptor);
  }

  /** The next bytes of the region, empty at its end. */
  private async fill(turn: number): Promise<Uint8Array> {
    if (this.left === 0) return new Uint8Array(0);
    const buffer = (this.buffers[turn] ??= this.pool.take(this.left));
    const wanted = Math.min(buffer.length, this.left);
    const got = await this.readAt(buffer, wanted);
    if (got === 0) throw new RangeError(`${this.region.path} ends ${this.left} bytes before the region asked for`);
    this.fileAt += got;
    this.left -= got;
    return buffer.subarray(0, got);
  }

  private readAt(buffer: Buffer, length: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.descriptor, buffer, 0, length, this.fileAt, (error, got) =>
        error === null ? resolve(got) : reject(error),
      );
    });
  }
}
