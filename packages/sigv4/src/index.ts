export type { Claim, ClaimedScope, ParsedAuthorization } from "./authorization.ts";
export { parseAuthorization } from "./authorization.ts";
export type { Failure, FailureCode } from "./failure.ts";
export type { Hasher } from "./hasher.ts";
export { EMPTY_PAYLOAD_HASH, UNSIGNED_PAYLOAD } from "./hasher.ts";
export type { HeaderMap } from "./headers.ts";
export {
  DEFAULT_CACHED_SIGNING_KEYS,
  DEFAULT_MAX_SKEW_MS,
  MAX_ACCESS_KEY_ID_CHARS,
  MAX_AUTHORIZATION_CHARS,
  MAX_EXPIRES_SECONDS,
  MAX_QUERY_PARAMETERS,
  MAX_SIGNED_HEADERS,
  MAX_TARGET_CHARS,
  MIN_EXPIRES_SECONDS,
} from "./limits.ts";
export type { Credentials, PresigningRequest, SignatureHeaders, SigningRequest } from "./sign.ts";
export { presign, signRequest } from "./sign.ts";
export type { CredentialScope } from "./signing-key.ts";
export { SigningKeyCache } from "./signing-key.ts";
export type { ClaimRules, ReceivedRequest, Verdict, VerifyOptions } from "./verify.ts";
export { checkClaim, verify } from "./verify.ts";
