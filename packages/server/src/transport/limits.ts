const KIB = 1024;
const MIB = 1024 * KIB;

/** Everything that bounds a listener. Times are milliseconds, sizes bytes. */
export interface TransportLimits {
  /** Connections open at once; further ones are closed as they arrive. */
  readonly connections: number;
  /** Target plus names and values of all headers; more is answered 431. */
  readonly headerBytes: number;
  /** Header lines; more is answered 431. */
  readonly headerCount: number;
  /** Length of the request target; more is answered 414. */
  readonly targetBytes: number;
  /** From the first byte of a request (or from connecting) to the end of its headers; then 408. */
  readonly headersTimeoutMs: number;
  /** Time spent waiting for the client within which a body must bring `bodyProgressBytes`. */
  readonly bodyIdleTimeoutMs: number;
  /** See `bodyIdleTimeoutMs`; keeps a client from holding a body open with a byte now and then. */
  readonly bodyProgressBytes: number;
  /** A reply of which the client takes nothing for this long ends with the connection. */
  readonly writeIdleTimeoutMs: number;
  /** Idle time between two requests; above the 90 s for which Go's clients keep connections. */
  readonly keepAliveTimeoutMs: number;
  /** Requests that may wait on one connection behind the one being answered; more ends the connection. */
  readonly pipelined: number;
  /** Bytes of an unread body that are received and dropped so that the refusal arrives. */
  readonly drainBytes: number;
  /** How long such a drain may take. */
  readonly drainTimeoutMs: number;
  /** Buffers of 1 MiB in use by file downloads at once; beyond them a download uses two of 64 KiB. */
  readonly fileBuffers: number;
  readonly tlsHandshakeTimeoutMs: number;
  /** How often certificate files are looked at. */
  readonly certificatePollMs: number;
}

export const DEFAULT_LIMITS: TransportLimits = {
  connections: 10_000,
  headerBytes: 32 * KIB,
  headerCount: 100,
  targetBytes: 16 * KIB,
  headersTimeoutMs: 20_000,
  bodyIdleTimeoutMs: 60_000,
  bodyProgressBytes: KIB,
  writeIdleTimeoutMs: 60_000,
  keepAliveTimeoutMs: 95_000,
  pipelined: 64,
  drainBytes: MIB,
  drainTimeoutMs: 2_000,
  fileBuffers: 64,
  tlsHandshakeTimeoutMs: 10_000,
  certificatePollMs: 60_000,
};
