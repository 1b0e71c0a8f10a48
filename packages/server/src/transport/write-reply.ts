import type { BufferPool } from "./buffer-pool.ts";
import { OpenRegion } from "./file-region.ts";
import type { Outgoing } from "./outgoing.ts";
import type { FileRegion, HeaderMap, Reply, ReplyBody } from "./types.ts";

/** Where a reply goes, and under which circumstances. */
export interface Sending {
  readonly outgoing: Outgoing;
  readonly method: string;
  readonly requestId: string;
  readonly pool: BufferPool;
  /** Called just before the head is made final. */
  beforeHead(): void;
  /** Called with the last bytes, or with none when they are out already. */
  finish(last?: string | Uint8Array): Promise<void> | undefined;
}

function isStream(body: ReplyBody): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && Symbol.asyncIterator in body;
}

function isRegion(body: ReplyBody): body is FileRegion {
  return typeof body === "object" && "path" in body;
}

function lengthOf(body: string | Uint8Array | FileRegion): number {
  if (typeof body === "string") return Buffer.byteLength(body);
  return body.length;
}

function withLength(headers: HeaderMap | undefined, length: number): HeaderMap {
  return { ...headers, "content-length": String(length) };
}

function sendHead(sending: Sending, status: number, headers: HeaderMap): void {
  sending.beforeHead();
  sending.outgoing.head(status, headers, sending.requestId);
}

/** Tells the producer of an unused or unfinished stream that nobody reads on. */
async function abandon(body: ReplyBody | undefined): Promise<void> {
  if (body !== undefined && isStream(body)) await body[Symbol.asyncIterator]().return?.();
}

async function writeWithoutBody(sending: Sending, reply: Reply): Promise<void> {
  const { status, headers, body } = reply;
  let head: HeaderMap = headers ?? {};
  if (status === 204) {
    const { "content-length": _length, ...rest } = head;
    head = rest;
  } else if (status !== 304 && head["content-length"] === undefined && (body === undefined || !isStream(body))) {
    head = withLength(head, body === undefined ? 0 : lengthOf(body));
  }
  await abandon(body);
  sendHead(sending, status, head);
  await sending.finish();
}

async function writeRegion(sending: Sending, reply: Reply, region: FileRegion): Promise<void> {
  const opened = await OpenRegion.open(region, sending.pool);
  const head = withLength(reply.headers, region.length);
  const { whole } = opened;
  if (whole !== undefined) {
    await opened.close();
    sendHead(sending, reply.status, head);
    await sending.finish(whole);
    return;
  }
  try {
    sendHead(sending, reply.status, head);
    await opened.send(sending.outgoing);
  } finally {
    await opened.close();
  }
  await sending.finish();
}

/** Counts a stream against the length that its head declared. */
class Declared {
  private left: number;

  constructor(length: string | undefined) {
    this.left = length === undefined ? Number.POSITIVE_INFINITY : Number(length);
  }

  take(bytes: number): void {
    this.left -= bytes;
    if (this.left < 0) throw new RangeError("the body of the reply is longer than its content-length");
  }

  end(): void {
    if (this.left > 0 && this.left !== Number.POSITIVE_INFINITY) {
      throw new RangeError(`the body of the reply ended ${this.left} bytes before its content-length`);
    }
  }
}

async function writeStream(sending: Sending, reply: Reply, body: AsyncIterable<Uint8Array>): Promise<void> {
  const { outgoing } = sending;
  const length = reply.headers?.["content-length"];
  const declared = new Declared(length);
  const chunks = body[Symbol.asyncIterator]();
  let isOver = false;
  try {
    // A stream of known length is expected to begin at once: so its failure to begin can still become an error reply.
    let chunk = length === undefined ? undefined : await chunks.next();
    sendHead(sending, reply.status, reply.headers ?? {});
    if (chunk === undefined) outgoing.response.flushHeaders();
    chunk ??= await chunks.next();
    while (chunk.done !== true) {
      declared.take(chunk.value.length);
      if (!(await outgoing.write(chunk.value))) return;
      chunk = await chunks.next();
    }
    isOver = true;
    declared.end();
  } finally {
    if (!isOver) await chunks.return?.();
  }
  await sending.finish();
}

/**
 * Sends a reply.
 * @throws what the file or the stream failed with; `response.headersSent` tells whether another reply is still possible
 */
export async function writeReply(sending: Sending, reply: Reply): Promise<void> {
  const { status, headers, body } = reply;
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError(`${status} is no final status`);
  if (sending.method === "HEAD" || status === 204 || status === 304) {
    await writeWithoutBody(sending, reply);
    return;
  }
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
    sendHead(sending, status, withLength(headers, body === undefined ? 0 : lengthOf(body)));
    await sending.finish(body);
    return;
  }
  if (isRegion(body)) await writeRegion(sending, reply, body);
  else await writeStream(sending, reply, body);
}
