/** The client cannot tell where to send a request or how to sign it. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** No answer came: no connection, a broken one, or none in time. `cause` has what the platform says. */
export class NoAnswerError extends Error {
  override readonly name: string = "NoAnswerError";
}

/** One attempt took longer than `timeoutMs`. */
export class TimeoutError extends NoAnswerError {
  override readonly name = "TimeoutError";
}
