import { signRequest, SigningKeyCache } from "@stowage/sigv4";
import type { SigningRequest } from "@stowage/sigv4";
import type { HttpReply, HttpRequest } from "../http.ts";
import type { Platform } from "../platform.ts";
import type { CredentialSource } from "./credentials.ts";
import { SIGNING_NAME } from "./generated/wire-facts.ts";

/** Bodies up to this size are hashed on the thread that calls. */
const MAX_BYTES_HASHED_HERE = 64 * 1024;
/** Scopes change once a day, secrets seldom. */
const MAX_KEYS = 4;
/** Clocks this far apart are not the reason for a refusal. */
const TOLERATED_SKEW_MS = 5 * 60 * 1000;
const SKEW_CODES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "InvalidSignatureException",
  "RequestExpired",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
]);
const ENDED_CODES: ReadonlySet<string> = /* @__PURE__ */ new Set(["ExpiredToken", "ExpiredTokenException"]);

/** Signs requests with the credentials of the moment, by the server's clock once it has proved the own one wrong. */
export class Signer {
  readonly #platform: Platform;
  readonly #credentials: CredentialSource;
  readonly #keys = new SigningKeyCache(MAX_KEYS);
  #clockOffsetMs = 0;

  constructor(platform: Platform, credentials: CredentialSource) {
    this.#platform = platform;
    this.#credentials = credentials;
  }

  async sign(request: HttpRequest, region: string): Promise<HttpRequest> {
    const signing = await this.signing(request, region);
    const { authorization, ...others } = signRequest(signing);
    const headers: Record<string, string> = { ...request.headers, ...others, authorization };
    if (this.#platform.userAgent !== undefined) headers["user-agent"] ??= this.#platform.userAgent;
    return { ...request, headers };
  }

  /** What a signature of the request is made from. */
  async signing(request: HttpRequest, region: string): Promise<SigningRequest> {
    const { hasher, digest, clock } = this.#platform;
    const { method, body } = request;
    const url = new URL(request.url);
    const credentials = await this.#credentials.get();
    const large = body.length > MAX_BYTES_HASHED_HERE ? { payloadHash: hexOf(await digest(body)) } : { body };
    return {
      method,
      target: `${url.pathname}${url.search}`,
      headers: { ...request.headers, host: url.host },
      credentials,
      service: SIGNING_NAME,
      region,
      date: new Date(clock.now().getTime() + this.#clockOffsetMs),
      hasher,
      keyCache: this.#keys,
      ...large,
    };
  }

  /**
   * Learns from a refusal: forgets credentials that have ended, and takes over the server's clock when the own one may be
   * to blame.
   * @returns whether the same call, signed anew, may succeed
   */
  learnFrom(code: string, reply: HttpReply): boolean {
    if (ENDED_CODES.has(code)) this.#credentials.forget();
    const servedMs = Date.parse(reply.headers["date"] ?? "");
    if (!SKEW_CODES.has(code) || Number.isNaN(servedMs)) return false;
    const offsetMs = servedMs - this.#platform.clock.now().getTime();
    if (Math.abs(offsetMs - this.#clockOffsetMs) <= TOLERATED_SKEW_MS) return false;
    this.#clockOffsetMs = offsetMs;
    return true;
  }
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
