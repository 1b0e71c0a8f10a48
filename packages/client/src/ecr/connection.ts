import type { OperationName } from "@stowage/model";
import type { SigningRequest } from "@stowage/sigv4";
import type { Http, HttpReply, HttpRequest } from "../http.ts";
import type { ExpiringCredentials, Platform, Surroundings } from "../platform.ts";
import { CredentialSource } from "./credentials.ts";
import { resolveEndpoint } from "./endpoint.ts";
import { errorOf } from "./error-answer.ts";
import type { ErrorClasses } from "./error-answer.ts";
import { ConfigurationError, NoAnswerError } from "./failures.ts";
import { TARGET_PREFIX } from "./generated/wire-facts.ts";
import { keepMetadata } from "./metadata.ts";
import type { CallOptions, EcrClientOptions, Exchange } from "./options.ts";
import { askedDelayMs, DEFAULT_MAX_ATTEMPTS, retryDelayMs, retryKindOf, RetryQuota } from "./retries.ts";
import type { RetryKind } from "./retries.ts";
import { Signer } from "./signer.ts";
import { fromWire, toWire } from "./wire.ts";
import { withinTime } from "./within-time.ts";

export const DEFAULT_TIMEOUT_MS = 60_000;

const MAX_CAUSES = 8;

const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder();

/** What a call needs to know of its operation. */
export interface CalledOperation {
  readonly operationName: OperationName;
  /** Classes of the errors that it may answer, by code. */
  readonly errors: ErrorClasses;
}

interface Target {
  readonly region: string;
  readonly url: string;
  readonly maxAttempts: number;
}

interface Failed {
  readonly error: Error;
  readonly retryKind: RetryKind | undefined;
  readonly reply?: HttpReply;
}

type Outcome = { readonly answer: object; readonly reply: HttpReply } | Failed;

/** One registry's API as one caller sees it: where it is, whose requests they are, and how often they are tried. */
export class EcrConnection {
  readonly #options: EcrClientOptions;
  readonly #platform: Platform;
  readonly #http: Http;
  readonly #errors: ErrorClasses;
  readonly #signer: Signer;
  readonly #quota = new RetryQuota();
  #target: Promise<Target> | undefined;

  /** @param errors classes by code that answers may name besides those of the operation */
  constructor(options: EcrClientOptions, platform: Platform, errors: ErrorClasses = {}) {
    this.#options = options;
    this.#platform = platform;
    this.#http = options.http ?? platform.http;
    this.#errors = errors;
    const source = new CredentialSource(() => credentialsOf(options, platform), platform.clock);
    this.#signer = new Signer(platform, source);
  }

  get clock(): Platform["clock"] {
    return this.#platform.clock;
  }

  /**
   * Sends a call until it is answered for good.
   * @throws EcrError what the server refused it with
   * @throws NoAnswerError no answer came to any attempt
   * @throws ConfigurationError no region, endpoint or credentials can be found
   */
  async call(operation: CalledOperation, input: unknown, options: CallOptions = {}): Promise<object> {
    options.signal?.throwIfAborted();
    const { operationName } = operation;
    const { request, target } = await this.#request(operationName, input);
    const maxAttempts = Math.max(1, options.maxAttempts ?? target.maxAttempts);
    let taken: number | undefined;
    let retryDelay = 0;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(operation, { operation: operationName, input, attempt, request }, options);
      const { reply } = outcome;
      const metadata = { ...seenIn(reply), attempts: attempt, retryDelayMs: retryDelay };
      if ("answer" in outcome) {
        this.#quota.giveBack(taken);
        return keepMetadata(outcome.answer, metadata);
      }
      const kind = attempt < maxAttempts ? outcome.retryKind : undefined;
      taken = kind === undefined ? undefined : this.#quota.take(kind);
      if (kind === undefined || taken === undefined) throw keepMetadata(outcome.error, metadata);
      const askedMs = reply === undefined ? undefined : askedDelayMs(reply.headers, this.#platform.clock.now());
      const delayMs = retryDelayMs(kind, attempt - 1, { random: this.#platform.random(), askedMs });
      retryDelay += delayMs;
      await this.#platform.clock.sleep(delayMs, options.signal);
    }
  }

  /** The request of a call, and what a signature of it is made from. */
  async prepare(
    operation: OperationName,
    input: unknown,
  ): Promise<{ readonly request: HttpRequest; readonly signing: SigningRequest }> {
    const { request, target } = await this.#request(operation, input);
    return { request, signing: await this.#signer.signing(request, target.region) };
  }

  async #request(
    operation: OperationName,
    input: unknown,
  ): Promise<{ readonly request: HttpRequest; readonly target: Target }> {
    const body = encoder.encode(JSON.stringify(toWire(input ?? {})));
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `${TARGET_PREFIX}.${operation}` };
    this.#target ??= this.#findTarget();
    const target = await this.#target;
    return { request: { method: "POST", url: target.url, headers, body }, target };
  }

  async #attempt(operation: CalledOperation, exchange: Exchange, options: CallOptions): Promise<Outcome> {
    const { signal, timeoutMs = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS } = options;
    const { clock } = this.#platform;
    try {
      const reply = await withinTime({ clock, timeoutMs, signal }, (running) =>
        this.#pass({ ...exchange, request: { ...exchange.request, signal: running } }, 0),
      );
      return this.#outcomeOf(operation, reply);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      return { error, retryKind: retryKindOf(error.name) };
    }
  }

  /** Through the middleware from the given one on, then over the wire. */
  async #pass(exchange: Exchange, index: number): Promise<HttpReply> {
    const middleware = this.#options.middleware?.[index];
    if (middleware !== undefined) return middleware(exchange, (passed) => this.#pass(passed, index + 1));
    const { region } = await (this.#target ??= this.#findTarget());
    const signed = await this.#signer.sign(exchange.request, region);
    try {
      return await this.#http.send(signed);
    } catch (cause) {
      throw new NoAnswerError(`No answer from ${signed.url}: ${reasonOf(cause)}`, { cause });
    }
  }

  #outcomeOf(operation: CalledOperation, reply: HttpReply): Outcome {
    const json = parse(reply);
    if (reply.status === 200) return { answer: fromWire(json), reply };
    const error = errorOf(reply, json, [operation.errors, this.#errors]);
    const canBeSigned = this.#signer.learnFrom(error.name, reply);
    return { error, reply, retryKind: canBeSigned ? "transient" : retryKindOf(error.name, reply.status) };
  }

  async #findTarget(): Promise<Target> {
    try {
      return targetOf(this.#options, await this.#platform.surroundings(this.#options.profile));
    } catch (error) {
      // What failed to be read may be there at the next call.
      this.#target = undefined;
      throw error;
    }
  }
}

function targetOf(options: EcrClientOptions, surroundings: Surroundings): Target {
  const region = options.region ?? surroundings.region;
  if (region === undefined) throw new ConfigurationError("No region: give one as option or set AWS_REGION");
  const { url } = resolveEndpoint({
    region,
    endpoint: options.endpoint ?? surroundings.endpoint,
    useDualstackEndpoint: options.useDualstackEndpoint ?? surroundings.useDualstackEndpoint,
    useFipsEndpoint: options.useFipsEndpoint ?? surroundings.useFipsEndpoint,
  });
  return { region, url, maxAttempts: options.maxAttempts ?? surroundings.maxAttempts ?? DEFAULT_MAX_ATTEMPTS };
}

async function credentialsOf(options: EcrClientOptions, platform: Platform): Promise<ExpiringCredentials> {
  const { credentials, accessKeyId, secretAccessKey, sessionToken } = options;
  if (typeof credentials === "function") return credentials();
  if (credentials !== undefined) return credentials;
  if (accessKeyId === undefined && secretAccessKey === undefined) return platform.credentials(options.profile);
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new ConfigurationError("accessKeyId and secretAccessKey go together");
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function seenIn(reply: HttpReply | undefined): { requestId: string | undefined; httpStatus: number } {
  const headers = reply?.headers ?? {};
  return { requestId: headers["x-amzn-requestid"] ?? headers["x-amz-request-id"], httpStatus: reply?.status ?? 0 };
}

/** The innermost of what led to a failure: `fetch` tells it there alone, and a host of several addresses has it in a list. */
function reasonOf(failure: unknown): string {
  let reason = failure;
  for (let depth = 0; depth < MAX_CAUSES && reason instanceof Error; depth += 1) {
    const inner: unknown = reason instanceof AggregateError ? reason.errors[0] : reason.cause;
    if (!(inner instanceof Error)) break;
    reason = inner;
  }
  return reason instanceof Error ? reason.message : String(reason);
}

/** Undefined when the answer is no JSON, as that of a proxy may be. */
function parse({ body }: HttpReply): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    // The status tells enough.
    return undefined;
  }
}
