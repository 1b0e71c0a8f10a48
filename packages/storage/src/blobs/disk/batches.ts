import { UploadBytesLost } from "@stowage/registry";
import type { Answer, Request } from "./messages.ts";

/** What one write to disk takes. */
export const BATCH_BYTES = 1_048_576;

/** Least that is gathered before it is written, when many uploads share {@link GATHERED_LIMIT_BYTES}. */
const SMALL_BATCH_BYTES = 65_536;

/** Most bytes that all uploads together gather before they write. */
const GATHERED_LIMIT_BYTES = 64 * BATCH_BYTES;

/** Batches of one part that its thread has not written yet. */
const IN_FLIGHT_LIMIT = 2;

/** Batches of all parts that no thread has written yet. */
const BUFFERS_LIMIT = 32;

/** Memory that both sides see, given out again and again. */
export class BatchBuffers {
  readonly #free: SharedArrayBuffer[] = [];
  readonly #waiting: ((buffer: SharedArrayBuffer) => void)[] = [];
  #made = 0;
  #users = 0;

  /** How much a part gathers before it writes. */
  get batchBytes(): number {
    const share = Math.floor(GATHERED_LIMIT_BYTES / Math.max(1, this.#users));
    return Math.min(BATCH_BYTES, Math.max(SMALL_BATCH_BYTES, share));
  }

  enter(): void {
    this.#users += 1;
  }

  leave(): void {
    this.#users -= 1;
  }

  async take(): Promise<SharedArrayBuffer> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#made === BUFFERS_LIMIT) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#made += 1;
    return new SharedArrayBuffer(BATCH_BYTES);
  }

  give(buffer: SharedArrayBuffer): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(buffer);
    else next(buffer);
  }
}

/** Gathers the chunks of one part and hands them to the upload's thread in batches, a bounded number ahead of it. */
export class PartBatches {
  readonly #buffers: BatchBuffers;
  readonly #path: string;
  readonly #ask: (request: Request) => Promise<Answer>;
  #chunks: Uint8Array[] = [];
  #gatheredBytes = 0;
  #sentBytes: number;
  #begins = true;
  readonly #inFlight: Promise<void>[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(
    buffers: BatchBuffers,
    part: { path: string; atByte: number },
    ask: (request: Request) => Promise<Answer>,
  ) {
    this.#buffers = buffers;
    this.#path = part.path;
    this.#sentBytes = part.atByte;
    this.#ask = ask;
  }

  /** Where the part ends so far. */
  get endByte(): number {
    return this.#sentBytes + this.#gatheredBytes;
  }

  async add(chunk: Uint8Array): Promise<void> {
    this.#chunks.push(chunk);
    this.#gatheredBytes += chunk.byteLength;
    while (this.#gatheredBytes >= this.#buffers.batchBytes) await this.#send();
  }

  /** Resolves when all is written. */
  async finish(): Promise<void> {
    while (this.#gatheredBytes > 0 || this.#begins) await this.#send();
    await Promise.all(this.#inFlight);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Waits for what is under way, however it ends. */
  async settle(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  async #send(): Promise<void> {
    if (this.#inFlight.length >= IN_FLIGHT_LIMIT) await this.#inFlight.shift();
    if (this.#failure !== undefined) throw this.#failure.error;
    const batch = await this.#buffers.take();
    const lengthBytes = this.#fill(new Uint8Array(batch));
    const write = { kind: "write", path: this.#path, atByte: this.#sentBytes, begins: this.#begins } as const;
    this.#begins = false;
    this.#sentBytes += lengthBytes;
    this.#inFlight.push(this.#written({ ...write, batch, lengthBytes }));
  }

  async #written(request: Extract<Request, { kind: "write" }>): Promise<void> {
    try {
      const answer = await this.#ask(request);
      if (answer.kind === "lost") throw new UploadBytesLost(answer.heldBytes);
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#buffers.give(request.batch);
    }
  }

  #fill(batch: Uint8Array): number {
    let filled = 0;
    let used = 0;
    for (const chunk of this.#chunks) {
      const room = batch.byteLength - filled;
      if (chunk.byteLength > room) {
        batch.set(chunk.subarray(0, room), filled);
        this.#chunks[used] = chunk.subarray(room);
        filled += room;
        break;
      }
      batch.set(chunk, filled);
      filled += chunk.byteLength;
      used += 1;
    }
    this.#chunks = this.#chunks.slice(used);
    this.#gatheredBytes -= filled;
    return filled;
  }
}
