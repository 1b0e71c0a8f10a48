import { EcrError } from "@stowage/model";

/** An error that AWS STS alone has; its name is the code on the wire. */
export class StsError extends EcrError {
  override readonly name: "ValidationError" | "MalformedPolicyDocument" | "PackedPolicyTooLarge" | "AccessDenied";

  constructor(name: StsError["name"], message: string) {
    super(message);
    this.name = name;
  }
}

/** Code and status by name of the error. Source: AWS STS API reference, Common Errors, and the query protocol. */
const CODES: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  UnrecognizedClientException: { code: "InvalidClientTokenId", status: 403 },
  InvalidSignatureException: { code: "SignatureDoesNotMatch", status: 403 },
  ExpiredTokenException: { code: "ExpiredToken", status: 403 },
  MissingAuthenticationTokenException: { code: "MissingAuthenticationToken", status: 403 },
  AccessDeniedException: { code: "AccessDenied", status: 403 },
  AccessDenied: { code: "AccessDenied", status: 403 },
  UnknownOperationException: { code: "InvalidAction", status: 400 },
  InvalidParameterException: { code: "InvalidParameterValue", status: 400 },
  RequestEntityTooLargeException: { code: "RequestEntityTooLarge", status: 413 },
};

export function codeOf(error: EcrError): { readonly code: string; readonly status: number } {
  const known = Object.hasOwn(CODES, error.name) ? CODES[error.name] : undefined;
  return known ?? { code: error.name, status: error.httpStatus };
}
