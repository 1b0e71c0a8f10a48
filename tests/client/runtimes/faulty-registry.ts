import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { faultyBlob } from "./faulty-blob.ts";

const CUT_AFTER_BYTES = 1024 * 1024;
const DIGEST_INVALID = JSON.stringify({ errors: [{ code: "DIGEST_INVALID", message: "other bytes came" }] });
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, content-type, content-range, range, accept",
  "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
  "access-control-expose-headers": "*",
};

export interface FaultyRegistry {
  readonly endpoint: string;
  close(): void;
}

/**
 * Fails as networks and servers do, over TCP, for pages of any origin. Its repositories are named after what they do, the first
 * time in `broken`; `/seen` tells which requests there were.
 */
export async function openFaultyRegistry(): Promise<FaultyRegistry> {
  const faults = new Faults();
  const server = createServer((request, response) => {
    // What goes away is what this is about.
    request.on("error", () => undefined);
    faults.answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    endpoint: `http://127.0.0.1:${portOf(server)}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

class Faults {
  readonly #seen: string[] = [];
  #held: Buffer = Buffer.alloc(0);
  #isUploadBroken = false;
  #isPullBroken = false;
  #isManifestBroken = false;

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    if (method === "OPTIONS") return reply(response, 204);
    if (url === "/seen") return reply(response, 200, { body: JSON.stringify(this.#seen) });
    this.#seen.push(`${method} ${url}${headers.authorization === undefined ? "" : " authorized"}`);
    if (url === "/v2/") return reply(response, 200);
    // Nothing comes of these.
    if (url.startsWith("/v2/silent/")) return undefined;
    if (url.startsWith("/v2/moved/")) {
      const elsewhere = `http://localhost:${request.socket.localPort}/elsewhere`;
      return reply(response, 307, { headers: { location: elsewhere } });
    }
    if (url === "/elsewhere") return reply(response, 200, { body: faultyBlob() });
    if (url.includes("/uploads/")) return this.#upload(request, response);
    if (url.includes("/manifests/")) return this.#manifest(response);
    return this.#pull(request, response);
  }

  #manifest(response: ServerResponse): void {
    const body = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [] }));
    if (this.#isManifestBroken) return reply(response, 200, { body });
    this.#isManifestBroken = true;
    return cut(response, body, body.length / 2);
  }

  #pull({ method, headers }: IncomingMessage, response: ServerResponse): void {
    const body = faultyBlob();
    if (method === "HEAD") return reply(response, 404);
    const from = Number(/^bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
    if (from > 0) {
      const range = `bytes ${from}-${body.length - 1}/${body.length}`;
      return reply(response, 206, { headers: { "content-range": range }, body: body.subarray(from) });
    }
    if (this.#isPullBroken) return reply(response, 200, { body });
    this.#isPullBroken = true;
    return cut(response, body, CUT_AFTER_BYTES);
  }

  async #upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = "", headers } = request;
    const location = { location: "/v2/broken/blobs/uploads/one" };
    const range = { range: `0-${Math.max(0, this.#held.length - 1)}` };
    if (method === "POST") {
      this.#held = Buffer.alloc(0);
      return reply(response, 202, { headers: location });
    }
    if (method === "GET") return reply(response, 204, { headers: { ...location, ...range } });
    if (method === "DELETE") return reply(response, 204);
    const from = /^(\d+)-/.exec(headers["content-range"] ?? "")?.[1];
    if (from !== undefined && Number(from) !== this.#held.length) {
      return reply(response, 416, { headers: { ...location, ...range } });
    }
    for await (const chunk of request) {
      this.#held = Buffer.concat([this.#held, chunk as Buffer]);
      if (this.#isUploadBroken || this.#held.length < CUT_AFTER_BYTES) continue;
      this.#isUploadBroken = true;
      return void request.socket.destroy();
    }
    if (method === "PATCH") {
      const end = { range: `0-${this.#held.length - 1}` };
      return reply(response, 202, { headers: { ...location, ...end } });
    }
    const digest = `sha256:${createHash("sha256").update(this.#held).digest("hex")}`;
    const isRight = decodeURIComponent(url).endsWith(digest);
    return isRight ? reply(response, 201) : reply(response, 400, { body: DIGEST_INVALID });
  }
}

interface Content {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

function reply(response: ServerResponse, status: number, { headers = {}, body = "" }: Content = {}): void {
  response.writeHead(status, { ...CORS, "content-length": String(Buffer.byteLength(body)), ...headers });
  response.end(body);
}

/** Announces all and breaks the connection after some. */
function cut(response: ServerResponse, body: Uint8Array, afterBytes: number): void {
  response.writeHead(200, { ...CORS, "content-length": String(body.length) });
  response.write(body.subarray(0, afterBytes), () => response.socket?.destroySoon());
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
