/** What is known of the exchange behind an answer or an error. */
export interface ResponseMetadata {
  /** The server's name for the request, as its log has it. */
  readonly requestId: string | undefined;
  readonly httpStatus: number;
  /** How often the call was sent. */
  readonly attempts: number;
  /** Time spent waiting between attempts, in milliseconds. */
  readonly retryDelayMs: number;
}

const kept = /* @__PURE__ */ new WeakMap<object, ResponseMetadata>();

/** The metadata of what a call answered, or of the error that it threw; undefined for any other object. */
export function metadataOf(answer: object): ResponseMetadata | undefined {
  return kept.get(answer);
}

export function keepMetadata<T extends object>(answer: T, metadata: ResponseMetadata): T {
  kept.set(answer, metadata);
  return answer;
}
