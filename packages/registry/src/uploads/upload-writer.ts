import type { LimitExceededException, RepositoryName, UploadId } from "@stowage/model";
import { limitExceeded } from "../errors.ts";
import type { UploadProgress, UploadRow } from "../ports/blob-rows.ts";
import { AppendInterrupted, UploadBytesLost, UploadTooLarge, type BlobStore, type Bytes } from "../ports/blobs.ts";
import type { Metadata } from "../ports/metadata.ts";
import type { RegistryKey, RepositoryRow } from "../ports/repository-rows.ts";
import type { Clock, Ids } from "../ports/runtime.ts";
import type { Quotas } from "../quotas.ts";
import { requireRepository } from "../repositories/repositories.ts";
import { bytesLost, invalidPart, outOfOrder, uploadNotFound } from "./upload-errors.ts";

export interface UploadParts {
  readonly metadata: Metadata;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly quotas: Quotas;
}

/** Names an upload as one caller may see it. */
export interface UploadTarget {
  readonly key: RegistryKey;
  readonly name: RepositoryName;
  readonly owner: string;
  readonly id: UploadId;
}

/** An upload with nobody else writing to it. */
export interface OpenUpload {
  readonly repository: RepositoryRow;
  readonly upload: UploadRow;
}

export interface Part {
  /** Where the part begins, when the caller says so. */
  readonly fromByte?: number;
  /** Its length, when the caller says so. */
  readonly lengthBytes?: number;
  readonly bytes: Bytes;
}

const IN_PASSING = { durable: false };

/**
 * Gives one writer at a time an upload to itself. The lease in the row keeps other processes away and is renewed while bytes
 * come; the set of ids keeps this process from writing twice even when a lease has passed.
 */
export class UploadWriter {
  readonly #parts: UploadParts;
  readonly #writing = new Set<UploadId>();

  constructor(parts: UploadParts) {
    this.#parts = parts;
  }

  /** @throws RepositoryNotFoundException, UploadNotFoundException it is unknown, expired, another's or another repository's */
  async find(target: UploadTarget): Promise<OpenUpload> {
    const { metadata, clock } = this.#parts;
    const repository = await requireRepository(metadata, target.key, target.name);
    const upload = await metadata.uploads.find(target.id);
    const usable =
      upload?.repositoryId === repository.id && upload.principal === target.owner && upload.expiresAt > clock.now();
    if (!usable) throw uploadNotFound(target.key, target.name, target.id);
    return { repository, upload };
  }

  /** Runs `work` on an upload that nobody else writes to. @throws InvalidLayerPartException another request writes to it */
  async alone<T>(target: UploadTarget, work: (open: OpenUpload, lease: string) => Promise<T>): Promise<T> {
    const { repository, upload } = await this.find(target);
    const busy = invalidPart(repository, upload, "Another request is writing to this upload");
    if (this.#writing.has(target.id)) throw busy;
    this.#writing.add(target.id);
    const lease = this.#parts.ids.uuid();
    try {
      if (!(await this.#lease(target.id, lease))) throw busy;
      const latest = await this.#parts.metadata.uploads.find(target.id);
      if (latest === undefined) throw uploadNotFound(target.key, target.name, target.id);
      return await work({ repository, upload: latest }, lease);
    } finally {
      this.#writing.delete(target.id);
    }
  }

  /** Writes a part, notes the progress and gives the lease back; see {@link write}. */
  async append(open: OpenUpload, lease: string, part: Part): Promise<UploadRow> {
    const upload = await this.write(open, lease, part);
    return this.advance(upload, lease, upload);
  }

  /**
   * Writes a part and keeps the lease, so that the caller may go on with the upload at once. Bytes that came before a connection broke are kept, so that the client may go on.
   * @throws InvalidLayerPartException it does not begin where the upload ends, or is not as long as was said
   * @throws LimitExceededException the layer would be over its limit
   */
  async write({ repository, upload }: OpenUpload, lease: string, part: Part): Promise<UploadRow> {
    const { blobs, quotas } = this.#parts;
    const from = upload.receivedBytes;
    try {
      if (part.fromByte !== undefined && part.fromByte !== from) throw outOfOrder(repository, upload, part.fromByte);
      if (from + (part.lengthBytes ?? 0) > quotas.maxLayerBytes) throw tooLarge(quotas);
      const bytes = this.#renewing(upload.id, lease, part.bytes);
      const held = await blobs.append(upload.id, from, bytes, quotas.maxLayerBytes);
      if (part.lengthBytes !== undefined && held - from !== part.lengthBytes) {
        throw invalidPart(repository, upload, `The layer part has ${held - from} bytes instead of ${part.lengthBytes}`);
      }
      return { ...upload, receivedBytes: held };
    } catch (error) {
      const kept = error instanceof AppendInterrupted || error instanceof UploadBytesLost ? error.heldBytes : from;
      const left = await this.advance(upload, lease, { ...upload, receivedBytes: kept });
      if (error instanceof UploadTooLarge) throw tooLarge(quotas);
      if (error instanceof UploadBytesLost) throw bytesLost(repository, left);
      throw error;
    }
  }

  /** Notes progress and gives the lease back. */
  async advance(upload: UploadRow, lease: string, progress: UploadProgress): Promise<UploadRow> {
    const { receivedBytes, partCount, lastPartBytes, hasSmallPart } = progress;
    const noted = { receivedBytes, partCount, lastPartBytes, hasSmallPart };
    await this.#parts.metadata.transaction((rows) => rows.uploads.advance(upload.id, lease, noted), IN_PASSING);
    return { ...upload, ...noted };
  }

  #lease(id: UploadId, owner: string): Promise<boolean> {
    const now = this.#parts.clock.now();
    const until = new Date(now.getTime() + this.#parts.quotas.uploadLeaseMs);
    return this.#parts.metadata.transaction((rows) => rows.uploads.lease(id, { owner, until }, now), IN_PASSING);
  }

  async *#renewing(id: UploadId, lease: string, bytes: Bytes): Bytes {
    const { clock, quotas } = this.#parts;
    let renewAt = clock.now().getTime() + quotas.uploadLeaseMs / 2;
    for await (const chunk of bytes) {
      yield chunk;
      const now = clock.now().getTime();
      if (now < renewAt) continue;
      renewAt = now + quotas.uploadLeaseMs / 2;
      await this.#lease(id, lease);
    }
  }
}

function tooLarge(quotas: Quotas): LimitExceededException {
  return limitExceeded("bytes in a layer", quotas.maxLayerBytes);
}
