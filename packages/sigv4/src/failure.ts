export type FailureCode =
  | "MissingAuthenticationTokenException"
  | "IncompleteSignature"
  | "InvalidSignatureException"
  | "UnrecognizedClientException";

/** Why a request is refused: AWS's name of the error and its sentence. */
export interface Failure {
  readonly ok: false;
  readonly code: FailureCode;
  readonly message: string;
}

export function incomplete(message: string): Failure {
  return { ok: false, code: "IncompleteSignature", message };
}

export function invalid(message: string): Failure {
  return { ok: false, code: "InvalidSignatureException", message };
}

export const MISSING_TOKEN: Failure = {
  ok: false,
  code: "MissingAuthenticationTokenException",
  message: "Missing Authentication Token",
};

export const UNRECOGNIZED_CLIENT: Failure = {
  ok: false,
  code: "UnrecognizedClientException",
  message: "The security token included in the request is invalid.",
};

export const MISMATCH: Failure = invalid(
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
);
