import type { IncomingMessage } from "node:http";
import type { Cancel, TransportClock } from "./clock.ts";
import { BodyTimeout, ClientGone } from "./errors.ts";
import type { TransportLimits } from "./limits.ts";

type Chunk = IteratorResult<Uint8Array, undefined>;

interface Waiter {
  resolve(chunk: Chunk): void;
  reject(error: Error): void;
}

const END: Chunk = { done: true, value: undefined };

/** The body of a request without one. */
export const emptyBody: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(END) }),
};

/** What a body needs from its surroundings. */
export interface BodyContext {
  readonly clock: TransportClock;
  readonly limits: TransportLimits;
  /** Called before the reader's first byte is asked for: the moment for `100 Continue`. */
  onFirstRead(): void;
}

/**
 * Gives the memory of a chunk back. Left to the garbage collector, 64 MiB of chunks make it look through the whole heap, again
 * and again while a layer is pushed: a third of the processor time of a push.
 */
function free({ buffer, byteLength }: Uint8Array): void {
  // Small pieces that the runtime has joined may share their memory with others.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/**
 * A request's body as an iterator over the parser's own chunks. About one socket read (64 KiB) waits for the reader;
 * while it waits, nothing is read from the connection.
 */
export class RequestBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  bytesIn = 0;
  private readonly incoming: IncomingMessage;
  private readonly context: BodyContext;
  private isOpen = false;
  private isAbandoned = false;
  private isEnded = false;
  private failure: Error | undefined;
  private lent: Uint8Array | undefined;
  private waiter: Waiter | undefined;
  private cancelTimer: Cancel | undefined;
  private waitingSince = 0;
  private patienceMs: number;
  private progressBytes = 0;

  constructor(incoming: IncomingMessage, context: BodyContext) {
    this.incoming = incoming;
    this.context = context;
    this.patienceMs = context.limits.bodyIdleTimeoutMs;
  }

  /** The client has sent, and the parser has seen, the last byte. */
  get isComplete(): boolean {
    return this.isEnded || this.incoming.complete;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Chunk> {
    this.takeBack();
    if (this.isAbandoned) return Promise.resolve(END);
    if (!this.isOpen) this.context.onFirstRead();
    return this.receive();
  }

  /** A reader that stops early leaves the rest to the reply, which drops a bounded part of it. */
  return(): Promise<Chunk> {
    this.isAbandoned = true;
    return Promise.resolve(END);
  }

  /**
   * Receives and drops what the reader left, within the limits on that.
   * @returns whether the body's end was reached, so that the connection may carry another request
   */
  async drain(): Promise<boolean> {
    this.isAbandoned = true;
    this.lent = undefined; // the reader stopped there, and may still work on it
    this.stopWaiting()?.resolve(END);
    const { clock, limits } = this.context;
    const cancel = clock.after(limits.drainTimeoutMs, () => this.fail(new BodyTimeout(limits.drainTimeoutMs)));
    try {
      const allowed = this.bytesIn + limits.drainBytes;
      while (this.bytesIn <= allowed) {
        const chunk = await this.receive();
        if (chunk.done === true) return true;
        this.takeBack();
      }
      return false;
    } catch {
      // Whatever cut the draining short, the connection is of no further use; the caller ends it.
      return false;
    } finally {
      cancel();
    }
  }

  private receive(): Promise<Chunk> {
    if (!this.isOpen) this.open();
    if (this.isEnded) return Promise.resolve(END);
    if (this.waiter !== undefined) return Promise.reject(new Error("a body has one reader"));
    const bytes: Uint8Array | null = this.incoming.read();
    if (bytes !== null) return Promise.resolve(this.counted(bytes));
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiter = { resolve, reject };
      this.startWaiting();
    });
  }

  private open(): void {
    this.isOpen = true;
    const { incoming } = this;
    if (incoming.destroyed) this.failure = new ClientGone();
    incoming.on("readable", () => this.onReadable());
    incoming.on("end", () => {
      this.isEnded = true;
      this.stopWaiting()?.resolve(END);
    });
    incoming.on("close", () => {
      if (!this.isEnded) this.fail(new ClientGone());
    });
  }

  private onReadable(): void {
    if (this.waiter === undefined) return;
    const bytes: Uint8Array | null = this.incoming.read();
    if (bytes === null) return;
    this.stopWaiting()?.resolve(this.counted(bytes));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.stopWaiting()?.reject(this.failure);
  }

  private counted(bytes: Uint8Array): Chunk {
    const { limits } = this.context;
    this.bytesIn += bytes.length;
    this.progressBytes += bytes.length;
    if (this.progressBytes >= limits.bodyProgressBytes) {
      this.progressBytes = 0;
      this.patienceMs = limits.bodyIdleTimeoutMs;
    }
    this.lent = bytes;
    return { done: false, value: bytes };
  }

  private takeBack(): void {
    if (this.lent !== undefined) free(this.lent);
    this.lent = undefined;
  }

  private startWaiting(): void {
    const { clock, limits } = this.context;
    this.waitingSince = clock.now();
    this.cancelTimer = clock.after(this.patienceMs, () => this.fail(new BodyTimeout(limits.bodyIdleTimeoutMs)));
  }

  private stopWaiting(): Waiter | undefined {
    const { waiter } = this;
    if (waiter === undefined) return undefined;
    this.waiter = undefined;
    this.cancelTimer?.();
    this.patienceMs -= this.context.clock.now() - this.waitingSince;
    return waiter;
  }
}
