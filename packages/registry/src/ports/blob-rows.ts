import type { Digest, UploadId } from "@stowage/model";
import type { BlobLocation } from "./blobs.ts";
import type { RepositoryRowId } from "./repository-rows.ts";

export type BlobRowId = number;

/** A blob is stored once for each digest and key scope; the scope is "" where the disk's own encryption serves. */
export interface BlobRow {
  readonly id: BlobRowId;
  readonly digest: Digest;
  readonly keyScope: string;
  readonly sizeBytes: number;
  readonly location: BlobLocation;
  readonly state: "ready" | "deleting";
}

/** A blob as one repository sees it. Who has no such row learns nothing of the blob. */
export interface RepositoryBlob extends BlobRow {
  /** Until when the blob may not be collected although no manifest refers to it. */
  readonly heldUntil: Date;
}

export interface BlobReads {
  /** Ready blobs only. */
  find(id: RepositoryRowId, digest: Digest): Promise<RepositoryBlob | undefined>;
  /** Ready blobs among `digests` that the repository sees. */
  present(id: RepositoryRowId, digests: readonly Digest[]): Promise<readonly RepositoryBlob[]>;
  /** The shared row, whichever repositories see it. */
  findShared(digest: Digest, keyScope: string): Promise<BlobRow | undefined>;
  /** Whether any row, in whichever state, names these bytes. */
  isNamed(digest: Digest, location: BlobLocation): Promise<boolean>;
}

export interface BlobWrites {
  /**
   * Makes or revives the shared row. An existing ready row keeps its location, and the caller learns which one counts;
   * a revived one takes the new location, as the bytes at the old one are about to go.
   */
  putShared(blob: Omit<BlobRow, "id" | "state">): Promise<BlobRow>;
  /** Points an existing shared row at other bytes, after the old ones were found damaged or missing. */
  relocateShared(id: BlobRowId, location: BlobLocation): Promise<void>;
  /** Makes a blob visible in a repository and holds it; a hold never gets shorter. */
  link(id: RepositoryRowId, blob: BlobRowId, heldUntil: Date): Promise<void>;
  hold(id: RepositoryRowId, digests: readonly Digest[], heldUntil: Date): Promise<void>;

  /** Ends the visibility of blobs that no image of their repository names and whose hold has passed. @returns how many */
  unlinkExpired(now: Date, limit: number): Promise<number>;
  /** Marks ready blobs that no repository sees as deleting, and returns those that are deleting; at most `limit` of each. */
  claimUnlinked(limit: number): Promise<readonly BlobRow[]>;
  /** Removes a row that is deleting; one that was revived meanwhile stays. */
  deleteShared(id: BlobRowId): Promise<void>;
}

/** An open upload; both doors work on the same rows. */
export interface UploadRow {
  readonly id: UploadId;
  readonly repositoryId: RepositoryRowId;
  /** ARN of the principal that began it; no other may go on with it. */
  readonly principal: string;
  readonly receivedBytes: number;
  readonly partCount: number;
  /** Size of the part that came last through the ECR door; 0 before the first. */
  readonly lastPartBytes: number;
  /** Whether a part below the minimum was followed by another, which no layer may have. */
  readonly hasSmallPart: boolean;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  /** Who writes now, and until when that claim stands; absent when nobody does. */
  readonly lease?: { readonly owner: string; readonly until: Date };
}

export type UploadProgress = Pick<UploadRow, "receivedBytes" | "partCount" | "lastPartBytes" | "hasSmallPart">;

export interface UploadReads {
  find(id: UploadId): Promise<UploadRow | undefined>;
}

export interface UploadWrites {
  insert(upload: UploadRow): Promise<void>;
  /** Takes the lease when it is free, passed or the owner's own. @returns false when another holds it */
  lease(id: UploadId, lease: { readonly owner: string; readonly until: Date }, now: Date): Promise<boolean>;
  /** Writes the progress of the lease's owner and gives the lease back. @returns false when the lease was lost */
  advance(id: UploadId, owner: string, progress: UploadProgress): Promise<boolean>;
  /** Takes back every lease, for a process that has the database to itself: whoever held one is gone. @returns how many */
  releaseLeases(): Promise<number>;
  delete(id: UploadId): Promise<void>;
  /** Removes uploads that expired and that nobody writes to. @returns their ids, at most `limit` */
  deleteExpired(now: Date, limit: number): Promise<readonly UploadId[]>;
}
