import { joined, MAX_REPLY_BYTES } from "./http.ts";
import type { Http, HttpReply } from "./http.ts";

/** What of the standard `fetch` is used. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchReply>;

interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly redirect: "manual";
  readonly signal?: AbortSignal;
}

interface FetchReply {
  readonly status: number;
  readonly headers: { forEach(each: (value: string, name: string) => void): void };
  readonly body: { getReader(): ChunkReader } | null;
}

interface ChunkReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** The runtime writes these itself, and browsers refuse them. */
const RUNTIME_HEADERS: ReadonlySet<string> = /* @__PURE__ */ new Set(["host", "content-length", "connection"]);

/** @param fetch the runtime's, which keeps connections open between requests */
export function fetchHttp(fetch: Fetch): Http {
  return {
    async send({ method, url, headers, body, signal }) {
      const sent = Object.fromEntries(Object.entries(headers).filter(([name]) => !RUNTIME_HEADERS.has(name)));
      // Only a view of shared memory is no view of an ArrayBuffer, and the client makes none.
      const bytes = body as Uint8Array<ArrayBuffer>;
      const init: FetchInit = { method, headers: sent, body: bytes, redirect: "manual" };
      const reply = await fetch(url, signal === undefined ? init : { ...init, signal });
      const received: Record<string, string> = {};
      reply.headers.forEach((value, name) => {
        received[name.toLowerCase()] = value;
      });
      return { status: reply.status, headers: received, body: await readAll(reply) } satisfies HttpReply;
    },
  };
}

async function readAll({ body }: FetchReply): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value === undefined) break;
    bytes += value.length;
    if (bytes > MAX_REPLY_BYTES) {
      await reader.cancel();
      throw new RangeError(`The answer is over ${MAX_REPLY_BYTES} bytes`);
    }
    chunks.push(value);
  }
  return joined(chunks, bytes);
}
