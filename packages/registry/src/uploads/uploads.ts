import {
  EmptyUploadException,
  InvalidLayerException,
  LayerAlreadyExistsException,
  LayerPartTooSmallException,
  isDigest,
  isSupportedDigest,
  type Digest,
  type RepositoryName,
  type UploadId,
} from "@stowage/model";
import { InvalidDigest, InvalidParameter, limitExceeded, repositoryNotFound } from "../errors.ts";
import type { BlobRow, UploadRow } from "../ports/blob-rows.ts";
import type { BlobLocation } from "../ports/blobs.ts";
import { DigestMismatch, UploadBytesLost, type Bytes } from "../ports/blobs.ts";
import type { RegistryKey, RepositoryRow } from "../ports/repository-rows.ts";
import { requireRepository } from "../repositories/repositories.ts";
import type { Settings } from "../settings/settings.ts";
import { bytesLost, invalidPart, outOfOrder, uploadNotFound } from "./upload-errors.ts";
import { UploadWriter, type OpenUpload, type Part, type UploadParts } from "./upload-writer.ts";

export interface StoredLayer {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/**
 * Open uploads. Both doors work on the same ones: what one began the other may finish.
 * `owner` is the ARN of the principal that began it; to anyone else the upload does not exist.
 */
export class Uploads {
  readonly #parts: UploadParts;
  readonly #settings: Settings;
  readonly #writer: UploadWriter;

  constructor(parts: UploadParts, settings: Settings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#writer = new UploadWriter(parts);
  }

  /** Opens an upload. @throws RepositoryNotFoundException */
  begin(key: RegistryKey, name: RepositoryName, owner: string): Promise<UploadRow> {
    const { metadata, clock, ids, quotas } = this.#parts;
    return metadata.transaction(
      async (rows) => {
        const repository = await requireRepository(rows, key, name);
        const startedAt = clock.now();
        const upload: UploadRow = {
          id: ids.uuid() as UploadId,
          repositoryId: repository.id,
          principal: owner,
          receivedBytes: 0,
          partCount: 0,
          lastPartBytes: 0,
          hasSmallPart: false,
          startedAt,
          expiresAt: new Date(startedAt.getTime() + quotas.uploadLifeMs),
        };
        await rows.uploads.insert(upload);
        return upload;
      },
      { durable: false },
    );
  }

  /** @throws UploadNotFoundException */
  async status(key: RegistryKey, name: RepositoryName, owner: string, id: UploadId): Promise<UploadRow> {
    return (await this.#writer.find({ key, name, owner, id })).upload;
  }

  /** Appends a chunk through `/v2/`; see {@link UploadWriter.append} for its errors. */
  append(
    key: RegistryKey,
    name: RepositoryName,
    owner: string,
    part: Part & { readonly id: UploadId },
  ): Promise<UploadRow> {
    return this.#writer.alone({ key, name, owner, id: part.id }, (open, lease) =>
      // No chunk of this door counts as a small part: the minimum holds on the other one alone.
      this.#writer.append(withParts(open, { lastPartBytes: this.#parts.quotas.minPartBytes }), lease, part),
    );
  }

  /**
   * Appends a part of UploadLayerPart; both positions are inclusive and 0-based.
   * @throws InvalidLayerPartException, LimitExceededException
   */
  appendPart(
    key: RegistryKey,
    name: RepositoryName,
    owner: string,
    part: { readonly id: UploadId; readonly firstByte: number; readonly lastByte: number; readonly bytes: Uint8Array },
  ): Promise<UploadRow> {
    const { minPartBytes, maxPartBytes, maxParts } = this.#parts.quotas;
    const { bytes, firstByte, lastByte } = part;
    return this.#writer.alone({ key, name, owner, id: part.id }, async (open, lease) => {
      const { repository, upload } = open;
      const refuse = async (error: Error): Promise<never> => {
        await this.#writer.advance(upload, lease, upload);
        throw error;
      };
      if (firstByte !== upload.receivedBytes) return refuse(outOfOrder(repository, upload, firstByte));
      if (lastByte - firstByte + 1 !== bytes.length) {
        const said = `Layer part has ${bytes.length} bytes, but its positions ${firstByte} to ${lastByte} say otherwise`;
        return refuse(invalidPart(repository, upload, said));
      }
      if (bytes.length > maxPartBytes) return refuse(limitExceeded("bytes in a layer part", maxPartBytes));
      if (upload.partCount >= maxParts) return refuse(limitExceeded("parts in an upload", maxParts));
      const counted = withParts(open, {
        partCount: upload.partCount + 1,
        lastPartBytes: bytes.length,
        hasSmallPart: upload.hasSmallPart || (upload.partCount > 0 && upload.lastPartBytes < minPartBytes),
      });
      return this.#writer.append(counted, lease, { fromByte: firstByte, bytes: once(bytes) });
    });
  }

  /**
   * Ends an upload through `/v2/`, with a last chunk or without.
   * @throws InvalidLayerException the bytes have another digest; the upload is gone
   */
  finish(
    key: RegistryKey,
    name: RepositoryName,
    owner: string,
    last: Omit<Part, "bytes"> & { readonly id: UploadId; readonly digest: Digest; readonly bytes?: Bytes },
  ): Promise<StoredLayer> {
    requireAlgorithm(last.digest);
    return this.#writer.alone({ key, name, owner, id: last.id }, async (open, lease) => {
      const { bytes } = last;
      if (bytes === undefined) return this.#publish(open, lease, last.digest);
      const upload = await this.#writer.write(open, lease, { ...last, bytes });
      return this.#publish({ ...open, upload }, lease, last.digest);
    });
  }

  /**
   * Ends an upload as CompleteLayerUpload.
   * @throws EmptyUploadException, LayerPartTooSmallException, InvalidLayerException
   * @throws LayerAlreadyExistsException the repository had the layer; the upload is gone all the same
   */
  async completeLayer(
    key: RegistryKey,
    name: RepositoryName,
    owner: string,
    asked: { readonly id: UploadId; readonly digests: readonly string[] },
  ): Promise<StoredLayer> {
    const [digest, ...others] = new Set(asked.digests);
    if (digest === undefined || !isDigest(digest)) throw new InvalidDigest("layerDigests");
    if (others.length > 0) throw new InvalidParameter("layerDigests", "All digests must be of the same layer");
    requireAlgorithm(digest);
    const { stored, existed } = await this.#writer.alone({ key, name, owner, id: asked.id }, async (open, lease) => {
      const { upload, repository } = open;
      const refusal = uploadRefusal(upload, this.#parts.quotas.minPartBytes);
      if (refusal !== undefined) {
        await this.#writer.advance(upload, lease, upload);
        throw refusal;
      }
      const before = await this.#parts.metadata.blobs.find(repository.id, digest);
      return { stored: await this.#publish(open, lease, digest), existed: before !== undefined };
    });
    if (!existed) return stored;
    throw new LayerAlreadyExistsException(
      `The layer with digest '${digest}' already exists in the repository with name '${name}' ` +
        `in registry with id '${key.registryId}'`,
    );
  }

  /** Stores a blob that comes in one request. Nothing of the upload is left when it fails. */
  async monolithic(
    key: RegistryKey,
    name: RepositoryName,
    owner: string,
    blob: Omit<Part, "fromByte"> & { readonly digest: Digest },
  ): Promise<StoredLayer> {
    requireAlgorithm(blob.digest);
    const { id } = await this.begin(key, name, owner);
    try {
      return await this.finish(key, name, owner, { ...blob, id });
    } catch (error) {
      await this.#forget(id);
      throw error;
    }
  }

  /**
   * Makes a blob of another repository of the registry visible here. The caller has authorised the reading there.
   * @returns false when the account does not mount, or the blob is not there under equal encryption
   */
  async mount(
    key: RegistryKey,
    name: RepositoryName,
    source: { readonly digest: Digest; readonly from: RepositoryName },
  ): Promise<boolean> {
    const { metadata, clock, quotas } = this.#parts;
    await requireRepository(metadata, key, name);
    if (!(await this.#settings.mountsBlobs(key))) return false;
    return metadata.transaction(async (rows) => {
      const target = await requireRepository(rows, key, name);
      const origin = await rows.repositories.find(key, source.from);
      const blob = origin && (await rows.blobs.find(origin.id, source.digest));
      if (blob === undefined || blob.keyScope !== keyScope(target)) return false;
      await rows.blobs.link(target.id, blob.id, new Date(clock.now().getTime() + quotas.holdMs));
      return true;
    });
  }

  /** Gives an upload up. @throws UploadNotFoundException */
  cancel(key: RegistryKey, name: RepositoryName, owner: string, id: UploadId): Promise<void> {
    return this.#writer.alone({ key, name, owner, id }, () => this.#forget(id));
  }

  /** Forgets uploads that expired. @returns how many */
  async sweep(limit: number): Promise<number> {
    const { metadata, blobs, clock } = this.#parts;
    const expired = await metadata.transaction((rows) => rows.uploads.deleteExpired(clock.now(), limit));
    for (const id of expired) await blobs.discard(id);
    return expired.length;
  }

  /**
   * Bytes first, then the rows in one transaction: a blob without a row is invisible, a row without its bytes never is. The
   * upload's row goes when its bytes are named, or are gone: what has neither row may be swept at any moment.
   */
  async #publish({ repository, upload }: OpenUpload, lease: string, digest: Digest): Promise<StoredLayer> {
    const { metadata, blobs, clock, quotas } = this.#parts;
    const { location, sizeBytes } = await blobs
      .publish(upload.id, { digest, sizeBytes: upload.receivedBytes })
      .catch((error: unknown) => this.#unpublishable({ repository, upload }, lease, { digest, error }));
    const shared = await metadata.transaction(async (rows) => {
      const current = await rows.repositories.find(repository.key, repository.name);
      if (current?.id !== repository.id) return repositoryNotFound(repository.key, repository.name);
      if ((await rows.uploads.find(upload.id)) === undefined) {
        return uploadNotFound(repository.key, repository.name, upload.id);
      }
      const row = await rows.blobs.putShared({ digest, keyScope: keyScope(repository), sizeBytes, location });
      await rows.blobs.link(repository.id, row.id, new Date(clock.now().getTime() + quotas.holdMs));
      if (row.location === location) await rows.uploads.delete(upload.id);
      return row;
    });
    if (shared instanceof Error) {
      // Whoever completed the upload first may have had these very bytes named.
      if (!(await metadata.blobs.isNamed(digest, location))) await blobs.remove(location);
      throw shared;
    }
    if (shared.location !== location) {
      await this.#settleTwins(shared, location);
      await metadata.transaction((rows) => rows.uploads.delete(upload.id), { durable: false });
    }
    return { digest, sizeBytes };
  }

  /** Of two copies of a blob one stays: the one that its row names, unless that is damaged. */
  async #settleTwins(shared: BlobRow, published: BlobLocation): Promise<void> {
    const { metadata, blobs } = this.#parts;
    const kept = await blobs.stat(shared.location);
    if (kept?.sizeBytes === shared.sizeBytes) return blobs.remove(published);
    await metadata.transaction((rows) => rows.blobs.relocateShared(shared.id, published));
    await blobs.remove(shared.location);
  }

  async #unpublishable(
    { repository, upload }: OpenUpload,
    lease: string,
    { digest, error }: { readonly digest: Digest; readonly error: unknown },
  ): Promise<never> {
    if (error instanceof DigestMismatch) {
      await this.#forget(upload.id);
      throw new InvalidLayerException(`The layer has the digest '${error.actual}' instead of '${digest}'`);
    }
    const left = error instanceof UploadBytesLost ? { ...upload, receivedBytes: error.heldBytes } : upload;
    await this.#writer.advance(upload, lease, left);
    if (left === upload) throw error;
    throw bytesLost(repository, left);
  }

  async #forget(id: UploadId): Promise<void> {
    await this.#parts.metadata.transaction((rows) => rows.uploads.delete(id), { durable: false });
    await this.#parts.blobs.discard(id);
  }
}

/** Repositories under a key of their own share no bytes with others. */
function keyScope(repository: RepositoryRow): string {
  return repository.encryption.kmsKey ?? "";
}

function requireAlgorithm(digest: Digest): void {
  if (!isSupportedDigest(digest)) throw new InvalidDigest("layerDigest");
}

function uploadRefusal(upload: UploadRow, minPartBytes: number): Error | undefined {
  if (upload.receivedBytes === 0) return new EmptyUploadException("The layer upload does not contain any layer parts");
  if (!upload.hasSmallPart) return undefined;
  return new LayerPartTooSmallException(`Layer parts must be at least ${minPartBytes} bytes in size, except the last`);
}

function withParts(open: OpenUpload, parts: Partial<UploadRow>): OpenUpload {
  return { ...open, upload: { ...open.upload, ...parts } };
}

async function* once(bytes: Uint8Array): Bytes {
  yield bytes;
}
