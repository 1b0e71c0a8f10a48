import type { OperationName } from "@stowage/model";
import type { Http, HttpReply, HttpRequest } from "../http.ts";
import type { CredentialProvider, ExpiringCredentials } from "../platform.ts";

/** One attempt at a call, as middleware sees it. */
export interface Exchange {
  readonly operation: OperationName;
  readonly input: unknown;
  /** From 1. */
  readonly attempt: number;
  /** What will be signed and sent; `host` and the signature are added to it later. */
  readonly request: HttpRequest;
}

/**
 * Stands between a call and the wire, around each attempt. It may change the request before it is signed, look at the
 * answer, give one of its own, or throw.
 */
export type Middleware = (exchange: Exchange, next: (exchange: Exchange) => Promise<HttpReply>) => Promise<HttpReply>;

export interface EcrClientOptions {
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
  /** Instead of the three above. A function is asked when needed, and again 5 minutes before its answer expires. */
  readonly credentials?: ExpiringCredentials | CredentialProvider | undefined;
  /** Profile of the shared files; AWS_PROFILE, else `default`. */
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  /** `http://127.0.0.1:5100`; AWS's for the region unless given. */
  readonly endpoint?: string | undefined;
  readonly useDualstackEndpoint?: boolean | undefined;
  readonly useFipsEndpoint?: boolean | undefined;
  /** Most times that a call is sent, the first included; 3 unless given. */
  readonly maxAttempts?: number | undefined;
  /** Longest time for one attempt, in milliseconds; 60,000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** The first is the outermost. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** Instead of the platform's. */
  readonly http?: Http | undefined;
}

export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maxAttempts?: number | undefined;
}
