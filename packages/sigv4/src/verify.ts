import type { Claim } from "./authorization.ts";
import { stringToSign } from "./canonical.ts";
import { parseQuery, splitTarget } from "./encoding.ts";
import type { Failure } from "./failure.ts";
import { invalid, MISMATCH, UNRECOGNIZED_CLIENT } from "./failure.ts";
import type { Hasher } from "./hasher.ts";
import { equalInConstantTime, toHex } from "./hasher.ts";
import type { HeaderMap } from "./headers.ts";
import { headerValues } from "./headers.ts";
import { DEFAULT_MAX_SKEW_MS } from "./limits.ts";
import type { SigningKeyCache } from "./signing-key.ts";
import { deriveSigningKey, secretFingerprint } from "./signing-key.ts";
import { formatTimestamp, parseTimestamp } from "./timestamps.ts";

/** A request as it was received. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: HeaderMap;
}

export interface ClaimRules {
  readonly now: Date;
  /** Services that the signature may be scoped to; the first is named when it is none of them. */
  readonly expectedServices: readonly [string, ...string[]];
  /** How far the request's date may lie from `now`; 15 minutes unless told. */
  readonly maxSkewMs?: number;
}

export interface VerifyOptions extends ClaimRules {
  /** The secret of the claim's access key; undefined when no such key exists. */
  readonly secretAccessKey: string | undefined;
  /** The session token that belongs to the access key; undefined for a long-term key. */
  readonly sessionToken?: string | undefined;
  /** SHA-256 of the body received, in hexadecimal; UNSIGNED_PAYLOAD where the receiver lets bodies go unsigned. */
  readonly payloadHash: string;
  readonly hasher: Hasher;
  readonly keyCache?: SigningKeyCache;
}

export type Verdict = { readonly ok: true } | Failure;

const ACCEPTED: Verdict = { ok: true };
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const REGION = /^[a-z0-9-]{1,64}$/;

/** Signed whenever they are sent. Others may be added underway, by a proxy or a retry. */
const ALWAYS_SIGNED = ["x-amz-date", "x-amz-target", "x-amz-content-sha256", "x-amz-security-token"];

/**
 * Proves that the holder of a secret key signed this request, for this service, at about this time.
 * Errors come in AWS's order: headers, time, scope, access key, signature, session token.
 * @returns ok, or the error that AWS would answer with; never throws
 */
export function verify(claim: Claim, request: ReceivedRequest, options: VerifyOptions): Verdict {
  const refused = checkClaim(claim, request.headers, options);
  if (refused !== undefined) return refused;
  const { secretAccessKey, payloadHash, hasher, keyCache } = options;
  if (secretAccessKey === undefined) return UNRECOGNIZED_CLIENT;
  const declaredHash = headerValues(request.headers, "x-amz-content-sha256")[0];
  if (declaredHash !== undefined && declaredHash !== payloadHash) return MISMATCH;
  const { path, query } = splitTarget(request.target);
  const parameters = parseQuery(query);
  if (parameters === undefined || !METHOD.test(request.method)) return MISMATCH;

  const fingerprint = keyCache === undefined ? "" : secretFingerprint(secretAccessKey, hasher);
  const cached = keyCache?.find(claim.accessKeyId, claim.scope, fingerprint);
  const key = cached ?? deriveSigningKey(secretAccessKey, claim.scope, hasher);
  const text = stringToSign(
    {
      method: request.method,
      path,
      query: claim.presigned ? parameters.filter(({ name }) => name !== "X-Amz-Signature") : parameters,
      headers: request.headers,
      signedHeaders: claim.signedHeaders,
      payloadHash,
      amzDate: claim.amzDate,
      scope: claim.scope,
    },
    hasher,
  );
  if (!equalInConstantTime(toHex(hasher.hmacSha256(key, text)), claim.signature)) return MISMATCH;
  // Region and service are the sender's words: a key is kept only once they are proven, so that nobody fills the cache.
  if (cached === undefined) keyCache?.keep(claim.accessKeyId, claim.scope, { fingerprint, key });
  return isToken(claim.sessionToken, options.sessionToken) ? ACCEPTED : UNRECOGNIZED_CLIENT;
}

/**
 * Checks what needs neither a secret nor the body: signed headers, time and scope. `verify` does the same again; calling
 * this first spares a receiver from looking up keys and hashing bodies for requests that are refused anyway.
 * @returns undefined when nothing speaks against the claim so far
 */
export function checkClaim(claim: Claim, headers: HeaderMap, rules: ClaimRules): Failure | undefined {
  return checkSignedHeaders(claim, headers) ?? checkTime(claim, rules) ?? checkScope(claim, rules);
}

function checkSignedHeaders({ signedHeaders }: Claim, headers: HeaderMap): Failure | undefined {
  if (!signedHeaders.includes("host") || headerValues(headers, "host").length === 0) {
    return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  for (const name of ALWAYS_SIGNED) {
    if (headerValues(headers, name).length > 0 && !signedHeaders.includes(name)) {
      return invalid(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
  }
  return undefined;
}

function checkTime(claim: Claim, rules: ClaimRules): Failure | undefined {
  const signedMs = parseTimestamp(claim.amzDate) ?? Number.NaN;
  const nowMs = rules.now.getTime();
  const skewMs = rules.maxSkewMs ?? DEFAULT_MAX_SKEW_MS;
  const lifeMs = claim.expiresSeconds === undefined ? skewMs : claim.expiresSeconds * 1000;
  if (signedMs + lifeMs >= nowMs && signedMs - skewMs <= nowMs) return undefined;
  const now = formatTimestamp(nowMs);
  if (signedMs > nowMs) {
    const limit = formatTimestamp(nowMs + skewMs);
    const why = `(${now} + ${duration(skewMs)})`;
    return invalid(`Signature not yet current: ${claim.amzDate} is still later than ${limit} ${why}`);
  }
  const limit = formatTimestamp(nowMs - lifeMs);
  const why = `(${now} - ${duration(lifeMs)})`;
  return invalid(`Signature expired: ${claim.amzDate} is now earlier than ${limit} ${why}`);
}

function checkScope({ scope, amzDate }: Claim, { expectedServices }: ClaimRules): Failure | undefined {
  const faults: string[] = [];
  if (!REGION.test(scope.region)) faults.push(`Credential should be scoped to a valid region, not '${scope.region}'.`);
  if (!expectedServices.includes(scope.service)) {
    faults.push(`Credential should be scoped to correct service: '${expectedServices[0]}'.`);
  }
  if (scope.terminator !== "aws4_request") {
    const found = `not '${scope.terminator}'`;
    faults.push(`Credential should be scoped with a valid terminator: 'aws4_request', ${found}.`);
  }
  const day = amzDate.slice(0, 8);
  if (scope.date !== day) {
    const difference = `'${scope.date}' != '${day}', from '${amzDate}'`;
    faults.push(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ${difference}.`,
    );
  }
  return faults.length === 0 ? undefined : invalid(faults.join(" "));
}

function duration(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min.` : `${ms / 1000} sec.`;
}

function isToken(claimed: string | undefined, expected: string | undefined): boolean {
  if (claimed === undefined || expected === undefined) return claimed === expected;
  return equalInConstantTime(claimed, expected);
}
