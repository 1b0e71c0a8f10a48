import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ociPlatform, PlatformOciClient } from "@stowage/client";
import type { OciClientOptions, OciPlatform } from "@stowage/client";

/** One request as a fake registry got it, its body read as far as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A server that does what a test says, over TCP: for faults and malice that a real registry does not show. */
export class FakeRegistry implements AsyncDisposable {
  readonly seen: SeenRequest[] = [];
  /** How long the clients waited, in milliseconds; none of them really did. */
  readonly slept: number[] = [];
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly #server: ReturnType<typeof createServer>;
  readonly #idle: (() => void)[] = [];

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(handler: Handler): Promise<FakeRegistry> {
    const server = createServer((request, response) => {
      const { method = "", url = "", headers } = request;
      registry.seen.push({ method, url, headers });
      // A client that goes away is what some tests are about.
      request.on("error", () => undefined);
      void Promise.resolve(handler(request, response)).catch(() => response.destroy());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const registry = new FakeRegistry(server);
    return registry;
  }

  client(options: Partial<OciClientOptions> = {}, platform: Partial<OciPlatform> = {}): PlatformOciClient {
    const clock: OciPlatform["clock"] = { now: () => new Date(), sleep: (ms, signal) => this.#sleep(ms, signal) };
    return new PlatformOciClient(
      { endpoint: this.origin, ...options },
      { ...ociPlatform, clock, random: () => 0.5, ...platform },
    );
  }

  /** Lets the time pass in which nothing came or went. */
  passIdleTime(): void {
    for (const wake of this.#idle.splice(0)) wake();
  }

  /** The requests in short. */
  get lines(): readonly string[] {
    return this.seen.map(({ method, url }) => `${method} ${url}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Waits between attempts are over at once; watches for silence end when a test says so. */
  #sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      if (ms >= 30_000) this.#idle.push(resolve);
      else {
        this.slept.push(ms);
        setImmediate(resolve);
      }
    });
  }
}

/** Answers with a body and its length. */
export function answer(
  response: ServerResponse,
  status: number,
  {
    headers = {},
    body = "",
  }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Uint8Array } = {},
): void {
  response.writeHead(status, { "content-length": String(Buffer.byteLength(body)), ...headers });
  response.end(body);
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function* chunksOf(bytes: Uint8Array, chunkBytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}
