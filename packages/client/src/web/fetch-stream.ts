import type { HttpStream, StreamReply } from "../oci/http-stream.ts";

/** What of the standard `fetch` is used to stream. */
export type StreamingFetch = (url: string, init: StreamingInit) => Promise<StreamingReply>;

interface StreamingInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly redirect: "manual" | "follow";
  readonly credentials: "omit";
  readonly signal?: AbortSignal;
}

interface StreamingReply {
  readonly type: string;
  readonly status: number;
  readonly headers: { forEach(each: (value: string, name: string) => void): void };
  readonly body: { getReader(): ChunkReader } | null;
}

interface ChunkReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** The runtime writes these itself, and browsers refuse them. */
const RUNTIME_HEADERS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "host",
  "content-length",
  "connection",
  "user-agent",
]);

/** Streams answers by `fetch`; bodies are sent whole, since browsers stream them over HTTP/2 alone. */
export function fetchStream(fetch: StreamingFetch): HttpStream {
  return {
    streamsBodies: false,
    async open({ method, url, headers, body, signal }) {
      if (body !== undefined && !(body instanceof Uint8Array)) throw new TypeError("fetch sends no streamed body");
      const init: StreamingInit = {
        method,
        headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !RUNTIME_HEADERS.has(name))),
        redirect: "manual",
        // The caller's own Authorization, never a cookie of the page's.
        credentials: "omit",
        // Only a view of shared memory is no view of an ArrayBuffer, and the client makes none.
        ...(body === undefined || body.length === 0 ? {} : { body: body as Uint8Array<ArrayBuffer> }),
        ...(signal === undefined ? {} : { signal }),
      };
      const reply = await fetch(url, init);
      // Browsers hide where a redirect leads; they follow it without the Authorization of another origin.
      const isHidden = reply.type === "opaqueredirect" && (method === "GET" || method === "HEAD");
      return replyOf(isHidden ? await fetch(url, { ...init, redirect: "follow" }) : reply);
    },
  };
}

function replyOf(reply: StreamingReply): StreamReply {
  const headers: Record<string, string> = {};
  reply.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  let reader: ChunkReader | undefined;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    reader = reply.body?.getReader();
    let isEnded = reader === undefined;
    try {
      while (reader !== undefined) {
        const { done, value } = await reader.read();
        isEnded = done;
        if (done || value === undefined) return;
        yield value;
      }
    } finally {
      if (!isEnded) cancel(reader);
    }
  }
  return {
    status: reply.status,
    headers,
    body: chunks(),
    discard: () => {
      reader ??= reply.body?.getReader();
      cancel(reader);
    },
  };
}

function cancel(reader: ChunkReader | undefined): void {
  // A body that failed, or has ended, needs no cancelling.
  void reader?.cancel().catch(() => undefined);
}
