import type { ClientRequest, IncomingMessage } from "node:http";
import { versions } from "node:process";
import { setImmediate } from "node:timers";
import type { HttpStream, StreamedBody, StreamReply, StreamRequest } from "../oci/http-stream.ts";
import { keptConnections } from "./kept-connections.ts";
import type { NodeHttpOptions } from "./kept-connections.ts";
import { getLarge } from "./large-get.ts";

/** Bun and Deno have `node:net` too, but do not read into memory that they are given. */
const IS_NODE = versions["bun"] === undefined && versions["deno"] === undefined;
/** Bun (1.4.5) goes on to write before it reads: it finds the connection closed, and not the refusal that came before. */
const READS_AFTER_WRITES = versions["bun"] !== undefined;
/** From this size on the cost of a connection does not count. */
const LARGE_BYTES = 1024 * 1024;
/** Streams by `node:http`. Idle connections are kept, and keep no process alive. */
export function nodeHttpStream(connections?: NodeHttpOptions): HttpStream {
  const begin = keptConnections(connections);
  return {
    streamsBodies: true,
    async open(sent) {
      const { method, url, signal, answerBytes = 0 } = sent;
      if (IS_NODE && method === "GET" && answerBytes >= LARGE_BYTES && url.startsWith("http:")) {
        const reply = await getLarge(sent);
        if (reply !== undefined) return reply;
      }
      const options = { method, headers: headersOf(sent), ...(signal === undefined ? {} : { signal }) };
      return replyTo(begin(url, options), sent);
    },
  };
}

function headersOf({ headers, body }: StreamRequest): Record<string, string> {
  const lengthBytes = body instanceof Uint8Array ? body.length : body?.lengthBytes;
  return lengthBytes === undefined ? { ...headers } : { ...headers, "content-length": String(lengthBytes) };
}

function replyTo(outgoing: ClientRequest, { body, reusesMemory = false }: StreamRequest): Promise<StreamReply> {
  return new Promise((resolve, reject) => {
    const sending = new Sending(outgoing);
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      sending.stop();
      // A body that ends too early tells so while it is read; here it would be told to nobody.
      incoming.on("error", () => undefined);
      const reply = replyOf(incoming, outgoing);
      // What a refusal says is read as a whole.
      const isContent = reply.status === 200 || reply.status === 206;
      resolve(reusesMemory && isContent && IS_NODE ? { ...reply, body: freeing(reply.body) } : reply);
    });
    if (body === undefined || body instanceof Uint8Array) {
      outgoing.end(body);
      return;
    }
    sending.send(body).catch((error: unknown) => {
      outgoing.destroy();
      reject(error as Error);
    });
  });
}

/** A body on its way, no faster than the connection takes it. */
class Sending {
  readonly #outgoing: ClientRequest;
  #stopped = false;
  #goOn: (() => void) | undefined;

  constructor(outgoing: ClientRequest) {
    this.#outgoing = outgoing;
    outgoing.on("close", () => this.stop());
  }

  /** A server that has answered need not take the rest. */
  stop(): void {
    this.#stopped = true;
    this.#goOn?.();
  }

  async send({ chunks }: StreamedBody): Promise<void> {
    for await (const chunk of chunks) {
      if (this.#stopped) break;
      await this.#sent(chunk);
    }
    if (!this.#outgoing.destroyed) this.#outgoing.end();
  }

  /** Resolves when the system has taken the bytes: their memory may be another chunk's then. */
  #sent(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#goOn = resolve;
      // What fails is told by the request's own error.
      this.#outgoing.write(chunk, () => void (READS_AFTER_WRITES ? setImmediate(resolve) : resolve()));
    });
  }
}

/** Gives the memory of a chunk back when the next is asked for: a large body keeps the garbage collector busy otherwise. */
async function* freeing(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    const { buffer, byteLength } = chunk;
    // Small pieces may share their memory with others.
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
  }
}

/** Bodies up to this size are read to keep the connection, not to have them. */
const MAX_DISCARDED_BYTES = 64 * 1024;

function replyOf(incoming: IncomingMessage, outgoing: ClientRequest): StreamReply {
  const { statusCode: status = 0 } = incoming;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  const isEmpty = outgoing.method === "HEAD" || status === 204 || status === 304;
  return {
    status,
    headers,
    body: incoming as AsyncIterable<Uint8Array>,
    discard: () => {
      if (incoming.readableEnded || incoming.destroyed) return;
      const isSmall = isEmpty || Number(headers["content-length"] ?? Number.NaN) <= MAX_DISCARDED_BYTES;
      if (outgoing.writableEnded && isSmall) incoming.resume();
      else incoming.destroy();
    },
  };
}
