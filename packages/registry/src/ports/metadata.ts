import type {
  AccessKeyRows,
  AccessReads,
  AccessWrites,
  AccountRows,
  IdentityReads,
  IdentityWrites,
  SessionRows,
} from "./identity-rows.ts";
import type { ImageReads, ImageWrites } from "./image-rows.ts";
import type { BlobReads, BlobWrites, UploadReads, UploadWrites } from "./blob-rows.ts";
import type { RepositoryReads, RepositoryWrites } from "./repository-rows.ts";
import type { SettingRows } from "./setting-rows.ts";

/** What may be read without a transaction; each call sees the newest commit. */
export interface MetadataReads {
  readonly repositories: RepositoryReads;
  readonly images: ImageReads;
  readonly blobs: BlobReads;
  readonly uploads: UploadReads;
  readonly settings: Pick<SettingRows, "find" | "list">;
  readonly accounts: Pick<AccountRows, "find" | "list">;
  readonly accessKeys: Pick<AccessKeyRows, "find" | "list">;
  readonly identities: IdentityReads;
  readonly sessions: Pick<SessionRows, "find">;
  readonly access: AccessReads;
}

/** The same nouns inside a transaction, with their writes. */
export interface MetadataTransaction {
  readonly repositories: RepositoryReads & RepositoryWrites;
  readonly images: ImageReads & ImageWrites;
  readonly blobs: BlobReads & BlobWrites;
  readonly uploads: UploadReads & UploadWrites;
  readonly settings: SettingRows;
  readonly accounts: AccountRows;
  readonly accessKeys: AccessKeyRows;
  readonly identities: IdentityReads & IdentityWrites;
  readonly sessions: SessionRows;
  readonly access: AccessReads & AccessWrites;
}

export interface TransactionOptions {
  /**
   * `true` (default): the promise resolves when the commit would survive a power failure.
   * `false`: it resolves when the commit is visible; a later durable commit carries it.
   */
  readonly durable?: boolean;
}

/** The database of one installation. */
export interface Metadata extends MetadataReads {
  /**
   * Runs `work` alone or not at all. `work` awaits nothing but the methods of the transaction that it is handed;
   * whatever it throws rolls everything back and is thrown again.
   */
  transaction<T>(work: (rows: MetadataTransaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Totals over the whole installation, for status and metrics. */
  totals(): Promise<Totals>;
  close(): Promise<void>;
}

export interface Totals {
  readonly registries: number;
  readonly repositories: number;
  readonly images: number;
  readonly blobs: number;
  readonly blobBytes: number;
  readonly openUploads: number;
}
