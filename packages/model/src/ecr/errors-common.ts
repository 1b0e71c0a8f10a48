import { EcrError } from "./ecr-error.ts";

/** The caller's policies do not allow the action. Text: `User: ARN is not authorized to perform: ecr:Op on resource: ARN`. */
export class AccessDeniedException extends EcrError {
  override readonly name = "AccessDeniedException";
}

/** Nobody has the access key, or the session token does not belong to it. */
export class UnrecognizedClientException extends EcrError {
  override readonly name = "UnrecognizedClientException";
}

/** The signature does not fit the request, or was made too long ago. */
export class InvalidSignatureException extends EcrError {
  override readonly name = "InvalidSignatureException";
}

/** The session behind a temporary access key is over. */
export class ExpiredTokenException extends EcrError {
  override readonly name = "ExpiredTokenException";
}

/** The Authorization header lacks a part that a signature needs. */
export class IncompleteSignature extends EcrError {
  override readonly name = "IncompleteSignature";
}

/** The request is not signed at all. */
export class MissingAuthenticationTokenException extends EcrError {
  override readonly name = "MissingAuthenticationTokenException";
}

/** `X-Amz-Target` names no operation of the service. */
export class UnknownOperationException extends EcrError {
  override readonly name = "UnknownOperationException";
}

/** The body is not JSON, or a value in it has the wrong JSON type. */
export class SerializationException extends EcrError {
  override readonly name = "SerializationException";
}

/** The caller asks too often. Text: `Rate exceeded`. */
export class ThrottlingException extends EcrError {
  override readonly name = "ThrottlingException";
}

/** The body is larger than the door takes; HTTP status 413. */
export class RequestEntityTooLargeException extends EcrError {
  override readonly name = "RequestEntityTooLargeException";

  override get httpStatus(): number {
    return 413;
  }
}

/** What a client makes of an error answer whose code no table names. */
export class UnmodeledError extends EcrError {
  override readonly name: string;
  override readonly fault: "client" | "server";

  constructor(message: string, members: { readonly name: string; readonly fault: "client" | "server" } & ErrorOptions) {
    super(message, members);
    this.name = members.name;
    this.fault = members.fault;
  }
}

/** The errors of all AWS services that no model names, by their code. */
export const commonErrors = {
  AccessDeniedException,
  UnrecognizedClientException,
  InvalidSignatureException,
  ExpiredTokenException,
  IncompleteSignature,
  MissingAuthenticationTokenException,
  UnknownOperationException,
  SerializationException,
  ThrottlingException,
  RequestEntityTooLargeException,
} as const;
