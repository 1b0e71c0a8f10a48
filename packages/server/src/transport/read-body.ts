import { BodyTooLarge } from "./errors.ts";
import type { Request } from "./types.ts";

const FIRST_BUFFER_BYTES = 64 * 1024;

/** The content coding of a request's body, `identity` when none is named; callers that decode nothing answer 415 to others. */
export function contentCoding(request: Pick<Request, "headers">): string {
  const coding = request.headers["content-encoding"]?.trim().toLowerCase();
  return coding === undefined || coding === "" ? "identity" : coding;
}

/** Copies into one growing buffer: a list would cost a body of one-byte chunks a hundredfold of its size. */
function append(buffer: Uint8Array, used: number, chunk: Uint8Array, maxBytes: number): Uint8Array {
  let target = buffer;
  if (used + chunk.length > buffer.length) {
    const wanted = Math.max(used + chunk.length, Math.min(buffer.length * 2, maxBytes));
    target = new Uint8Array(wanted);
    target.set(buffer.subarray(0, used));
  }
  target.set(chunk, used);
  return target;
}

/**
 * A whole body of at most `maxBytes`. A declared length over that is refused before a byte is read; otherwise reading stops
 * with the chunk that goes over.
 * @throws BodyTooLarge
 * @throws BodyTimeout the client stopped sending
 * @throws ClientGone the connection ended first
 */
export async function readBody(
  request: Pick<Request, "body" | "contentLength">,
  maxBytes: number,
): Promise<Uint8Array> {
  const declared = request.contentLength;
  if (declared !== undefined && declared > maxBytes) throw new BodyTooLarge(maxBytes);
  let buffer: Uint8Array | undefined;
  let used = 0;
  for await (const chunk of request.body) {
    if (used + chunk.length > maxBytes) throw new BodyTooLarge(maxBytes);
    if (buffer === undefined) {
      if (chunk.length === declared) return chunk;
      buffer = new Uint8Array(Math.min(maxBytes, Math.max(chunk.length, FIRST_BUFFER_BYTES)));
    }
    buffer = append(buffer, used, chunk, maxBytes);
    used += chunk.length;
  }
  return buffer?.subarray(0, used) ?? new Uint8Array(0);
}
