import { ALGORITHM } from "./canonical.ts";
import type { QueryParameter } from "./encoding.ts";
import { decodeComponent, isWireTarget, parseQuery, splitTarget } from "./encoding.ts";
import type { Failure } from "./failure.ts";
import { incomplete, MISSING_TOKEN } from "./failure.ts";
import type { HeaderMap } from "./headers.ts";
import { headerValues } from "./headers.ts";
import {
  MAX_ACCESS_KEY_ID_CHARS,
  MAX_AUTHORIZATION_CHARS,
  MAX_EXPIRES_SECONDS,
  MAX_QUERY_PARAMETERS,
  MAX_SIGNED_HEADERS,
  MAX_TARGET_CHARS,
  MIN_EXPIRES_SECONDS,
} from "./limits.ts";
import type { CredentialScope } from "./signing-key.ts";
import { readTimestamp } from "./timestamps.ts";

/** What a request says about who signed it; nothing in it is proven before `verify` said so. */
export interface Claim {
  readonly algorithm: typeof ALGORITHM;
  readonly accessKeyId: string;
  readonly scope: ClaimedScope;
  /** In lower case, sorted, without duplicates. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** Time of signing, as `20150830T123600Z`. */
  readonly amzDate: string;
  readonly presigned: boolean;
  /** Life of a presigned request in seconds. */
  readonly expiresSeconds?: number;
  readonly sessionToken?: string;
}

export interface ClaimedScope extends CredentialScope {
  /** `aws4_request` in a well-formed scope. */
  readonly terminator: string;
}

export type ParsedAuthorization = { readonly ok: true; readonly claim: Claim } | Failure;

/** Headers whose second value could mean one thing to the signature and another to its reader. */
const SINGLE_HEADERS = [
  "authorization",
  "host",
  "content-type",
  "date",
  "x-amz-date",
  "x-amz-target",
  "x-amz-content-sha256",
  "x-amz-security-token",
];
const ACCESS_KEY_ID = /^[\x21-\x7e]+$/;
const SIGNED_HEADER = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const EXPIRES = /^\d{1,6}$/;
const AUTHORIZATION_PARAMETERS = ["Credential", "Signature", "SignedHeaders"];
const QUERY_PARAMETERS = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
  "X-Amz-Date",
];

/**
 * Reads who claims to have signed a request, from its `Authorization` header or from a presigned query.
 * Signature Version 4 with one mechanism at a time; other schemes in `Authorization` count as none.
 * @param headers names in lower case
 * @param target path and query as they came over the wire
 */
export function parseAuthorization(headers: HeaderMap, target: string): ParsedAuthorization {
  for (const name of SINGLE_HEADERS) {
    if (headerValues(headers, name).length > 1) return incomplete(`Header '${name}' must appear only once.`);
  }
  if (!isWireTarget(target)) {
    return incomplete(`The request target must be an encoded path of at most ${MAX_TARGET_CHARS} characters.`);
  }
  const query = parseQuery(splitTarget(target).query);
  if (query === undefined) {
    return incomplete(`The query must be well encoded and hold at most ${MAX_QUERY_PARAMETERS} parameters.`);
  }
  const authorization = headerValues(headers, "authorization")[0]?.trim();
  const inHeader = authorization?.startsWith("AWS4-") === true;
  const inQuery = query.some(({ name }) => name === "X-Amz-Algorithm" || name === "X-Amz-Signature");
  if (inHeader && inQuery) return incomplete("Only one of 'Authorization' and 'X-Amz-Signature' may be given.");
  if (inQuery) return parsePresigned(query);
  if (authorization !== undefined && inHeader) return parseHeader(authorization, headers);
  return MISSING_TOKEN;
}

function parseHeader(authorization: string, headers: HeaderMap): ParsedAuthorization {
  if (authorization.length > MAX_AUTHORIZATION_CHARS) {
    return incomplete(`The Authorization header may have at most ${MAX_AUTHORIZATION_CHARS} characters.`);
  }
  const [algorithm = "", ...pairs] = authorization.split(/[ \t,]+/);
  if (algorithm !== ALGORITHM) return unsupportedAlgorithm(algorithm);
  const found = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (pair === "") continue;
    if (equals === -1) {
      const where = `in Authorization header: '${authorization}'`;
      return incomplete(`'${pair}' not a valid key=value pair (missing equal-sign) ${where}.`);
    }
    const name = pair.slice(0, equals);
    if (found.has(name)) return incomplete(`Authorization header holds '${name}' more than once.`);
    found.set(name, pair.slice(equals + 1));
  }
  const date = headerValues(headers, "x-amz-date")[0] ?? headerValues(headers, "date")[0];
  const missing = AUTHORIZATION_PARAMETERS.filter((name) => !found.has(name)).map(
    (name) => `Authorization header requires '${name}' parameter. `,
  );
  if (date === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
  }
  // Only the scheme is repeated: messages end up in logs, and a signature has no business there.
  if (missing.length > 0) return incomplete(`${missing.join("")}Authorization=${ALGORITHM}`);
  return readClaim({
    credential: found.get("Credential") ?? "",
    signedHeaders: found.get("SignedHeaders") ?? "",
    signature: found.get("Signature") ?? "",
    date: date ?? "",
    sessionToken: headerValues(headers, "x-amz-security-token")[0],
    presigned: false,
  });
}

function parsePresigned(query: readonly QueryParameter[]): ParsedAuthorization {
  const found = new Map<string, string>();
  for (const { name, value } of query) {
    if (!name.startsWith("X-Amz-")) continue;
    if (found.has(name)) return incomplete(`Query parameter '${name}' must appear only once.`);
    found.set(name, decodeComponent(value));
  }
  const missing = QUERY_PARAMETERS.filter((name) => !found.has(name)).map(
    (name) => `AWS query-string parameters must include '${name}'. `,
  );
  if (missing.length > 0) return incomplete(`${missing.join("")}Re-examine the query-string parameters.`);
  const algorithm = found.get("X-Amz-Algorithm") ?? "";
  if (algorithm !== ALGORITHM) return unsupportedAlgorithm(algorithm);
  return readClaim({
    credential: found.get("X-Amz-Credential") ?? "",
    signedHeaders: found.get("X-Amz-SignedHeaders") ?? "",
    signature: found.get("X-Amz-Signature") ?? "",
    date: found.get("X-Amz-Date") ?? "",
    expires: found.get("X-Amz-Expires"),
    sessionToken: found.get("X-Amz-Security-Token"),
    presigned: true,
  });
}

interface RawClaim {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly date: string;
  readonly expires?: string | undefined;
  readonly sessionToken: string | undefined;
  readonly presigned: boolean;
}

function readClaim(raw: RawClaim): ParsedAuthorization {
  const amzDate = readTimestamp(raw.date);
  if (amzDate === undefined) {
    const see = "See http://en.wikipedia.org/wiki/ISO_8601";
    return incomplete(`Date must be in ISO-8601 'basic format'. Got '${raw.date}'. ${see}`);
  }
  const signedHeaders = raw.signedHeaders === "" ? [] : raw.signedHeaders.split(";");
  if (!areSignedHeaders(signedHeaders)) {
    return incomplete(`'SignedHeaders' must be at most ${MAX_SIGNED_HEADERS} names, in lower case and sorted.`);
  }
  const [accessKeyId = "", date = "", region = "", service = "", terminator, ...rest] = raw.credential.split("/");
  if (terminator === undefined || rest.length > 0) {
    const form = "e.g. keyid/date/region/service/term";
    return incomplete(`Credential must have exactly 5 slash-delimited elements, ${form}, got '${raw.credential}'`);
  }
  if (!ACCESS_KEY_ID.test(accessKeyId) || accessKeyId.length > MAX_ACCESS_KEY_ID_CHARS) {
    return incomplete(`The access key id must have 1 to ${MAX_ACCESS_KEY_ID_CHARS} printable characters.`);
  }
  const expires = readExpires(raw.expires);
  if (typeof expires === "object") return expires;
  const claim: Claim = {
    algorithm: ALGORITHM,
    accessKeyId,
    scope: { date, region, service, terminator },
    signedHeaders,
    signature: raw.signature,
    amzDate,
    presigned: raw.presigned,
    ...(expires === undefined ? {} : { expiresSeconds: expires }),
    ...(raw.sessionToken === undefined ? {} : { sessionToken: raw.sessionToken }),
  };
  return { ok: true, claim };
}

function readExpires(text: string | undefined): number | undefined | Failure {
  if (text === undefined) return undefined;
  const seconds = EXPIRES.test(text) ? Number(text) : undefined;
  if (seconds === undefined) return incomplete("X-Amz-Expires should be a number");
  if (seconds < MIN_EXPIRES_SECONDS) return incomplete("X-Amz-Expires must be at least one second");
  if (seconds > MAX_EXPIRES_SECONDS) {
    return incomplete(`X-Amz-Expires must be less than a week (in seconds); that is, at most ${MAX_EXPIRES_SECONDS}`);
  }
  return seconds;
}

function areSignedHeaders(names: readonly string[]): boolean {
  if (names.length > MAX_SIGNED_HEADERS) return false;
  return names.every((name, i) => SIGNED_HEADER.test(name) && (i === 0 || (names[i - 1] ?? "") < name));
}

function unsupportedAlgorithm(algorithm: string): Failure {
  return incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`);
}
