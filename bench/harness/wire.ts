import { connect, type Socket } from "node:net";

/** A body of known length in pieces that the sender does not touch again. */
export interface WireBody {
  readonly lengthBytes: number;
  readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

export interface WireRequest {
  readonly origin: string;
  readonly method: string;
  /** Path and query; or an absolute URL, of which the origin then counts. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: WireBody;
  /** Sees the answer's body as it comes; the memory of a piece is used again after the call. */
  readonly sink?: (piece: Uint8Array) => void;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly bodyBytes: number;
  /** The first bytes of the body, for messages. */
  readonly beginning: string;
}

const READ_BYTES = 1024 * 1024;
const BEGINNING_BYTES = 512;
const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * One HTTP/1.1 exchange on a connection of its own, written for loads: it reads into one reused buffer of 1 MiB and writes the
 * pieces that it is handed, so that a GiB costs the client little of the machine that it shares with the server.
 */
export async function exchange(request: WireRequest): Promise<WireAnswer> {
  const url = new URL(request.target, request.origin);
  const reader = new AnswerReader(request.method, request.sink);
  const socket = connect({
    host: url.hostname,
    port: Number(url.port),
    noDelay: true,
    onread: {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (count, buffer) => {
        reader.read(Buffer.from(buffer.buffer, buffer.byteOffset, count));
        return true;
      },
    },
  });
  try {
    socket.on("error", (error) => reader.fail(error));
    socket.on("close", () => reader.fail(new Error(`${request.method} ${url.pathname}: the connection ended early`)));
    const head = [`${request.method} ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`, "connection: close"];
    for (const [name, value] of Object.entries(request.headers ?? {})) head.push(`${name}: ${value}`);
    if (request.body !== undefined) head.push(`content-length: ${request.body.lengthBytes}`);
    else if (request.method !== "GET" && request.method !== "HEAD") head.push("content-length: 0");
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    if (request.body !== undefined) await send(socket, request.body, reader);
    return await reader.answer;
  } finally {
    socket.destroy();
  }
}

/** Stops early when the answer is there before the whole body was sent: a refusal. */
async function send(socket: Socket, body: WireBody, reader: AnswerReader): Promise<void> {
  const over = reader.answer.then(
    () => undefined,
    () => undefined,
  );
  for await (const piece of body.pieces) {
    if (reader.settled) return;
    if (socket.write(piece)) continue;
    const drained = new Promise<void>((resolve) => socket.once("drain", resolve));
    await Promise.race([drained, over]);
  }
}

/** Reads one answer with a Content-Length, or up to the end of the connection. */
class AnswerReader {
  readonly answer: Promise<WireAnswer>;
  readonly #settle: { readonly resolve: (answer: WireAnswer) => void; readonly reject: (error: Error) => void };
  readonly #hasBody: boolean;
  readonly #sink: ((piece: Uint8Array) => void) | undefined;
  #settled = false;
  #head: Buffer = Buffer.alloc(0);
  #status = 0;
  #headers = new Map<string, string>();
  #expectedBytes: number | undefined;
  #bodyBytes = 0;
  #beginning = "";

  constructor(method: string, sink: ((piece: Uint8Array) => void) | undefined) {
    const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>();
    promise.catch(() => undefined); // it is awaited after the body has been sent
    this.answer = promise;
    this.#settle = { resolve, reject };
    this.#hasBody = method !== "HEAD";
    this.#sink = sink;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** The connection has ended or failed; without a length that was the end of the body. */
  fail(error: Error): void {
    if (this.#settled) return;
    if (this.#status !== 0 && this.#expectedBytes === undefined) this.#finish();
    else {
      this.#settled = true;
      this.#settle.reject(error);
    }
  }

  read(bytes: Buffer): void {
    if (this.#settled) return;
    if (this.#status !== 0) {
      this.#readBody(bytes);
      return;
    }
    this.#head = Buffer.concat([this.#head, bytes]);
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    const [statusLine = "", ...lines] = this.#head.subarray(0, end).toString("latin1").split("\r\n");
    const rest = this.#head.subarray(end + HEAD_END.length);
    this.#head = Buffer.alloc(0);
    const status = Number(statusLine.split(" ")[1]);
    if (status < 200) {
      this.read(rest); // 100 Continue comes before the answer
      return;
    }
    this.#status = status;
    for (const line of lines) {
      const colon = line.indexOf(":");
      this.#headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    const length = this.#headers.get("content-length");
    this.#expectedBytes =
      !this.#hasBody || status === 204 || status === 304 ? 0 : length === undefined ? undefined : Number(length);
    this.#readBody(rest);
  }

  #readBody(bytes: Buffer): void {
    if (bytes.length > 0) {
      this.#bodyBytes += bytes.length;
      if (this.#beginning.length < BEGINNING_BYTES)
        this.#beginning += bytes.subarray(0, BEGINNING_BYTES).toString("utf8");
      this.#sink?.(bytes);
    }
    if (this.#expectedBytes !== undefined && this.#bodyBytes >= this.#expectedBytes) this.#finish();
  }

  #finish(): void {
    this.#settled = true;
    this.#settle.resolve({
      status: this.#status,
      headers: this.#headers,
      bodyBytes: this.#bodyBytes,
      beginning: this.#beginning,
    });
  }
}

/** @throws when the answer has another status */
export function expectStatus(answer: WireAnswer, status: number, what: string): WireAnswer {
  if (answer.status !== status) throw new Error(`${what}: ${answer.status} instead of ${status}: ${answer.beginning}`);
  return answer;
}
