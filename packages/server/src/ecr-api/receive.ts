import { SerializationException, type OperationName } from "@stowage/model";
import { BodyTooLarge } from "../transport/errors.ts";
import { contentCoding, readBody } from "../transport/read-body.ts";
import type { Request } from "../transport/types.ts";
import type { BodyBudget } from "./body-budget.ts";
import { MAX_BODY_BYTES, MAX_LARGE_BODY_BYTES, UNCOUNTED_BODY_BYTES } from "./limits.ts";

/** The longest body that an operation takes. */
function bodyLimit(operation: OperationName): number {
  return operation === "UploadLayerPart" || operation === "PutImage" ? MAX_LARGE_BODY_BYTES : MAX_BODY_BYTES;
}

/** A body on its way in, and the memory that it takes until the operation is done. */
export interface Admission {
  /** Reads the body, once. @throws BodyTooLarge */
  receive(): Promise<Uint8Array>;
  /** Gives the memory back; to be called once, when neither the body nor a view on it is looked at any more. */
  release(): void;
}

/** Whether a body has to wait for memory before it is read. */
export function isCounted({ contentLength }: Request, operation: OperationName): boolean {
  return (contentLength ?? bodyLimit(operation)) > UNCOUNTED_BODY_BYTES;
}

/**
 * Waits until the body may be received. The memory of a large one is given back by hand: left to the collector, the bodies of
 * some layer parts would pile up before it runs.
 * @throws BodyTooLarge the declared length is over the limit
 * @throws SerializationException the body is compressed
 * @throws ThrottlingException too many wait
 */
export async function admit(request: Request, operation: OperationName, budget: BodyBudget): Promise<Admission> {
  const limit = bodyLimit(operation);
  const { contentLength } = request;
  if (contentCoding(request) !== "identity") throw new SerializationException("Content-Encoding is not supported");
  if (contentLength !== undefined && contentLength > limit) throw new BodyTooLarge(limit);
  const receive = (): Promise<Uint8Array> => readBody(request, limit);
  if (!isCounted(request, operation)) return { receive, release: () => undefined };
  const giveBack = await budget.take(contentLength ?? limit, request.signal);
  if (contentLength === undefined) return { receive, release: giveBack };
  const memory = new ArrayBuffer(contentLength);
  return {
    receive: () => fill(new Uint8Array(memory), request.body),
    release() {
      memory.transfer(0);
      giveBack();
    },
  };
}

/** The transport sees to it that a body is as long as was declared. */
async function fill(memory: Uint8Array, body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  let filledBytes = 0;
  for await (const chunk of body) {
    memory.set(chunk, filledBytes);
    filledBytes += chunk.length;
  }
  return memory;
}
