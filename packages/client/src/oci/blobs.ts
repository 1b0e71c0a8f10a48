import type { Digest } from "@stowage/model";
import { NoAnswerError } from "../ecr/failures.ts";
import { Verifier } from "./content.ts";
import { ContentMismatchError, InvalidContentError } from "./failures.ts";
import { deleteScope, pathOf, pullScope } from "./names.ts";
import type { OciCallOptions } from "./options.ts";
import type { Answer, Transport } from "./transport.ts";

/** ECR's largest layer; blobs of unknown size are read up to it. */
export const MAX_BLOB_BYTES = 52_000 * 1024 * 1024;
/** A break after as many bytes does not count as an attempt that came to nothing. */
const PROGRESS_BYTES = 1024 * 1024;

export interface BlobAddress {
  readonly repository: string;
  readonly digest: Digest;
}

export interface BlobHead {
  readonly sizeBytes: number;
}

export interface ReadOptions extends OciCallOptions {
  /** As a descriptor says; else the registry's own word is taken. */
  readonly sizeBytes?: number | undefined;
}

/** Undefined when the repository does not have it. */
export async function headBlob(
  transport: Transport,
  { repository, digest }: BlobAddress,
  { signal }: OciCallOptions = {},
): Promise<BlobHead | undefined> {
  const answer = await transport.send({
    method: "HEAD",
    target: pathOf(repository, `blobs/${digest}`),
    scopes: [pullScope(repository)],
    expected: [200, 404],
    signal,
  });
  answer.discard();
  return answer.status === 404 ? undefined : { sizeBytes: Number(answer.headers["content-length"] ?? Number.NaN) };
}

/**
 * Streams a blob, going on where a connection broke. The last bytes come only when all are right.
 * @throws OciError 404: the repository does not have it
 * @throws ContentMismatchError the bytes are others than the digest says
 */
export async function* getBlob(
  transport: Transport,
  address: BlobAddress,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array> {
  const { digest } = address;
  const sizeBytes = options.sizeBytes ?? (await headBlob(transport, address, options))?.sizeBytes;
  if (sizeBytes === undefined || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > MAX_BLOB_BYTES) {
    throw new InvalidContentError(`${address.repository} does not tell a size of ${digest} that can be read`);
  }
  const verifier = new Verifier(transport.platform, { digest, sizeBytes });
  yield* verifier.passing(readBlob(transport, address, { ...options, fromByte: 0, sizeBytes }));
}

/** Streams a part of a blob. What a part is cannot be verified. @throws OciError */
export function getBlobRange(
  transport: Transport,
  address: BlobAddress,
  range: { readonly fromByte: number; readonly lengthBytes: number } & OciCallOptions,
): AsyncIterable<Uint8Array> {
  const { fromByte, lengthBytes, signal } = range;
  return readBlob(transport, address, { fromByte, sizeBytes: fromByte + lengthBytes, isPart: true, signal });
}

interface Wanted extends OciCallOptions {
  readonly fromByte: number;
  /** Where the bytes that are wanted end. */
  readonly sizeBytes: number;
  /** The blob goes on after them. */
  readonly isPart?: boolean;
  /** Each chunk is done with before the next is asked for. */
  readonly reusesMemory?: boolean;
}

/** The bytes from one on up to a size, unverified; it goes on where a connection broke. */
export async function* readBlob(
  transport: Transport,
  address: BlobAddress,
  { fromByte, ...wanted }: Wanted,
): AsyncGenerator<Uint8Array> {
  const { sizeBytes, isPart = false, signal } = wanted;
  let at = fromByte;
  let attempt = 0;
  for (;;) {
    // Nothing is wanted, or all of it came before the connection broke.
    if (at === sizeBytes && (isPart || at > fromByte)) return;
    const openedAt = at;
    const answer = await openBlob(transport, address, { ...wanted, fromByte: at });
    try {
      for await (const chunk of partOf(answer, { ...wanted, fromByte: at })) {
        at += chunk.length;
        yield chunk;
      }
      if (at === sizeBytes) return;
      throw new NoAnswerError(`The answer ended ${sizeBytes - at} bytes early`);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      attempt = at - openedAt >= PROGRESS_BYTES ? 1 : attempt + 1;
      if (attempt >= transport.maxAttempts) throw error;
      await transport.pause(attempt, { signal });
    } finally {
      answer.discard();
    }
  }
}

/** The chunks from `fromByte` on, also when the server does not know ranges and sends all. */
async function* partOf(answer: Answer, { fromByte, sizeBytes, isPart }: Wanted): AsyncGenerator<Uint8Array> {
  let toSkip = fromByte;
  if (answer.status === 206) {
    const range = answer.headers["content-range"] ?? "";
    if (!range.startsWith(`bytes ${fromByte}-`))
      throw new ContentMismatchError(`Asked for bytes from ${fromByte} on, got ${range}`);
    toSkip = 0;
  }
  let at = fromByte;
  for await (const chunk of answer.body) {
    const skip = Math.min(chunk.length, toSkip);
    toSkip -= skip;
    const kept = skip === 0 ? chunk : chunk.subarray(skip);
    if (at + kept.length > sizeBytes) {
      if (isPart !== true) throw new ContentMismatchError(`A blob of ${sizeBytes} bytes came with more`);
      yield kept.subarray(0, sizeBytes - at);
      return;
    }
    at += kept.length;
    if (kept.length > 0) yield kept;
  }
}

async function openBlob(transport: Transport, { repository, digest }: BlobAddress, wanted: Wanted): Promise<Answer> {
  const { fromByte, sizeBytes, isPart = false, reusesMemory = false, signal } = wanted;
  const isRange = fromByte > 0 || isPart;
  return transport.send({
    method: "GET",
    target: pathOf(repository, `blobs/${digest}`),
    headers: isRange ? { range: `bytes=${fromByte}-${sizeBytes - 1}` } : {},
    scopes: [pullScope(repository)],
    expected: isRange ? [200, 206] : [200],
    answerBytes: sizeBytes - fromByte,
    reusesMemory,
    signal,
  });
}

/** @returns false when there was none @throws OciError 405: the registry keeps blobs with their images, as ECR does */
export async function deleteBlob(
  transport: Transport,
  { repository, digest }: BlobAddress,
  { signal }: OciCallOptions = {},
): Promise<boolean> {
  const answer = await transport.send({
    method: "DELETE",
    target: pathOf(repository, `blobs/${digest}`),
    scopes: [deleteScope(repository)],
    expected: [200, 202, 204, 404],
    repeatable: true,
    signal,
  });
  answer.discard();
  return answer.status !== 404;
}
