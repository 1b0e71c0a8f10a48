import type { SignedParts } from "./canonical.ts";
import { ALGORITHM, scopeText, stringToSign } from "./canonical.ts";
import type { QueryParameter } from "./encoding.ts";
import { canonicalQuery, encodeComponent, isWireTarget, parseQuery, splitTarget } from "./encoding.ts";
import type { Hasher } from "./hasher.ts";
import { EMPTY_PAYLOAD_HASH, toHex } from "./hasher.ts";
import type { HeaderMap } from "./headers.ts";
import { headerValues } from "./headers.ts";
import { MAX_EXPIRES_SECONDS, MAX_QUERY_PARAMETERS, MAX_TARGET_CHARS, MIN_EXPIRES_SECONDS } from "./limits.ts";
import type { CredentialScope, SigningKeyCache } from "./signing-key.ts";
import { deriveSigningKey, secretFingerprint } from "./signing-key.ts";
import { formatTimestamp } from "./timestamps.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SigningRequest {
  readonly method: string;
  /** Path and query exactly as they go over the wire. */
  readonly target: string;
  /** What will be sent, `host` included. Headers that change underway are left out of the signature. */
  readonly headers: HeaderMap;
  readonly credentials: Credentials;
  readonly service: string;
  readonly region: string;
  readonly date: Date;
  readonly hasher: Hasher;
  readonly keyCache?: SigningKeyCache;
  /**
   * SHA-256 of the body in hexadecimal, or UNSIGNED_PAYLOAD. Without it the header `x-amz-content-sha256` counts, then
   * `body`.
   */
  readonly payloadHash?: string;
  readonly body?: Uint8Array | string;
}

export interface PresigningRequest extends SigningRequest {
  /** 1 second to 7 days. */
  readonly expiresSeconds: number;
}

/** What a request needs besides its own headers to count as signed. */
export interface SignatureHeaders {
  readonly authorization: string;
  readonly "x-amz-date": string;
  readonly "x-amz-security-token"?: string;
}

/** Written by runtimes and proxies rather than by the sender. */
const NEVER_SIGNED = new Set([
  "authorization",
  "cache-control",
  "connection",
  "expect",
  "from",
  "keep-alive",
  "max-forwards",
  "pragma",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "x-amzn-trace-id",
]);
/** What a presigned query says about its signature; an earlier one's is replaced. */
const SIGNATURE_PARAMETERS = new Set([
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-Security-Token",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
]);

/**
 * Signs a request in its headers.
 * @returns the headers to add, in place of any of the same name
 * @throws TypeError the target is not in wire form, or `host` is missing
 * Source: IAM User Guide, Create a signed AWS API request.
 */
export function signRequest(request: SigningRequest): SignatureHeaders {
  const { credentials } = request;
  const amzDate = formatTimestamp(request.date.getTime());
  const added = {
    "x-amz-date": amzDate,
    ...(credentials.sessionToken === undefined ? {} : { "x-amz-security-token": credentials.sessionToken }),
  };
  const headers = signableHeaders({ ...request.headers, ...added });
  const parts = signedParts(request, headers);
  const signature = sign(request, parts);
  const credential = `${credentials.accessKeyId}/${scopeText(parts.scope)}`;
  const signedHeaders = parts.signedHeaders.join(";");
  return {
    ...added,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

/**
 * Signs a request in its query, so that a plain URL carries the permission for a while.
 * @returns the whole query, without the question mark
 * @throws TypeError the target is not in wire form, or `host` is missing
 * @throws RangeError the life is no whole number of seconds from 1 to 604800
 * Source: IAM User Guide, Create a signed AWS API request, query parameters.
 */
export function presign(request: PresigningRequest): string {
  const { credentials, expiresSeconds } = request;
  if (
    !Number.isInteger(expiresSeconds) ||
    expiresSeconds < MIN_EXPIRES_SECONDS ||
    expiresSeconds > MAX_EXPIRES_SECONDS
  ) {
    throw new RangeError(`A presigned request lives ${MIN_EXPIRES_SECONDS} to ${MAX_EXPIRES_SECONDS} seconds`);
  }
  const unsigned = signedParts(request, signableHeaders(request.headers));
  const added: Record<string, string> = {
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": `${credentials.accessKeyId}/${scopeText(unsigned.scope)}`,
    "X-Amz-Date": unsigned.amzDate,
    "X-Amz-Expires": String(expiresSeconds),
    "X-Amz-SignedHeaders": unsigned.signedHeaders.join(";"),
    ...(credentials.sessionToken === undefined ? {} : { "X-Amz-Security-Token": credentials.sessionToken }),
  };
  const query: QueryParameter[] = unsigned.query.filter(({ name }) => !SIGNATURE_PARAMETERS.has(name));
  for (const [name, value] of Object.entries(added)) query.push({ name, value: encodeComponent(value) });
  return `${canonicalQuery(query)}&X-Amz-Signature=${sign(request, { ...unsigned, query })}`;
}

function signedParts(request: SigningRequest, headers: HeaderMap): SignedParts {
  const { method, target, service, region, body, hasher } = request;
  const { path, query } = splitTarget(target);
  const parameters = parseQuery(query);
  if (!isWireTarget(target) || parameters === undefined) {
    const limits = `${MAX_TARGET_CHARS} characters and ${MAX_QUERY_PARAMETERS} parameters`;
    throw new TypeError(`The target of a request to sign must be an encoded path within ${limits}`);
  }
  if (headerValues(headers, "host").length === 0) throw new TypeError("A request to sign needs a host header");
  const amzDate = formatTimestamp(request.date.getTime());
  const scope: CredentialScope = { date: amzDate.slice(0, 8), region, service };
  const payloadHash =
    request.payloadHash ??
    headerValues(headers, "x-amz-content-sha256")[0] ??
    (body === undefined ? EMPTY_PAYLOAD_HASH : toHex(hasher.sha256(body)));
  const signedHeaders = Object.keys(headers).toSorted();
  return { method, path, query: parameters, headers, signedHeaders, payloadHash, amzDate, scope };
}

function sign({ credentials, hasher, keyCache }: SigningRequest, parts: SignedParts): string {
  const { accessKeyId, secretAccessKey } = credentials;
  const fingerprint = keyCache === undefined ? "" : secretFingerprint(secretAccessKey, hasher);
  const cached = keyCache?.find(accessKeyId, parts.scope, fingerprint);
  const key = cached ?? deriveSigningKey(secretAccessKey, parts.scope, hasher);
  if (cached === undefined) keyCache?.keep(accessKeyId, parts.scope, { fingerprint, key });
  return toHex(hasher.hmacSha256(key, stringToSign(parts, hasher)));
}

/** The headers that go into the signature, by lower-case name; those given later win over earlier ones. */
function signableHeaders(headers: HeaderMap): HeaderMap {
  const signable = new Map<string, string | readonly string[]>();
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    const excluded = NEVER_SIGNED.has(name) || name.startsWith("proxy-") || name.startsWith("sec-");
    if (value !== undefined && !excluded) signable.set(name, value);
  }
  return Object.fromEntries(signable);
}
