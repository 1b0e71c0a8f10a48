import {
  EcrError,
  InvalidParameterException,
  RequestEntityTooLargeException,
  UnknownOperationException,
} from "@stowage/model";
import type { Call } from "../auth/call.ts";
import type { SignedAuthenticator } from "../auth/signed.ts";
import { BodyTooLarge, readBody, type Handler, type Reply, type Request } from "../transport/transport.ts";
import { xmlElement } from "./xml.ts";

/** Requests of this API are a few words and a signature. */
export const MAX_STS_BODY_BYTES = 64 * 1024;

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
const VERSION = "2011-06-15";

/** Code and status by name of the error. Source: AWS STS API reference, Common Errors, and the query protocol. */
const CODES: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  UnrecognizedClientException: { code: "InvalidClientTokenId", status: 403 },
  InvalidSignatureException: { code: "SignatureDoesNotMatch", status: 403 },
  MissingAuthenticationTokenException: { code: "MissingAuthenticationToken", status: 403 },
  AccessDeniedException: { code: "AccessDenied", status: 403 },
  UnknownOperationException: { code: "InvalidAction", status: 400 },
  InvalidParameterException: { code: "InvalidParameterValue", status: 400 },
  RequestEntityTooLargeException: { code: "RequestEntityTooLarge", status: 413 },
};

/**
 * AWS STS in the query protocol: form-encoded POST, or GET with everything in the query. Answers are XML.
 * Source: AWS STS API reference, version 2011-06-15.
 */
export function stsDoor({ signed }: { readonly signed: SignedAuthenticator }): Handler {
  return async (request) => {
    try {
      const body = await receive(request);
      const call = await signed.authenticate(request, body, { services: ["sts"] });
      const parameters = parametersOf(request, body);
      return xmlReply(200, answer(parameters, call));
    } catch (error) {
      if (error instanceof EcrError) return failure(error, request.id);
      throw error;
    }
  };
}

async function receive(request: Request): Promise<Uint8Array> {
  try {
    return await readBody(request, MAX_STS_BODY_BYTES);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    throw new RequestEntityTooLargeException(`The request is longer than ${MAX_STS_BODY_BYTES} bytes.`, {
      cause: error,
    });
  }
}

function parametersOf(request: Request, body: Uint8Array): URLSearchParams {
  const text = request.method === "GET" ? (request.target.split("?", 2)[1] ?? "") : new TextDecoder().decode(body);
  return new URLSearchParams(text);
}

function answer(parameters: URLSearchParams, call: Call): string {
  const action = parameters.get("Action") ?? "";
  const version = parameters.get("Version") ?? VERSION;
  if (version !== VERSION) {
    throw new InvalidParameterException(`Version must be ${VERSION}, not ${version}.`);
  }
  switch (action) {
    case "GetCallerIdentity":
      return getCallerIdentity(call);
    default:
      throw new UnknownOperationException(`Could not find operation ${action} for version ${VERSION}`);
  }
}

/** Tells callers who they are; nobody needs a permission for that. */
function getCallerIdentity({ principal, requestId }: Call): string {
  const result =
    xmlElement("Arn", principal.arn) +
    xmlElement("UserId", principal.userId) +
    xmlElement("Account", principal.accountId);
  return (
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}">` +
    `<GetCallerIdentityResult>${result}</GetCallerIdentityResult>` +
    `<ResponseMetadata>${xmlElement("RequestId", requestId)}</ResponseMetadata>` +
    `</GetCallerIdentityResponse>\n`
  );
}

function failure(error: EcrError, requestId: string): Reply {
  const known = Object.hasOwn(CODES, error.name) ? CODES[error.name] : undefined;
  const { code, status } = known ?? { code: error.name, status: error.httpStatus };
  const type = status >= 500 ? "Receiver" : "Sender";
  const told = xmlElement("Type", type) + xmlElement("Code", code) + xmlElement("Message", error.message);
  return xmlReply(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error>${told}</Error>${xmlElement("RequestId", requestId)}</ErrorResponse>\n`,
  );
}

function xmlReply(status: number, body: string): Reply {
  return { status, headers: { "content-type": "text/xml" }, body };
}
