import { ConfigurationError, NoAnswerError } from "../ecr/failures.ts";
import { askedDelayMs, DEFAULT_MAX_ATTEMPTS, retryDelayMs, retryKindOf } from "../ecr/retries.ts";
import type { RetryKind } from "../ecr/retries.ts";
import { Authorizer } from "./authorizer.ts";
import { OciError, UnsafeAddressError } from "./failures.ts";
import type { StreamedBody, StreamReply } from "./http-stream.ts";
import { IdleWatch } from "./idle-watch.ts";
import { Login } from "./login.ts";
import type { OciClientOptions } from "./options.ts";
import type { OciPlatform } from "./platform.ts";
import { bytesOf, errorOf, headersOf } from "./reply.ts";

export const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = /* @__PURE__ */ new Set([301, 302, 303, 307, 308]);

/** One request to the registry. */
export interface Call {
  readonly method: string;
  /** Path with query, or an address on the registry's own host. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | StreamedBody | undefined;
  /** What a token for it must allow. */
  readonly scopes: readonly string[];
  /** Statuses that are answers; every other is thrown. */
  readonly expected: readonly number[];
  /** Whether sending it twice does no harm; those of GET and HEAD don't. */
  readonly repeatable?: boolean;
  /** How large an answer is expected. */
  readonly answerBytes?: number;
  /** Whether each chunk of the answer is done with before the next is asked for. */
  readonly reusesMemory?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer extends StreamReply {
  /** Where it came from, after redirects. */
  readonly url: string;
}

type Failed = { readonly error: Error; readonly kind: RetryKind | undefined; readonly askedMs?: number | undefined };

/** Requests to one registry: authenticated, tried again, redirected and bounded in time. */
export class Transport {
  readonly endpoint: URL;
  readonly platform: OciPlatform;
  readonly maxAttempts: number;
  readonly #http: OciPlatform["http"];
  readonly #timeoutMs: number;
  readonly #authorizer: Authorizer;

  /** @throws ConfigurationError the endpoint is no scheme and host */
  constructor(options: OciClientOptions, platform: OciPlatform) {
    this.endpoint = parseEndpoint(options.endpoint);
    this.platform = platform;
    this.#http = options.http ?? platform.http;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.maxAttempts = Math.max(1, options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS);
    const { credentials, tokenHosts = [] } = options;
    const login = credentials === undefined ? undefined : new Login(credentials, platform.clock);
    const timeoutMs = this.#timeoutMs;
    this.#authorizer = new Authorizer({
      endpoint: this.endpoint,
      login,
      tokenHosts,
      http: this.#http,
      platform,
      timeoutMs,
    });
  }

  get streamsBodies(): boolean {
    return this.#http.streamsBodies;
  }

  /**
   * Sends a call until it is answered for good. The answer's body must be read or discarded.
   * @throws OciError the registry refused it
   * @throws NoAnswerError no answer came
   * @throws UnsafeAddressError it is led where it must not go
   */
  async send(call: Call): Promise<Answer> {
    const repeatable = call.repeatable ?? (call.method === "GET" || call.method === "HEAD");
    for (let attempt = 1; ; attempt += 1) {
      call.signal?.throwIfAborted();
      const outcome = await this.#attempt(call);
      if ("status" in outcome) return outcome;
      const { error, kind, askedMs } = outcome;
      if (kind === undefined || !repeatable || attempt >= this.maxAttempts) throw error;
      await this.pause(attempt, { kind, askedMs, signal: call.signal });
    }
  }

  /** Sends a call and reads its answer as a whole; again when that breaks off. @throws InvalidContentError it is over the limit */
  async read(call: Call, limitBytes: number): Promise<Answer & { readonly bytes: Uint8Array }> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.send(call);
      try {
        return { ...answer, bytes: await bytesOf(answer, limitBytes) };
      } catch (error) {
        if (!(error instanceof NoAnswerError) || attempt >= this.maxAttempts) throw error;
        await this.pause(attempt, { signal: call.signal });
      }
    }
  }

  /** Waits before another attempt. */
  async pause(
    attempt: number,
    {
      kind = "transient",
      askedMs,
      signal,
    }: { readonly kind?: RetryKind; readonly askedMs?: number | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<void> {
    const { clock, random } = this.platform;
    await clock.sleep(retryDelayMs(kind, attempt - 1, { random: random(), askedMs }), signal);
  }

  /** An address on the registry's own host that an answer from `base` names. @throws UnsafeAddressError another host's */
  own(reference: string, base: string): string {
    const url = resolve(reference, base);
    // Behind a proxy that ends TLS, a registry may take itself for one without.
    if (url.host === this.endpoint.host) return `${this.endpoint.protocol}//${url.host}${url.pathname}${url.search}`;
    throw new UnsafeAddressError(`${this.endpoint.host} leads to ${url.host}, where the client does not go on`);
  }

  async #attempt(call: Call): Promise<Answer | Failed> {
    const { method, target } = call;
    try {
      const answer = await this.#authenticated(call);
      if (call.expected.includes(answer.status)) return answer;
      const error = await errorOf(answer, `${method} ${target}`);
      const askedMs = askedDelayMs(answer.headers, this.platform.clock.now());
      return { error, kind: retryKindOf(error.code, answer.status), askedMs };
    } catch (error) {
      if (error instanceof NoAnswerError) return { error, kind: "transient" };
      throw error;
    }
  }

  async #authenticated(call: Call): Promise<Answer> {
    const { scopes, signal, body } = call;
    const url = this.own(call.target, originOf(this.endpoint));
    const sent = await this.#authorizer.header(scopes, signal);
    const answer = await this.#redirected(call, url, sent);
    const isReplayable = body === undefined || body instanceof Uint8Array;
    if (answer.status !== 401 || !isReplayable) return answer;
    // What another host answers is no challenge of the registry's.
    if (!answer.url.startsWith(`${originOf(this.endpoint)}/`)) return answer;
    this.#authorizer.learn(answer.headers["www-authenticate"], scopes, sent);
    const next = await this.#authorizer.header(scopes, signal);
    if (next === undefined || next === sent) return answer;
    answer.discard();
    return this.#redirected(call, url, next);
  }

  async #redirected(call: Call, url: string, authorization: string | undefined): Promise<Answer> {
    let at = url;
    for (let redirects = 0; ; redirects += 1) {
      // Credentials are for the registry's own origin.
      const trusted = at.startsWith(`${originOf(this.endpoint)}/`);
      const answer = await this.#exchange(call, at, trusted ? authorization : undefined);
      const location = answer.headers["location"];
      if (!REDIRECTS.has(answer.status) || location === undefined || call.expected.includes(answer.status)) {
        return answer;
      }
      answer.discard();
      if (redirects >= MAX_REDIRECTS) throw new UnsafeAddressError(`${url} redirects more than ${MAX_REDIRECTS} times`);
      at = this.#redirect(call, location, at);
    }
  }

  #redirect({ method }: Call, location: string, from: string): string {
    const url = resolve(location, from);
    const isRead = method === "GET" || method === "HEAD";
    if (url.protocol !== "https:" && (url.protocol !== "http:" || from.startsWith("https:"))) {
      throw new UnsafeAddressError(`${from} redirects to ${url.protocol}//${url.host}, which is less safe`);
    }
    if (!isRead) throw new UnsafeAddressError(`${from} redirects a ${method} to ${url.host}, which is not followed`);
    return `${originOf(url)}${url.pathname}${url.search}`;
  }

  async #exchange(call: Call, url: string, authorization: string | undefined): Promise<Answer> {
    const { method, body, signal, answerBytes, reusesMemory } = call;
    const watch = new IdleWatch(this.platform.clock, this.#timeoutMs, signal);
    const headers = headersOf(this.platform, call.headers ?? {});
    if (authorization !== undefined) headers["authorization"] = authorization;
    const sending = body === undefined || body instanceof Uint8Array ? undefined : new Sending(body, watch);
    try {
      const request = { method, url, headers, body: sending ?? body, answerBytes, reusesMemory, signal: watch.signal };
      const reply = await this.#http.open(request);
      watch.touch();
      return { ...received(reply, watch), url };
    } catch (cause) {
      watch.stop();
      signal?.throwIfAborted();
      if (sending?.failure !== undefined) throw sending.failure.error;
      throw noAnswer(cause, url, watch.signal);
    }
  }
}

/** A body on its way; what its source throws is told from what the network does. */
class Sending implements StreamedBody {
  readonly lengthBytes: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
  failure: { readonly error: unknown } | undefined;

  constructor(body: StreamedBody, watch: IdleWatch) {
    this.lengthBytes = body.lengthBytes;
    this.chunks = this.#passing(body.chunks, watch);
  }

  async *#passing(chunks: AsyncIterable<Uint8Array>, watch: IdleWatch): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunks) {
        watch.touch();
        yield chunk;
      }
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}

function received(reply: StreamReply, watch: IdleWatch): StreamReply {
  async function* passing(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of reply.body) {
        watch.touch();
        yield chunk;
      }
    } catch (cause) {
      throw noAnswer(cause, "the answer's body", watch.signal);
    } finally {
      watch.stop();
    }
  }
  const discard = (): void => {
    watch.stop();
    reply.discard();
  };
  return { status: reply.status, headers: reply.headers, body: passing(), discard };
}

/** The caller's own reason to stop stays what it is. */
function noAnswer(cause: unknown, from: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (cause instanceof NoAnswerError || cause instanceof OciError) return cause;
  return new NoAnswerError(`No answer from ${from}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  });
}

function resolve(reference: string, base: string): URL {
  try {
    return new URL(reference, base);
  } catch (cause) {
    throw new UnsafeAddressError(`${base} leads to an address that is none`, { cause });
  }
}

function originOf({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

function parseEndpoint(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new ConfigurationError(`An endpoint looks like https://HOST:PORT, not ${text}`, { cause });
  }
  const isPlain =
    url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if ((url.protocol === "http:" || url.protocol === "https:") && isPlain) return url;
  throw new ConfigurationError(`An endpoint looks like https://HOST:PORT, not ${text}`);
}
