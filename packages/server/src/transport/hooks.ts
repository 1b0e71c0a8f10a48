import type { Peer } from "./types.ts";

/** One line of the access log. */
export interface AccessRecord {
  readonly id: string;
  /** `-` when the bytes received were no request. */
  readonly method: string;
  /** Without the values of query parameters that grant something. */
  readonly target: string;
  /** As sent; 499 when the client left before an answer began. */
  readonly status: number;
  /** The reply did not go out whole. */
  readonly aborted: boolean;
  /** Bytes of the request's body that were received, dropped ones included. */
  readonly bytesIn: number;
  /** Bytes of the reply's body that were handed to the connection. */
  readonly bytesOut: number;
  readonly durationMs: number;
  readonly peer: Peer;
  readonly userAgent: string | undefined;
}

/** What a listener tells its owner. Hooks must not throw. */
export interface TransportHooks {
  /** Once per request, also for refused and aborted ones. */
  onDone?(record: AccessRecord): void;
  /** A handler threw, or the body of a reply failed; `requestId` stands in the reply too. */
  onError?(error: unknown, requestId: string): void;
  /** A changed certificate was taken into use (`error` undefined), or refused and the old one kept. */
  onCertificate?(error: unknown): void;
}
