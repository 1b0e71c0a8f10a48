import type { Socket } from "node:net";

const SLAB_BYTES = 1024 * 1024;
/** What is left of a slab is read into as long as it is no smaller. */
const MIN_READ_BYTES = 128 * 1024;
/** How much may wait to be taken before the server is made to wait. */
const MAX_WAITING_BYTES = 2 * SLAB_BYTES;
const MAX_FREE_SLABS = 3;
const MAX_HEAD_BYTES = 16 * 1024;
export const HEAD_END = "\r\n\r\n";
const STATUS_LINE = /^HTTP\/1\.1 (200|206)(?: |$)/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What comes. The memory of a slab is used again when all of it was taken, where that is allowed. */
export class LargeAnswer {
  readonly #reusesMemory: boolean;
  #head: Head | "other" | undefined;
  #slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  /** The slab is filled up to here, and taken up to there. */
  #filled = 0;
  #taken = 0;
  /** What earlier slabs still have. */
  readonly #waiting: Buffer[] = [];
  readonly #free: Buffer[] = [];
  #waitingBytes = 0;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #leftBytes = 0;
  #paused = false;

  constructor(reusesMemory: boolean) {
    this.#reusesMemory = reusesMemory;
  }

  room(): Buffer {
    if (this.#slab.length - this.#filled < MIN_READ_BYTES) {
      this.#waiting.push(this.#slab.subarray(this.#taken, this.#filled));
      this.#slab = this.#free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#filled = 0;
      this.#taken = 0;
    }
    return this.#slab.subarray(this.#filled);
  }

  /** @returns whether more may come at once */
  received(count: number): boolean {
    this.#filled += count;
    this.#waitingBytes += count;
    // At once: for the next read the slab may be put aside.
    this.#head ??= this.#findHead();
    this.#wake?.();
    this.#paused = this.#waitingBytes >= MAX_WAITING_BYTES;
    return !this.#paused;
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  /** Undefined when it is not the plain success that is read here. */
  async head(): Promise<Head | undefined> {
    while (this.#head === undefined) await this.#more();
    return this.#head === "other" ? undefined : this.#head;
  }

  #findHead(): Head | "other" | undefined {
    const end = this.#slab.subarray(0, this.#filled).indexOf(HEAD_END);
    if (end < 0) return this.#filled > MAX_HEAD_BYTES ? "other" : undefined;
    const head = parseHead(this.#slab.toString("latin1", 0, end));
    this.#taken = end + HEAD_END.length;
    this.#waitingBytes = this.#filled - this.#taken;
    this.#leftBytes = Number(head?.headers["content-length"]);
    return head ?? "other";
  }

  async *body(socket: Pick<Socket, "destroy" | "resume">): AsyncGenerator<Uint8Array> {
    try {
      while (this.#leftBytes > 0) {
        const chunk = this.#take();
        if (chunk === undefined) {
          await this.#more();
          continue;
        }
        const wanted = chunk.length > this.#leftBytes ? chunk.subarray(0, this.#leftBytes) : chunk;
        this.#leftBytes -= wanted.length;
        if (wanted.length > 0) yield wanted;
        this.#release(chunk);
        if (this.#paused && this.#waitingBytes < MAX_WAITING_BYTES) {
          this.#paused = false;
          socket.resume();
        }
      }
    } finally {
      socket.destroy();
    }
  }

  #take(): Buffer | undefined {
    let chunk = this.#waiting.shift();
    if (chunk === undefined && this.#filled > this.#taken) {
      chunk = this.#slab.subarray(this.#taken, this.#filled);
      this.#taken = this.#filled;
    }
    this.#waitingBytes -= chunk?.length ?? 0;
    return chunk;
  }

  /** The last piece of an earlier slab leaves it free. */
  #release({ buffer }: Buffer): void {
    if (!this.#reusesMemory || buffer === this.#slab.buffer || this.#waiting[0]?.buffer === buffer) return;
    if (this.#free.length < MAX_FREE_SLABS) this.#free.push(Buffer.from(buffer));
  }

  async #more(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}

/** Strict: what could be read in two ways is left to `node:http`. */
function parseHead(text: string): Head | undefined {
  const [first = "", ...lines] = text.split("\r\n");
  const status = STATUS_LINE.exec(first)?.[1];
  if (status === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value = ""] = FIELD.exec(line) ?? [];
    if (name === undefined || Object.hasOwn(headers, name.toLowerCase())) return undefined;
    headers[name.toLowerCase()] = value;
  }
  if (headers["transfer-encoding"] !== undefined || headers["content-encoding"] !== undefined) return undefined;
  return /^\d{1,15}$/.test(headers["content-length"] ?? "") ? { status: Number(status), headers } : undefined;
}
