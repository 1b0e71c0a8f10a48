import { createHash } from "node:crypto";
import type { Digest, SupportedAlgorithm, UploadId } from "@stowage/model";
import { digestAlgorithm, digestOf, isUploadId } from "@stowage/model";
import type { BlobLocation, BlobStat, BlobStore, Bytes, PublishedBlob, PublishedUpload } from "@stowage/registry";
import { AppendInterrupted, DigestMismatch, UploadBytesLost, UploadTooLarge } from "@stowage/registry";
import { SourceFailure, guarded } from "../source.ts";

const READ_BYTES = 65_536;

/** Blobs that end with the process, for tests. */
export async function openMemoryBlobs(): Promise<BlobStore> {
  return new MemoryBlobStore();
}

class MemoryBlobStore implements BlobStore {
  readonly #uploads = new Map<UploadId, Uint8Array>();
  readonly #blobs = new Map<BlobLocation, Uint8Array>();

  async stat(at: BlobLocation): Promise<BlobStat | undefined> {
    const blob = this.#blobs.get(at);
    return blob && { sizeBytes: blob.byteLength };
  }

  async *read(
    at: BlobLocation,
    range: { readonly fromByte: number; readonly toByte?: number } = { fromByte: 0 },
  ): Bytes {
    const blob = this.#blobs.get(at);
    if (blob === undefined) throw new Error("there is no blob at this location");
    const endByte = range.toByte === undefined ? blob.byteLength : range.toByte + 1;
    if (endByte > blob.byteLength)
      throw new Error(`a blob ends at byte ${blob.byteLength}, before byte ${endByte - 1}`);
    for (let position = range.fromByte; position < endByte; position += READ_BYTES) {
      yield blob.slice(position, Math.min(position + READ_BYTES, endByte));
    }
  }

  async append(id: UploadId, atByte: number, part: Bytes, limitBytes: number): Promise<number> {
    const held = this.#uploads.get(named(id)) ?? new Uint8Array();
    if (held.byteLength < atByte) throw new UploadBytesLost(held.byteLength);
    const chunks = [held.slice(0, atByte)];
    let endByte = atByte;
    try {
      for await (const chunk of guarded(part)) {
        if (endByte + chunk.byteLength > limitBytes) throw new UploadTooLarge(endByte);
        chunks.push(Uint8Array.from(chunk));
        endByte += chunk.byteLength;
      }
    } catch (error) {
      throw error instanceof SourceFailure ? new AppendInterrupted(endByte, error.cause) : error;
    } finally {
      this.#uploads.set(id, new Uint8Array(Buffer.concat(chunks)));
    }
    return endByte;
  }

  async publish(
    id: UploadId,
    expected: { readonly digest: Digest; readonly sizeBytes: number },
  ): Promise<PublishedBlob> {
    const { digest, sizeBytes } = expected;
    const location = `${digest}.${named(id)}` as BlobLocation;
    const held = this.#uploads.get(id) ?? this.#blobs.get(location) ?? new Uint8Array();
    if (held.byteLength < sizeBytes) throw new UploadBytesLost(held.byteLength);
    const blob = held.slice(0, sizeBytes);
    const actual = digestOfBytes(blob, digestAlgorithm(digest));
    this.#uploads.delete(id);
    if (actual !== digest) throw new DigestMismatch(actual);
    this.#blobs.set(location, blob);
    return { location, sizeBytes, digest };
  }

  async discard(id: UploadId): Promise<void> {
    this.#uploads.delete(named(id));
  }

  async *uploads(): AsyncGenerator<UploadId> {
    yield* this.#uploads.keys();
  }

  async remove(at: BlobLocation): Promise<void> {
    this.#blobs.delete(at);
  }

  async digest(at: BlobLocation, algorithm: SupportedAlgorithm): Promise<Digest | undefined> {
    const blob = this.#blobs.get(at);
    return blob && digestOfBytes(blob, algorithm);
  }

  async *published(): AsyncGenerator<PublishedUpload> {
    for (const location of this.#blobs.keys()) {
      const [digest, upload] = location.split(".") as [Digest, UploadId];
      yield { location, digest, upload };
    }
  }

  async close(): Promise<void> {
    this.#uploads.clear();
    this.#blobs.clear();
  }
}

function named(id: UploadId): UploadId {
  if (!isUploadId(id) || id !== id.toLowerCase()) throw new Error("an upload id is no UUID in lower case");
  return id;
}

function digestOfBytes(bytes: Uint8Array, algorithm: string): Digest {
  if (algorithm !== "sha256" && algorithm !== "sha512") throw new Error(`no digest of ${algorithm} can be computed`);
  return digestOf(algorithm, createHash(algorithm).update(bytes).digest("hex"));
}
