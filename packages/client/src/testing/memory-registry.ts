import { ociPlatform } from "../node/oci-platform.ts";
import type { StreamReply, StreamRequest } from "../oci/http-stream.ts";
import type { OciPlatform } from "../oci/platform.ts";
import { Transport } from "../oci/transport.ts";

export interface MemoryAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export const ORIGIN = "http://registry.test";

/** A registry that answers in memory what a test says, so that a hundred thousand requests take a second. */
export function memoryPlatform(respond: (request: StreamRequest) => MemoryAnswer): OciPlatform {
  return {
    ...ociPlatform,
    clock: { now: () => new Date(0), sleep: () => new Promise(() => undefined) },
    http: { streamsBodies: true, open: (request) => Promise.resolve(replyOf(respond(request))) },
  };
}

export function memoryTransport(respond: (request: StreamRequest) => MemoryAnswer): Transport {
  return new Transport({ endpoint: ORIGIN, maxAttempts: 1 }, memoryPlatform(respond));
}

export function replyOf({ status = 200, headers = {}, body = "" }: MemoryAnswer): StreamReply {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  return { status, headers, body: chunks(), discard: () => undefined };
}
