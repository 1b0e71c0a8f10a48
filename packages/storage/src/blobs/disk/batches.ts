import { UploadBytesLost } from "@stowage/registry";
import type { Answer, Request } from "./messages.ts";

/** What one write to disk takes. */
export const BATCH_BYTES = 1_048_576;

/** What it takes when so many parts are under way that memory for large batches has run out. */
const SMALL_BATCH_BYTES = 65_536;

/** Large batches that are being filled or written. */
export const LARGE_BATCHES_LIMIT = 96;

/** Small batches that are kept for the next who needs one. */
const FREE_SMALL_BATCHES_LIMIT = 256;

/** Batches of one part that its thread has not written yet. */
const IN_FLIGHT_LIMIT = 2;

/**
 * Memory that both sides see, given out again and again. A part holds three batches at most: {@link LARGE_BATCHES_LIMIT} large
 * ones are there for all parts together, and whoever finds none gets a small one, so that nobody waits for a slow client.
 */
export class BatchBuffers {
  readonly #freeLarge: SharedArrayBuffer[] = [];
  readonly #freeSmall: SharedArrayBuffer[] = [];
  #largeMade = 0;

  take(): SharedArrayBuffer {
    const large = this.#freeLarge.pop();
    if (large !== undefined) return large;
    if (this.#largeMade === LARGE_BATCHES_LIMIT) {
      return this.#freeSmall.pop() ?? new SharedArrayBuffer(SMALL_BATCH_BYTES);
    }
    this.#largeMade += 1;
    return new SharedArrayBuffer(BATCH_BYTES);
  }

  give(buffer: SharedArrayBuffer): void {
    if (buffer.byteLength === BATCH_BYTES) this.#freeLarge.push(buffer);
    else if (this.#freeSmall.length < FREE_SMALL_BATCHES_LIMIT) this.#freeSmall.push(buffer);
  }
}

/** Gathers the chunks of one part and hands them to the upload's thread in batches, a bounded number ahead of it. */
export class PartBatches {
  readonly #buffers: BatchBuffers;
  readonly #path: string;
  readonly #ask: (request: Request) => Promise<Answer>;
  #batch: Uint8Array<SharedArrayBuffer> | undefined;
  #filledBytes = 0;
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
    return this.#sentBytes + this.#filledBytes;
  }

  /** Copies: the chunk's memory is the sender's again when this resolves. */
  async add(chunk: Uint8Array): Promise<void> {
    let copied = 0;
    while (copied < chunk.byteLength) {
      const batch = (this.#batch ??= new Uint8Array(this.#buffers.take()));
      const fits = chunk.subarray(copied, copied + batch.byteLength - this.#filledBytes);
      batch.set(fits, this.#filledBytes);
      this.#filledBytes += fits.byteLength;
      copied += fits.byteLength;
      if (this.#filledBytes === batch.byteLength) await this.#send();
    }
  }

  /** Resolves when all is written. */
  async finish(): Promise<void> {
    if (this.#filledBytes > 0 || this.#begins) await this.#send();
    await Promise.all(this.#inFlight);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Waits for what is under way, however it ends, and gives all memory back. */
  async close(): Promise<void> {
    await Promise.all(this.#inFlight);
    if (this.#batch !== undefined) this.#buffers.give(this.#batch.buffer);
    this.#batch = undefined;
  }

  async #send(): Promise<void> {
    if (this.#inFlight.length >= IN_FLIGHT_LIMIT) await this.#inFlight.shift();
    if (this.#failure !== undefined) throw this.#failure.error;
    const batch = this.#batch?.buffer ?? this.#buffers.take();
    const lengthBytes = this.#filledBytes;
    const write = { kind: "write", path: this.#path, atByte: this.#sentBytes, begins: this.#begins } as const;
    this.#batch = undefined;
    this.#filledBytes = 0;
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
}
