/** What scripts may rely on; an interrupt is 130 besides. */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2, notFound: 3, notAllowed: 4 } as const;

/** The command was used wrongly; the message says how. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A failure with advice; each line of that says what could be done next. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exitCode: number;
  readonly hints: readonly string[];

  constructor(
    message: string,
    {
      exitCode = exitCodes.failed,
      hints = [],
      cause,
    }: { exitCode?: number; hints?: readonly string[]; cause?: unknown },
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.exitCode = exitCode;
    this.hints = hints;
  }
}

const BY_NAME: Readonly<Record<string, number>> = {
  UsageError: exitCodes.wrongUsage,
  ConfigError: exitCodes.wrongUsage,
  UnusableMasterKey: exitCodes.wrongUsage,
  ConfigurationError: exitCodes.wrongUsage,
  InvalidParameterException: exitCodes.wrongUsage,
  InvalidTagParameterException: exitCodes.wrongUsage,
  MalformedPolicyDocumentException: exitCodes.wrongUsage,
  ValidationException: exitCodes.wrongUsage,
  NoInstallation: exitCodes.notFound,
  NoSuchEntityException: exitCodes.notFound,
  NotFoundError: exitCodes.notFound,
  AccessDeniedException: exitCodes.notAllowed,
  UnrecognizedClientException: exitCodes.notAllowed,
  InvalidSignatureException: exitCodes.notAllowed,
  ExpiredTokenException: exitCodes.notAllowed,
  IncompleteSignature: exitCodes.notAllowed,
  MissingAuthenticationTokenException: exitCodes.notAllowed,
  EACCES: exitCodes.notAllowed,
  EPERM: exitCodes.notAllowed,
};

/** The exit code for a failure, by the name of its class or the system's code. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof Error)) return exitCodes.failed;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (error instanceof Failure) return error.exitCode;
  if (error.name.endsWith("NotFoundException")) return exitCodes.notFound;
  if ("status" in error && error.name === "OciError") return exitCodeOfStatus(error.status);
  return BY_NAME[error.name] ?? BY_NAME[code] ?? exitCodes.failed;
}

function exitCodeOfStatus(status: unknown): number {
  if (status === 404) return exitCodes.notFound;
  return status === 401 || status === 403 ? exitCodes.notAllowed : exitCodes.failed;
}
