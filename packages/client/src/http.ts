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

/** Twice the largest answer, which is BatchGetImage's. */
export const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/** @param bytes that the chunks have together */
export function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
