/** A body whose bytes are asked for as they can be sent. */
export interface StreamedBody {
  /** Bytes in all; chunked transfer when absent. */
  readonly lengthBytes?: number | undefined;
  /** The memory of a chunk may be used again once the next one is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface StreamRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | StreamedBody | undefined;
  /** How large an answer is expected; a large one may come on a connection of its own. */
  readonly answerBytes?: number | undefined;
  /** Whether the memory of a chunk of the answer may be used again once the next chunk is asked for. */
  readonly reusesMemory?: boolean | undefined;
  /** Ends the exchange when it aborts, the answer's body included. */
  readonly signal?: AbortSignal | undefined;
}

export interface StreamReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read at most once; leaving it early ends the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives up the body, read or not. */
  discard(): void;
}

/** HTTP whose bodies stream in both directions, no faster than the slower side. Redirects are not followed. */
export interface HttpStream {
  /** Whether it takes a {@link StreamedBody}; browsers do so over HTTP/2 alone. */
  readonly streamsBodies: boolean;
  /**
   * Resolves with the head of the answer, which may come before the body is sent.
   * @throws what the body's chunks throw, or whatever the platform throws when no answer came
   */
  open(request: StreamRequest): Promise<StreamReply>;
}
