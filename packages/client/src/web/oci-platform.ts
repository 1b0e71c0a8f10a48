import { sha256, sha512 } from "@noble/hashes/sha2.js";
import type { OciPlatform } from "../oci/platform.ts";
import { fetchStream } from "./fetch-stream.ts";
import type { StreamingFetch } from "./fetch-stream.ts";
import { platform } from "./platform.ts";

interface Globals {
  readonly fetch: StreamingFetch;
  readonly CompressionStream: new (format: "gzip") => TransformStream<Uint8Array, Uint8Array>;
}

const globals = globalThis as unknown as Globals;

/** What the OCI client has of browsers, workers and whatever else has `fetch`. */
export const ociPlatform: OciPlatform = {
  http: /* @__PURE__ */ fetchStream((url, init) => globals.fetch(url, init)),
  hash: (algorithm) => {
    const hash = (algorithm === "sha256" ? sha256 : sha512).create();
    return { update: (bytes) => void hash.update(bytes), digest: () => hexOf(hash.digest()) };
  },
  gzip,
  clock: platform.clock,
  random: platform.random,
};

async function* gzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new globals.CompressionStream("gzip");
  const writer = writable.getWriter();
  const writing = (async () => {
    for await (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  const failed = writing.catch((error: unknown) => writer.abort(error));
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await writing;
  } finally {
    await reader.cancel();
    await failed;
  }
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
