/** What scripts may rely on; an interrupt is 130 besides. */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2, notFound: 3, notAllowed: 4 } as const;

/** The command was used wrongly; the message says how. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const BY_NAME: Readonly<Record<string, number>> = {
  UsageError: exitCodes.wrongUsage,
  ConfigError: exitCodes.wrongUsage,
  UnusableMasterKey: exitCodes.wrongUsage,
  InvalidParameterException: exitCodes.wrongUsage,
  MalformedPolicyDocumentException: exitCodes.wrongUsage,
  NoInstallation: exitCodes.notFound,
  AccessKeyNotFoundException: exitCodes.notFound,
  NoSuchEntityException: exitCodes.notFound,
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
  return BY_NAME[error.name] ?? BY_NAME[code] ?? exitCodes.failed;
}
