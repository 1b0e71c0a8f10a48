import type { OperationName } from "@stowage/model";
import { contentCoding, readBody } from "../transport/read-body.ts";
import type { Request } from "../transport/types.ts";
import { SerializationException } from "@stowage/model";
import type { BodyBudget } from "./body-budget.ts";
import { MAX_BODY_BYTES, MAX_LARGE_BODY_BYTES, UNCOUNTED_BODY_BYTES } from "./limits.ts";

/** The longest body that an operation takes. */
function bodyLimit(operation: OperationName): number {
  return operation === "UploadLayerPart" || operation === "PutImage" ? MAX_LARGE_BODY_BYTES : MAX_BODY_BYTES;
}

/**
 * Waits until the body may be received: a large one takes memory until the operation is done.
 * @returns what gives the memory back
 */
export function admit(request: Request, operation: OperationName, budget: BodyBudget): Promise<() => void> {
  const limit = bodyLimit(operation);
  const bytes = Math.min(request.contentLength ?? limit, limit);
  return bytes <= UNCOUNTED_BODY_BYTES ? NOTHING_TAKEN : budget.take(bytes, request.signal);
}

const NOTHING_TAKEN = Promise.resolve(() => undefined);

/** @throws BodyTooLarge, SerializationException the body is compressed */
export function receive(request: Request, operation: OperationName): Promise<Uint8Array> {
  if (contentCoding(request) !== "identity") throw new SerializationException("Content-Encoding is not supported");
  return readBody(request, bodyLimit(operation));
}
