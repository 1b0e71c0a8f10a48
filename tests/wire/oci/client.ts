import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { Client } from "undici";

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** A header's value, several of one name joined; `undefined` when it is absent. */
  header(name: string): string | undefined;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream goes out chunked, without a length. */
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array>;
}

/** Speaks HTTP to a registry without a client library's opinions: paths go out as they are, redirects come back as they are. */
export class RegistryClient {
  readonly origin: string;
  readonly #authorization: string | undefined;
  readonly #client: Client;

  /** @param authorization value of the header, absent for a caller without credentials */
  constructor(origin: string, authorization?: string) {
    this.origin = origin;
    this.#authorization = authorization;
    this.#client = new Client(origin, { pipelining: 1, headersTimeout: 15_000, bodyTimeout: 15_000 });
  }

  async send(method: string, path: string, { headers = {}, body }: Sent = {}): Promise<Answer> {
    const authorization = this.#authorization;
    const answer = await this.#client.request({
      method: method as "GET",
      path,
      headers: { ...(authorization !== undefined && { authorization }), ...headers },
      body: typeof body === "object" && Symbol.asyncIterator in body ? Readable.from(body) : (body ?? null),
    });
    const received = Buffer.from(await answer.body.arrayBuffer());
    return {
      status: answer.statusCode,
      body: received,
      header: (name) => {
        const value = answer.headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(", ") : value;
      },
    };
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** Path and query of an answer's Location, absolute or relative. */
export function locationOf(answer: Answer, origin: string): string {
  const location = answer.header("location");
  assert.ok(location, "the answer has a Location");
  const url = new URL(location, origin);
  assert.equal(url.origin, origin, "the Location stays on the registry's host");
  return url.pathname + url.search;
}

export function withQuery(path: string, name: string, value: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(value)}`;
}

/** The code and message of an error body. */
export function errorOf(answer: Answer): { readonly code: string; readonly message: string } {
  assert.match(answer.header("content-type") ?? "", /^application\/json/);
  const parsed: unknown = JSON.parse(answer.body.toString());
  assert.ok(typeof parsed === "object" && parsed !== null && "errors" in parsed && Array.isArray(parsed.errors));
  const [first] = parsed.errors as { code?: unknown; message?: unknown }[];
  assert.ok(typeof first?.code === "string" && typeof first.message === "string");
  return { code: first.code, message: first.message };
}
