import { encodeBase64 } from "@stowage/model";
import { parseChallenges } from "./challenge.ts";
import { OciError, UnsafeAddressError } from "./failures.ts";
import type { HttpStream } from "./http-stream.ts";
import { IdleWatch } from "./idle-watch.ts";
import type { Login, RegistryCredentials } from "./login.ts";
import type { OciPlatform } from "./platform.ts";
import { bytesOf, errorOf, headersOf, MAX_JSON_BYTES, parseJson } from "./reply.ts";

/** Scopes whose tokens are kept. */
const MAX_TOKENS = 1000;
/** A token that does not say lasts this long; the specification's default. */
const DEFAULT_TOKEN_SECONDS = 60;
/** Tokens are not used in their last seconds. */
const TOKEN_MARGIN_MS = 10_000;

interface Realm {
  readonly url: string;
  readonly service: string | undefined;
}

interface Token {
  readonly value: string;
  readonly endsAtMs: number;
}

export interface AuthorizerOptions {
  readonly endpoint: URL;
  /** Absent for callers without a name. */
  readonly login: Login | undefined;
  /** Hosts that may be shown the credentials besides the registry's own. */
  readonly tokenHosts: readonly string[];
  readonly http: HttpStream;
  readonly platform: OciPlatform;
  readonly timeoutMs: number;
}

/**
 * Knows what to send as Authorization. It learns how from the registry's challenges: Basic, or tokens of a token service.
 * Source: distribution's token specification.
 */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #tokens = new Map<string, Token>();
  readonly #asked = new Map<string, Promise<string>>();
  #scheme: "unknown" | "basic" | Realm = "unknown";

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  /** What to send for these scopes, as far as it is known. */
  async header(scopes: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
    const credentials = await this.#options.login?.get();
    if (credentials !== undefined && "bearer" in credentials) return `Bearer ${credentials.bearer}`;
    if (this.#scheme === "unknown") return isEcrUser(credentials) ? basic(credentials) : undefined;
    if (this.#scheme === "basic") return credentials === undefined ? undefined : basic(credentials);
    return `Bearer ${await this.#token(this.#scheme, scopes, signal)}`;
  }

  /**
   * Learns from an answer of 401.
   * @param sent what was refused
   */
  learn(challenge: string | undefined, scopes: readonly string[], sent: string | undefined): void {
    const wasGuess = this.#scheme === "unknown";
    for (const { scheme, parameters } of parseChallenges(challenge ?? "")) {
      const { realm, service } = parameters;
      if (scheme === "basic") this.#scheme = "basic";
      else if (scheme === "bearer" && realm !== undefined) this.#scheme = { url: realm, service };
      else continue;
      break;
    }
    // A registry that takes tokens alone says nothing about the password that it was not asked to take.
    if (sent === undefined || (wasGuess && this.#scheme !== "basic")) return;
    this.#options.login?.forget();
    this.#tokens.delete(keyOf(scopes));
  }

  async #token(realm: Realm, scopes: readonly string[], signal?: AbortSignal): Promise<string> {
    const key = keyOf(scopes);
    const kept = this.#tokens.get(key);
    const nowMs = this.#options.platform.clock.now().getTime();
    if (kept !== undefined && kept.endsAtMs - TOKEN_MARGIN_MS > nowMs) return kept.value;
    let asked = this.#asked.get(key);
    if (asked === undefined) {
      asked = this.#askToken(realm, scopes, signal).finally(() => this.#asked.delete(key));
      this.#asked.set(key, asked);
    }
    return asked;
  }

  async #askToken(realm: Realm, scopes: readonly string[], signal?: AbortSignal): Promise<string> {
    const { login, http, platform, timeoutMs } = this.#options;
    const credentials = await login?.get();
    const headers: Record<string, string> = headersOf(platform, { accept: "application/json" });
    if (credentials !== undefined) headers["authorization"] = basic(credentials);
    const url = tokenUrl(this.#realmUrl(realm, credentials !== undefined), realm.service, scopes);
    const watch = new IdleWatch(platform.clock, timeoutMs, signal);
    try {
      const reply = await http.open({ method: "GET", url, headers, signal: watch.signal });
      if (reply.status !== 200) throw await errorOf(reply, `No token from ${realm.url}`);
      const { value, seconds } = tokenOf(parseJson(await bytesOf(reply, MAX_JSON_BYTES)), realm.url);
      const oldest = this.#tokens.keys().next();
      if (this.#tokens.size >= MAX_TOKENS && oldest.done !== true) this.#tokens.delete(oldest.value);
      this.#tokens.set(keyOf(scopes), { value, endsAtMs: platform.clock.now().getTime() + seconds * 1000 });
      return value;
    } finally {
      watch.stop();
    }
  }

  /** A registry that was taken over, or a mirror of another's answers, may name any realm. */
  #realmUrl({ url: text }: Realm, carriesCredentials: boolean): URL {
    const { endpoint, tokenHosts } = this.#options;
    const url = parseRealm(text, endpoint);
    const sameHost = url.host === endpoint.host && (url.protocol === endpoint.protocol || url.protocol === "https:");
    const safe = url.protocol === "https:" || (url.protocol === "http:" && endpoint.protocol === "http:" && sameHost);
    const isLoopback = isLoopbackHost(url.hostname) && isLoopbackHost(endpoint.hostname);
    if (!safe && !isLoopback)
      throw new UnsafeAddressError(`${endpoint.host} asks for tokens from ${text}, without TLS`);
    const known =
      sameHost || isLoopback || isRelatedHost(url.hostname, endpoint.hostname) || tokenHosts.includes(url.host);
    if (known || !carriesCredentials) return url;
    throw new UnsafeAddressError(
      `${endpoint.host} asks for its credentials to be sent to ${url.host}: name that host in tokenHosts if it may have them`,
    );
  }
}

/** Registries of ECR take a token as the password of this user, and nothing but Basic: that need not be asked first. */
function isEcrUser(credentials: RegistryCredentials | undefined): credentials is RegistryCredentials {
  return credentials !== undefined && "username" in credentials && credentials.username === "AWS";
}

function keyOf(scopes: readonly string[]): string {
  return [...scopes].sort().join(" ");
}

function basic(credentials: RegistryCredentials): string {
  if ("bearer" in credentials) return `Bearer ${credentials.bearer}`;
  const { username, password } = credentials;
  return `Basic ${encodeBase64(new TextEncoder().encode(`${username}:${password}`))}`;
}

function parseRealm(text: string, endpoint: URL): URL {
  try {
    const url = new URL(text);
    if (url.username === "" && url.password === "") return url;
  } catch {
    // Told below, as other unusable realms are.
  }
  throw new UnsafeAddressError(`${endpoint.host} names an unusable realm`);
}

function tokenUrl(realm: URL, service: string | undefined, scopes: readonly string[]): string {
  const query = [
    ...(service === undefined ? [] : [`service=${encodeURIComponent(service)}`]),
    ...scopes.map((scope) => `scope=${encodeURIComponent(scope)}`),
  ].join("&");
  const separator = realm.search === "" ? "?" : "&";
  return `${realm.protocol}//${realm.host}${realm.pathname}${realm.search}${query === "" ? "" : separator}${query}`;
}

function tokenOf(json: unknown, from: string): { readonly value: string; readonly seconds: number } {
  const { token, access_token: access, expires_in: lasts } = (json ?? {}) as Readonly<Record<string, unknown>>;
  const value = typeof token === "string" && token !== "" ? token : access;
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    throw new OciError(`${from} answered no token`, { status: 200, code: "" });
  }
  return { value, seconds: typeof lasts === "number" && lasts > 0 ? lasts : DEFAULT_TOKEN_SECONDS };
}

function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Whether two hosts are of one domain, as auth.docker.io and registry-1.docker.io are. Under country domains with common
 * second parts (`co.uk`) three parts have to agree.
 */
function isRelatedHost(one: string, other: string): boolean {
  const domain = (hostname: string): string | undefined => {
    const parts = hostname.split(".");
    if (/^[\d.]+$|^\[/.test(hostname) || parts.length < 2) return undefined;
    const isShort = (parts.at(-1)?.length ?? 0) === 2 && (parts.at(-2)?.length ?? 0) <= 3;
    return parts.length < (isShort ? 3 : 2) ? undefined : parts.slice(isShort ? -3 : -2).join(".");
  };
  const mine = domain(one);
  return mine !== undefined && mine === domain(other);
}
