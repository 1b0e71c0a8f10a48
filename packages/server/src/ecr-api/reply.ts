import {
  EcrError,
  RequestEntityTooLargeException,
  ServerException,
  ecrCodec,
  type OperationName,
  type Operations,
} from "@stowage/model";
import { BodyTimeout, BodyTooLarge, ClientGone } from "../transport/errors.ts";
import type { Reply } from "../transport/types.ts";
import { answerTooLarge } from "./images/batch-get-image.ts";
import { MAX_IMAGES_ANSWER_BYTES } from "./limits.ts";
import { CONTENT_TYPE } from "./route.ts";

/** The answer of an operation. @throws LimitExceededException the images of BatchGetImage are too many bytes for one */
export function answerReply<N extends OperationName>(operation: N, output: Operations[N]["output"]): Reply {
  const body = Buffer.from(JSON.stringify(ecrCodec.encodeOutput(operation, output)));
  if (operation === "BatchGetImage" && body.length > MAX_IMAGES_ANSWER_BYTES) throw answerTooLarge();
  return { status: 200, headers: { "content-type": CONTENT_TYPE }, body };
}

/**
 * The answer of a request that failed, in the form of AWS JSON 1.1.
 * @param onUnexpected told of what no caller can have caused
 * @throws the failure, where it is the transport's to answer
 */
export function errorReply(failure: unknown, onUnexpected: (failure: unknown) => void): Reply {
  if (failure instanceof ClientGone || failure instanceof BodyTimeout) throw failure;
  const error = asEcrError(failure);
  if (error.fault === "server") onUnexpected(failure);
  return {
    status: error.httpStatus,
    headers: { "content-type": CONTENT_TYPE, "x-amzn-errortype": error.name },
    body: JSON.stringify(ecrCodec.encodeError(error)),
  };
}

function asEcrError(failure: unknown): EcrError {
  if (failure instanceof EcrError) return failure;
  if (failure instanceof BodyTooLarge) return new RequestEntityTooLargeException(failure.message, { cause: failure });
  return new ServerException("The server failed to answer this request", { cause: failure });
}
