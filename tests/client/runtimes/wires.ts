import type { HttpStream, StreamReply, StreamRequest } from "@stowage/client";

/** Stands between a client and its runtime's HTTP. */
export type Wire = (http: HttpStream) => HttpStream;

/** Notes the method of each request. */
export function noting(methods: string[]): Wire {
  return changing((request, open) => {
    methods.push(request.method);
    return open(request);
  });
}

/** Bodies are not streamed: they go in parts, as from browsers. */
export const inParts: Wire = (http) => ({ ...http, streamsBodies: false });

/** Turns one bit of each blob that comes. */
export const tampering: Wire = changing(async (request, open) => {
  const reply = await open(request);
  return isBlobGet(request) ? { ...reply, body: turned(reply.body) } : reply;
});

/** The first blob that comes breaks off after some bytes, and its connection with it. */
export function breaking(afterBytes: number): Wire {
  let isBroken = false;
  return changing(async (request, open) => {
    const reply = await open(request);
    if (isBroken || !isBlobGet(request)) return reply;
    isBroken = true;
    return { ...reply, body: brokenOff(reply, afterBytes) };
  });
}

/** The answer to the second request of a method is lost, after the registry did what it asked for. */
export function losingSecond(method: string): Wire {
  let count = 0;
  return changing(async (request, open) => {
    const reply = await open(request);
    if (request.method !== method) return reply;
    count += 1;
    if (count !== 2) return reply;
    reply.discard();
    throw new Error("The answer was lost");
  });
}

/** Bodies are sent to uploads that nobody began. */
export const misleading: Wire = changing((request, open) =>
  open(request.method === "PATCH" || request.method === "PUT" ? { ...request, url: misled(request.url) } : request),
);

function changing(change: (request: StreamRequest, open: HttpStream["open"]) => Promise<StreamReply>): Wire {
  return (http) => ({ ...http, open: (request) => change(request, (changed) => http.open(changed)) });
}

function misled(url: string): string {
  return url.replace(/\/blobs\/uploads\/[^?]+/, "/blobs/uploads/00000000-0000-4000-8000-000000000000");
}

function isBlobGet({ method, url }: StreamRequest): boolean {
  return method === "GET" && url.includes("/blobs/sha256:");
}

async function* turned(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst) chunk[0] = (chunk[0] ?? 0) ^ 1;
    isFirst = false;
    yield chunk;
  }
}

async function* brokenOff({ body, discard }: StreamReply, afterBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    yield chunk;
    bytes += chunk.length;
    if (bytes < afterBytes) continue;
    discard();
    throw new Error("The connection broke");
  }
}
