import type { Layers, RepositoryBlob } from "@stowage/registry";
import type { FileRegion, HeaderMap, Reply, Request } from "../transport/types.ts";
import { parseRange, type ByteRange } from "./ranges.ts";

/** Part of the registry that blob bytes come from. */
export type BlobBytes = Pick<Layers, "file" | "read">;

const encoder = new TextEncoder();

/** Whether the caller holds these bytes already: `If-None-Match` names their entity tag, or any. */
export function isUnmodified(request: Pick<Request, "headers">, entityTag: string): boolean {
  const known = request.headers["if-none-match"];
  if (known === undefined) return false;
  return known.split(",").some((tag) => {
    const trimmed = tag.trim();
    return trimmed === "*" || trimmed === entityTag || trimmed === `W/${entityTag}`;
  });
}

/** The head of every answer about a blob. Blobs never change, so they may be kept for ever. */
export function blobHeaders(digest: string, more: HeaderMap): HeaderMap {
  return {
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=31536000, immutable",
    "content-type": "application/octet-stream",
    "docker-content-digest": digest,
    etag: `"${digest}"`,
    ...more,
  };
}

/**
 * The answer to a GET of a blob: whole, in one range, or in several as multipart/byteranges; never buffered.
 * @param headers those of {@link blobHeaders}
 */
export function blobReply(
  bytes: BlobBytes,
  request: Pick<Request, "headers">,
  answer: { blob: RepositoryBlob; headers: HeaderMap },
): Reply {
  const { blob, headers } = answer;
  const size = blob.sizeBytes;
  const condition = request.headers["if-range"];
  const honoured = condition === undefined || condition === headers["etag"];
  const range = parseRange(honoured ? request.headers["range"] : undefined, size);
  if (range.kind === "unsatisfiable") {
    return { status: 416, headers: { ...headers, "content-range": `bytes */${size}` } };
  }
  if (range.kind === "whole") {
    return {
      status: 200,
      headers: withLength(headers, size),
      body: content(bytes, blob, { fromByte: 0, toByte: size - 1 }),
    };
  }
  const [first, ...rest] = range.ranges;
  if (rest.length > 0) return multipartReply(bytes, answer, range.ranges);
  return {
    status: 206,
    headers: withLength({ ...headers, "content-range": contentRange(first, size) }, lengthOf(first)),
    body: content(bytes, blob, first),
  };
}

function multipartReply(
  bytes: BlobBytes,
  { blob, headers }: { blob: RepositoryBlob; headers: HeaderMap },
  ranges: readonly ByteRange[],
): Reply {
  // A digest of the bytes cannot well stand in them, so it serves as the boundary.
  const boundary = blob.digest.replace(":", "-").slice(0, 70);
  const heads = ranges.map((range, at) =>
    encoder.encode(
      `${at === 0 ? "" : "\r\n"}--${boundary}\r\nContent-Type: application/octet-stream\r\n` +
        `Content-Range: ${contentRange(range, blob.sizeBytes)}\r\n\r\n`,
    ),
  );
  const end = encoder.encode(`\r\n--${boundary}--\r\n`);
  const length = ranges.reduce((sum, range, at) => sum + lengthOf(range) + (heads[at]?.length ?? 0), end.length);
  async function* parts(): AsyncGenerator<Uint8Array> {
    for (const [at, range] of ranges.entries()) {
      const head = heads[at];
      if (head !== undefined) yield head;
      yield* bytes.read(blob, range);
    }
    yield end;
  }
  const type = `multipart/byteranges; boundary=${boundary}`;
  return { status: 206, headers: withLength({ ...headers, "content-type": type }, length), body: parts() };
}

/** The file that holds the bytes where there is one, for the transport sends it faster than a stream. */
function content(
  bytes: BlobBytes,
  blob: RepositoryBlob,
  range: ByteRange,
): FileRegion | AsyncIterable<Uint8Array> | Uint8Array {
  const length = lengthOf(range);
  if (length === 0) return new Uint8Array(0);
  const file = bytes.file(blob);
  if (file === undefined) return bytes.read(blob, range);
  return { path: file.path, offset: file.offsetBytes + range.fromByte, length };
}

function contentRange(range: ByteRange, sizeBytes: number): string {
  return `bytes ${range.fromByte}-${range.toByte}/${sizeBytes}`;
}

function lengthOf(range: ByteRange): number {
  return range.toByte - range.fromByte + 1;
}

function withLength(headers: HeaderMap, length: number): HeaderMap {
  return { ...headers, "content-length": String(length) };
}
