import {
  adminCodec,
  adminTable,
  EcrError,
  RequestEntityTooLargeException,
  SerializationException,
  UnknownOperationException,
  type AdminOperationName,
} from "@stowage/model";
import type { Authoriser } from "@stowage/registry";
import type { Call } from "../auth/call.ts";
import type { SignedAuthenticator } from "../auth/signed.ts";
import { BodyTooLarge, readBody, type Handler, type Reply, type Request } from "../transport/transport.ts";
import type { AdminOperationSet } from "./operation.ts";
import { performAdmin } from "./operations.ts";

export const MAX_ADMIN_BODY_BYTES = 1024 * 1024;

const CONTENT_TYPE = "application/x-amz-json-1.1";

export interface AdminDoorParts {
  readonly operations: AdminOperationSet;
  readonly access: Authoriser;
  readonly signed: SignedAuthenticator;
}

/** The administration door: AWS JSON 1.1, signed for the service `stowage`. */
export function adminDoor(parts: AdminDoorParts): Handler {
  return async (request) => {
    try {
      const body = await receive(request);
      const operation = route(request);
      const call = await parts.signed.authenticate(request, body, { services: [adminTable.signingName] });
      return json(200, await perform(parts, operation, { call, body }));
    } catch (error) {
      if (error instanceof EcrError) return json(error.httpStatus, adminCodec.encodeError(error));
      throw error;
    }
  };
}

async function perform<N extends AdminOperationName>(
  parts: AdminDoorParts,
  operation: N,
  { call, body }: { readonly call: Call; readonly body: Uint8Array },
): Promise<unknown> {
  const input = adminCodec.decodeInput(operation, parse(body));
  const { principal, registry, access: context } = call;
  const caller = { account: principal.accountId, principal, region: registry.region };
  return adminCodec.encodeOutput(operation, await performAdmin(parts, operation, { input, call: caller, context }));
}

async function receive(request: Request): Promise<Uint8Array> {
  try {
    return await readBody(request, MAX_ADMIN_BODY_BYTES);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    throw new RequestEntityTooLargeException(`The request is longer than ${MAX_ADMIN_BODY_BYTES} bytes.`, {
      cause: error,
    });
  }
}

function route(request: Request): AdminOperationName {
  const target = request.headers["x-amz-target"] ?? "";
  const name = target.slice(target.indexOf(".") + 1);
  if (adminCodec.isOperation(name)) return name;
  throw new UnknownOperationException(`There is no operation named ${name}.`);
}

function parse(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new SerializationException("The request body is not valid JSON", { cause });
  }
}

function json(status: number, value: unknown): Reply {
  return { status, headers: { "content-type": CONTENT_TYPE }, body: JSON.stringify(value) };
}
