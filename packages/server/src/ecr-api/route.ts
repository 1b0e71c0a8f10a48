import { UnknownOperationException, ecrCodec, ecrTable, type OperationName } from "@stowage/model";
import type { Request } from "../transport/types.ts";

export const CONTENT_TYPE = "application/x-amz-json-1.1";
/** Types that AWS's JSON front takes; an absent one is fine too. */
const CONTENT_TYPES: ReadonlySet<string> = new Set([CONTENT_TYPE, "application/x-amz-json-1.0", "application/json"]);
const TARGET_PREFIX = `${ecrTable.targetPrefix}.`;

/** The operation that the headers name. @throws UnknownOperationException */
export function route({ headers }: Request): OperationName {
  const contentType = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  const target = headers["x-amz-target"] ?? "";
  const operation = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : "";
  const isSpoken = contentType === undefined || contentType === "" || CONTENT_TYPES.has(contentType);
  if (!isSpoken || !ecrCodec.isOperation(operation)) throw new UnknownOperationException("");
  return operation;
}
