export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Ends the exchange when it aborts. */
  readonly signal?: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Sends one request and reads the whole answer, of whatever status; redirects are not followed. */
export interface Http {
  /** @throws whatever the platform throws when no answer came */
  send(request: HttpRequest): Promise<HttpReply>;
}
