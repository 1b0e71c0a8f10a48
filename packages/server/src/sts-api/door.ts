import {
  EcrError,
  InvalidParameterException,
  RequestEntityTooLargeException,
  UnknownOperationException,
} from "@stowage/model";
import type { Call } from "../auth/call.ts";
import type { SignedAuthenticator } from "../auth/signed.ts";
import { BodyTooLarge, readBody, type Handler, type Reply, type Request } from "../transport/transport.ts";
import { answerXml, NAMESPACE } from "./answer.ts";
import { assumeRole, type AssumeRoleParts } from "./assume-role.ts";
import { codeOf } from "./errors.ts";
import { getCallerIdentity } from "./get-caller-identity.ts";
import { getSessionToken } from "./get-session-token.ts";
import { Parameters } from "./parameters.ts";
import { xmlElement } from "./xml.ts";

/** Requests of this API are a few words, session policies and a signature. */
export const MAX_STS_BODY_BYTES = 64 * 1024;

const VERSION = "2011-06-15";

export interface StsDoorParts extends AssumeRoleParts {
  readonly signed: SignedAuthenticator;
}

/**
 * AWS STS in the query protocol: form-encoded POST, or GET with everything in the query. Answers are XML.
 * Source: AWS STS API reference, version 2011-06-15.
 */
export function stsDoor(parts: StsDoorParts): Handler {
  return async (request) => {
    try {
      const body = await receive(request);
      const call = await parts.signed.authenticate(request, body, { services: ["sts"] });
      const given = parametersOf(request, body);
      const action = given.get("Action") ?? "";
      const version = given.get("Version") ?? VERSION;
      if (version !== VERSION) {
        throw new InvalidParameterException(`Version must be ${VERSION}, not ${version}.`);
      }
      const result = await answer(parts, action, { parameters: new Parameters(given), call });
      return xmlReply(200, answerXml(action, result, request.id));
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

async function answer(
  parts: StsDoorParts,
  action: string,
  { parameters, call }: { readonly parameters: Parameters; readonly call: Call },
): Promise<string> {
  switch (action) {
    case "GetCallerIdentity":
      return getCallerIdentity(call);
    case "GetSessionToken":
      return getSessionToken(parts.sessions, parameters, call);
    case "AssumeRole":
      return assumeRole(parts, parameters, call);
    default:
      throw new UnknownOperationException(`Could not find operation ${action} for version ${VERSION}`);
  }
}

function failure(error: EcrError, requestId: string): Reply {
  const { code, status } = codeOf(error);
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
