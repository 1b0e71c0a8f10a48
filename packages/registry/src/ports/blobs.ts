import type { Digest, SupportedAlgorithm, UploadId } from "@stowage/model";

declare const brand: unique symbol;

/** Where a driver put a blob. Only the driver that made it can read meaning into it. */
export type BlobLocation = string & { readonly [brand]: "BlobLocation" };

/** Chunks of any size. One that a driver hands out belongs to whoever received it: the driver does not write to it again. */
export type Bytes = AsyncIterable<Uint8Array>;

export interface BlobStat {
  readonly sizeBytes: number;
}

export interface PublishedBlob {
  readonly location: BlobLocation;
  readonly sizeBytes: number;
  readonly digest: Digest;
}

/** A published blob and the upload that brought it. */
export interface PublishedUpload {
  readonly location: BlobLocation;
  readonly digest: Digest;
  readonly upload: UploadId;
}

export interface BlobReader {
  /** Size of a published blob, or undefined when the driver holds nothing there. */
  stat(at: BlobLocation): Promise<BlobStat | undefined>;
  /** Bytes from `fromByte` (0-based) up to `toByte` (inclusive; the end by default). Fails on a missing blob when first read. */
  read(at: BlobLocation, range?: { readonly fromByte: number; readonly toByte?: number }): Bytes;
}

/** An ability of drivers on local disk: a transport may hand the file to the kernel. */
export interface BlobFiles {
  file(at: BlobLocation): { readonly path: string; readonly offsetBytes: number };
}

/**
 * Upload rows, offsets and leases belong to the registry; a driver only moves bytes.
 * One caller writes to one upload at a time: the registry's lease sees to that.
 */
export interface BlobWriter {
  /**
   * Writes a part at `atByte`; whatever the driver held beyond that point is dropped first.
   * The memory of a chunk is the sender's again once the next one is asked for: a driver that needs it longer copies it.
   * When `part` fails midway, the bytes received so far are kept and the failure is thrown as {@link AppendInterrupted}.
   * @param limitBytes most bytes that the upload may hold; past it {@link UploadTooLarge} is thrown
   * @returns bytes held after it
   * @throws UploadBytesLost the driver holds fewer than `atByte` bytes
   */
  append(id: UploadId, atByte: number, part: Bytes, limitBytes: number): Promise<number>;
  /**
   * Makes the first `sizeBytes` bytes of an upload durable and visible under a location of the driver's choosing.
   * Every upload gets a location of its own, also for bytes that are there already: so bytes that a collector is about
   * to remove are never given out anew. Of two locations with equal bytes the caller removes the one that no row names.
   * Called again for a published upload, it verifies what is there and answers the same.
   * @throws DigestMismatch the bytes have another digest; nothing is kept
   * @throws UploadBytesLost the driver holds fewer than `sizeBytes` bytes
   */
  publish(id: UploadId, expected: { readonly digest: Digest; readonly sizeBytes: number }): Promise<PublishedBlob>;
  /** Forgets an upload; twice is fine. */
  discard(id: UploadId): Promise<void>;
  /** Uploads of which the driver holds bytes, for the sweep of those without a row. */
  uploads(): AsyncIterable<UploadId>;
}

/** Used by the collector and the scrubber alone. */
export interface BlobRemover {
  /** Removes a published blob; twice is fine. */
  remove(at: BlobLocation): Promise<void>;
  /** All published blobs in no order, for the sweep of those without a row. */
  published(): AsyncIterable<PublishedUpload>;
  /** Reads a published blob whole and returns the digest that its bytes have. */
  digest(at: BlobLocation, algorithm: SupportedAlgorithm): Promise<Digest | undefined>;
}

export interface BlobStore extends BlobReader, BlobWriter, BlobRemover {
  /** Present on drivers whose blobs are local files. */
  readonly files?: BlobFiles;
  close(): Promise<void>;
}

/** The bytes of an upload do not have the digest that the caller named. */
export class DigestMismatch extends Error {
  override readonly name = "DigestMismatch";
  readonly actual: Digest;
  constructor(actual: Digest) {
    super(`the bytes have the digest ${actual}`);
    this.actual = actual;
  }
}

/** The source of a part failed; `heldBytes` of the upload were kept. */
export class AppendInterrupted extends Error {
  override readonly name = "AppendInterrupted";
  readonly heldBytes: number;
  constructor(heldBytes: number, cause: unknown) {
    super(`a part broke off with ${heldBytes} bytes held`, { cause });
    this.heldBytes = heldBytes;
  }
}

/** Of an upload only `heldBytes` are left where the caller knows of more: a power failure may take what was not published. */
export class UploadBytesLost extends Error {
  override readonly name = "UploadBytesLost";
  readonly heldBytes: number;
  constructor(heldBytes: number) {
    super(`an upload holds no more than ${heldBytes} bytes`);
    this.heldBytes = heldBytes;
  }
}

/** A part would have taken the upload past its limit; `heldBytes` were kept. */
export class UploadTooLarge extends Error {
  override readonly name = "UploadTooLarge";
  readonly heldBytes: number;
  constructor(heldBytes: number) {
    super(`an upload reached its limit with ${heldBytes} bytes held`);
    this.heldBytes = heldBytes;
  }
}
