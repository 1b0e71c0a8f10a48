import type { Digest } from "@stowage/model";
import { isDigest } from "@stowage/model";
import { InvalidContentError, OciError } from "./failures.ts";
import type { StreamedBody } from "./http-stream.ts";
import { pathOf, pullScope, pushScope } from "./names.ts";
import type { Answer, Transport } from "./transport.ts";

const OCTETS = "application/octet-stream";
const RANGE = /^(?:bytes=)?0-(\d+)$/;

interface SessionOptions {
  readonly repository: string;
  readonly signal?: AbortSignal | undefined;
}

/** One open upload to a repository. */
export class UploadSession {
  readonly #transport: Transport;
  readonly #options: SessionOptions;
  #location: string;
  /** The smallest part that the registry takes, the last one aside. */
  readonly minPartBytes: number;

  private constructor(transport: Transport, options: SessionOptions, begun: Answer) {
    this.#transport = transport;
    this.#options = options;
    this.#location = locationOf(transport, begun);
    const least = Number(begun.headers["oci-chunk-min-length"] ?? 0);
    this.minPartBytes = Number.isSafeInteger(least) && least > 0 ? least : 0;
  }

  static async begin(transport: Transport, options: SessionOptions): Promise<UploadSession> {
    const begun = await transport.send({
      method: "POST",
      target: pathOf(options.repository, "blobs/uploads/"),
      headers: { "content-length": "0" },
      scopes: [pushScope(options.repository)],
      expected: [202],
      // A session that nobody knows of ends by itself.
      repeatable: true,
      signal: options.signal,
    });
    begun.discard();
    return new UploadSession(transport, options, begun);
  }

  /** Asks for a blob of another repository. @returns a session to upload it with when the registry would not mount it */
  static async mount(
    transport: Transport,
    options: SessionOptions,
    { digest, from }: { readonly digest: Digest; readonly from: string },
  ): Promise<UploadSession | "mounted"> {
    pathOf(from, "");
    const answer = await transport.send({
      method: "POST",
      target: pathOf(options.repository, `blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from)}`),
      headers: { "content-length": "0" },
      scopes: [pushScope(options.repository), pullScope(from)],
      expected: [201, 202],
      repeatable: true,
      signal: options.signal,
    });
    answer.discard();
    return answer.status === 201 ? "mounted" : new UploadSession(transport, options, answer);
  }

  /** Sends a part. @returns how many bytes the registry has then, where it tells */
  async append(body: Uint8Array | StreamedBody, fromByte: number | undefined): Promise<number | undefined> {
    const range =
      fromByte !== undefined && body instanceof Uint8Array ? `${fromByte}-${fromByte + body.length - 1}` : undefined;
    const answer = await this.#send("PATCH", this.#location, {
      body,
      expected: [201, 202, 204],
      headers: { "content-type": OCTETS, ...(range === undefined ? {} : { "content-range": range }) },
    });
    this.#location = locationOf(this.#transport, answer);
    return heldBytes(answer);
  }

  /** Ends the upload. @param body all bytes, when none was sent before */
  async complete(digest: Digest, body: Uint8Array | StreamedBody = new Uint8Array()): Promise<void> {
    const separator = this.#location.includes("?") ? "&" : "?";
    const answer = await this.#send("PUT", `${this.#location}${separator}digest=${encodeURIComponent(digest)}`, {
      body,
      expected: [200, 201, 202, 204],
      headers: { "content-type": OCTETS },
    });
    const stored = answer.headers["docker-content-digest"];
    if (stored !== undefined && isDigest(stored) && stored !== digest) {
      throw new InvalidContentError(`${this.#options.repository} stored ${digest} as ${stored}`);
    }
  }

  /** How many bytes the registry has; undefined when it knows nothing of the upload. */
  async heldBytes(): Promise<number | undefined> {
    const answer = await this.#send("GET", this.#location, { expected: [200, 202, 204, 404] });
    if (answer.status === 404) return undefined;
    if (answer.headers["location"] !== undefined) this.#location = locationOf(this.#transport, answer);
    return heldBytes(answer) ?? 0;
  }

  /** Gives the upload up. Registries that cannot end it let it expire. */
  async cancel(): Promise<void> {
    const { repository } = this.#options;
    const call = {
      method: "DELETE",
      target: this.#location,
      scopes: [pushScope(repository)],
      expected: [200, 202, 204, 404],
    };
    try {
      // Also when the caller's own signal has ended everything else.
      (await this.#transport.send({ ...call, headers: { "content-length": "0" } })).discard();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // What led here is told instead; the session expires.
    }
  }

  async #send(
    method: string,
    target: string,
    {
      body,
      expected,
      headers = {},
    }: {
      readonly body?: Uint8Array | StreamedBody;
      readonly expected: readonly number[];
      readonly headers?: Readonly<Record<string, string>>;
    },
  ): Promise<Answer> {
    const { repository, signal } = this.#options;
    const scopes = [pushScope(repository)];
    const answer = await this.#transport.send({ method, target, headers, body, scopes, expected, signal });
    answer.discard();
    return answer;
  }
}

function locationOf(transport: Transport, { headers, url }: Answer): string {
  const location = headers["location"];
  if (location === undefined) throw new OciError("An upload has no Location", { status: 202, code: "" });
  return transport.own(location, url);
}

/** `0-0` is what an empty session has, by custom. */
function heldBytes({ headers }: Answer): number | undefined {
  const last = RANGE.exec(headers["range"] ?? "")?.[1];
  if (last === undefined) return undefined;
  return last === "0" ? 0 : Number(last) + 1;
}
