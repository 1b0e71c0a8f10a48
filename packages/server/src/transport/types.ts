/** Header names in lower case, one value each; repeated request headers are joined as HTTP says. */
export type HeaderMap = Readonly<Record<string, string>>;

/** Who sent a request: the other end of the TCP connection, not what a forwarding header claims. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  /** The connection is TLS. */
  readonly secure: boolean;
}

/** One HTTP request, free of the runtime's own types. */
export interface Request {
  /** A UUID made for this request, sent back as `x-amzn-RequestId`. */
  readonly id: string;
  readonly method: string;
  /** Path and query as they stood on the wire; begins with `/`, or is `*`. */
  readonly target: string;
  readonly headers: HeaderMap;
  /** Declared body length in bytes, 0 without a body, undefined for a chunked one. */
  readonly contentLength: number | undefined;
  /**
   * The body, once, with back-pressure; the first read answers `Expect: 100-continue`. The bytes of a chunk are gone once the
   * next one is asked for.
   * @throws BodyTimeout the client stopped sending
   * @throws ClientGone the connection ended first
   */
  readonly body: AsyncIterable<Uint8Array>;
  readonly peer: Peer;
  /** Aborts with ClientGone when the client leaves before the reply is out; never after it. */
  readonly signal: AbortSignal;
}

/** Bytes of a file: `length` of them from `offset`; a transport may hand this to the kernel. */
export interface FileRegion {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

export type ReplyBody = string | Uint8Array | FileRegion | AsyncIterable<Uint8Array>;

/**
 * One answer. Lengths of text, bytes and files are computed; a stream goes out chunked unless its headers declare `content-length`,
 * which is then held to. On HEAD, 204 and 304 no body is sent; `content-length` of a HEAD reply is kept.
 */
export interface Reply {
  readonly status: number;
  readonly headers?: HeaderMap;
  readonly body?: ReplyBody;
}

export type Handler = (request: Request) => Promise<Reply> | Reply;
