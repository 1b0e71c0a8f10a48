import { connect } from "node:net";
import type { Socket } from "node:net";
import type { StreamReply, StreamRequest } from "../oci/http-stream.ts";

const SLAB_BYTES = 1024 * 1024;
/** What is left of a slab is read into as long as it is no smaller. */
const MIN_READ_BYTES = 128 * 1024;
/** How much may wait to be taken before the server is made to wait. */
const MAX_WAITING_BYTES = 2 * SLAB_BYTES;
const MAX_FREE_SLABS = 3;
const MAX_HEAD_BYTES = 16 * 1024;
const HEAD_END = "\r\n\r\n";
const STATUS_LINE = /^HTTP\/1\.1 (200|206)(?: |$)/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;

/**
 * Gets a large body on a connection of its own and without TLS. `node:http` copies what it receives, in pieces of 64 KiB:
 * that costs as much as everything else that a copy between registries does, hashing aside.
 * @returns undefined when the answer is anything but 200 or 206 with a length: it has to be asked for in the common way
 */
export async function getLarge({
  url,
  headers,
  signal,
  reusesMemory = false,
}: StreamRequest): Promise<StreamReply | undefined> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const lines = Object.entries({ host, ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}`);
  const head = [`GET ${pathname}${search} HTTP/1.1`, ...lines];
  if (head.some((line) => /[\r\n\0]/.test(line))) return undefined;
  signal?.throwIfAborted();
  const answer = new Answer(reusesMemory);
  const socket = connect({
    host: hostname.replaceAll(/[[\]]/g, ""),
    port: port === "" ? 80 : Number(port),
    onread: { buffer: () => answer.room(), callback: (count) => answer.received(count) },
  });
  const stop = (): void => void socket.destroy(signal?.reason as Error);
  signal?.addEventListener("abort", stop, { once: true });
  socket.on("error", (error) => answer.fail(error));
  socket.on("close", () => {
    signal?.removeEventListener("abort", stop);
    answer.fail(new Error("The connection ended early"));
  });
  socket.write(`${head.join("\r\n")}${HEAD_END}`, "latin1");
  const received = await answer.head();
  if (received === undefined) {
    socket.destroy();
    return undefined;
  }
  return { ...received, body: answer.body(socket), discard: () => void socket.destroy() };
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What comes. The memory of a slab is used again when all of it was taken, where that is allowed. */
class Answer {
  readonly #reusesMemory: boolean;
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
    for (;;) {
      const end = this.#slab.subarray(0, this.#filled).indexOf(HEAD_END);
      if (end >= 0) {
        const head = parseHead(this.#slab.toString("latin1", 0, end));
        this.#taken = end + HEAD_END.length;
        this.#waitingBytes = this.#filled - this.#taken;
        this.#leftBytes = Number(head?.headers["content-length"]);
        return head;
      }
      if (this.#filled > MAX_HEAD_BYTES) return undefined;
      await this.#more();
    }
  }

  async *body(socket: Socket): AsyncGenerator<Uint8Array> {
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
