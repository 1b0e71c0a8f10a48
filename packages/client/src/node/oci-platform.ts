import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { OciPlatform } from "../oci/platform.ts";
import { nodeHttpStream } from "./node-http-stream.ts";
import { platform } from "./platform.ts";

/** What the OCI client has of Node, and of Bun and Deno, which have the same modules. */
export const ociPlatform: OciPlatform = {
  http: nodeHttpStream(),
  hash: (algorithm) => {
    const hash = createHash(algorithm);
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest("hex") };
  },
  gzip: (chunks) => Readable.from(chunks, { objectMode: false }).pipe(createGzip()),
  clock: platform.clock,
  random: platform.random,
  userAgent: "stowage-client",
};
