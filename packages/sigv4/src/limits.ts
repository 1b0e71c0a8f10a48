/** Longest `Authorization` header that is read, in characters. */
export const MAX_AUTHORIZATION_CHARS = 4096;

/** Longest request target that is read, in characters; a session token in a presigned query takes most of it. */
export const MAX_TARGET_CHARS = 16_384;

/** Most names that `SignedHeaders` may list. */
export const MAX_SIGNED_HEADERS = 64;

/** Most parameters that a query may hold. */
export const MAX_QUERY_PARAMETERS = 128;

/** Longest access key id, in characters. Source: IAM API reference, AccessKey. */
export const MAX_ACCESS_KEY_ID_CHARS = 128;

/** Shortest and longest life of a presigned request, in seconds. */
export const MIN_EXPIRES_SECONDS = 1;
export const MAX_EXPIRES_SECONDS = 604_800;

/** How far a request's date may lie from the receiver's clock, in milliseconds. */
export const DEFAULT_MAX_SKEW_MS = 15 * 60 * 1000;

/** Derived keys that a cache holds unless told otherwise. */
export const DEFAULT_CACHED_SIGNING_KEYS = 1024;
