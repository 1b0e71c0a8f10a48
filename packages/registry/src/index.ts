export { AppendInterrupted, DigestMismatch, UploadBytesLost, UploadTooLarge } from "./ports/blobs.ts";
export type {
  BlobFiles,
  BlobLocation,
  BlobReader,
  BlobRemover,
  BlobStat,
  BlobStore,
  BlobWriter,
  Bytes,
  PublishedBlob,
  PublishedUpload,
} from "./ports/blobs.ts";
export type {
  BlobReads,
  BlobRow,
  BlobRowId,
  BlobWrites,
  RepositoryBlob,
  UploadReads,
  UploadRow,
  UploadWrites,
} from "./ports/blob-rows.ts";
export type {
  AccessKeyRow,
  AccessKeyRows,
  AccessReads,
  AccessWrites,
  AccountRow,
  AccountRows,
  IdentityPolicies,
  IdentityReads,
  IdentityRow,
  IdentityWrites,
  ManagedPolicyRow,
  PolicyRow,
  RevocationRow,
  SessionRow,
  SessionRows,
} from "./ports/identity-rows.ts";
export type {
  ImageBlob,
  ImageFilter,
  ImageReads,
  ImageRow,
  ImageRowId,
  ImageStatus,
  ImageWrites,
  NewImage,
  ReferrerRow,
  StoredManifest,
  TagRow,
} from "./ports/image-rows.ts";
export type { Metadata, MetadataReads, MetadataTransaction, Totals, TransactionOptions } from "./ports/metadata.ts";
export type {
  Encryption,
  ExclusionFilter,
  NewRepository,
  RegistryKey,
  RepositoryReads,
  RepositoryRow,
  RepositoryRowId,
  RepositoryWrites,
  ResourceTag,
  TagMutability,
} from "./ports/repository-rows.ts";
export type { Clock, Hasher, Ids } from "./ports/runtime.ts";
export type { SettingRows } from "./ports/setting-rows.ts";
export { createAdministration, type Administration, type AdministrationParts } from "./administration.ts";
export type {
  Identities,
  IdentityChanges,
  IdentityDetail,
  NewIdentity,
  StoredIdentity,
} from "./identities/identities.ts";
export { findingsOf, type DocumentKind } from "./identities/documents.ts";
export { identityArn, policyArn, type IdentityName } from "./identities/names.ts";
export { MAX_USER_ACCESS_KEYS, quotaExceeded } from "./identities/limits.ts";
export type { ManagedPolicies, NewManagedPolicy, StoredPolicy } from "./identities/managed-policies.ts";
export type { IdentityPermissions } from "./identities/permissions.ts";
export { userPrincipal, type Principals } from "./identities/principals.ts";
export type { Revocations, Revoked } from "./identities/revocations.ts";
export { createRegistry, type Registry, type RegistryParts } from "./registry.ts";
export { ECR_QUOTAS, type Quotas } from "./quotas.ts";
export { VersionedCache, type CacheLimits } from "./access/versioned-cache.ts";
export { awsManagedPolicies, findAwsManagedPolicy, type AwsManagedPolicy } from "./access/aws-managed-policies.ts";
export { isSessionPolicy } from "./access/compiled-policy.ts";
export type {
  AccessContext,
  AccessExplanation,
  AccessRequest,
  Action,
  Authoriser,
  ExplainedStatement,
  Principal,
} from "./access/authoriser.ts";
export {
  ImageReferenced,
  ImageUnchanged,
  InvalidDigest,
  InvalidManifest,
  InvalidPage,
  InvalidParameter,
  InvalidTag,
  ManifestTooLarge,
} from "./errors.ts";
export type { DescribedImage, FoundImage, ImageReference, Images } from "./images/images.ts";
export type { BatchDeleteResult } from "./images/delete-images.ts";
export type { ImageFailure, ImageFailureCode, ImageId } from "./images/image-ids.ts";
export type { PutImageInput, PutImageResult } from "./images/put-image.ts";
export type { Referrer, ReferrersFilter } from "./images/referrers.ts";
export type { LayerAvailability, LayerFailure, Layers } from "./layers/layers.ts";
export type { Page, PageRequest } from "./paging/page.ts";
export type { PageTokens } from "./paging/page-tokens.ts";
export type { Policies } from "./policies/policies.ts";
export type { CreateRepositoryInput, Repositories } from "./repositories/repositories.ts";
export type { AccountSetting, Settings } from "./settings/settings.ts";
export type { StoredLayer, Uploads } from "./uploads/uploads.ts";
export type { Part } from "./uploads/upload-writer.ts";
export type { UploadProgress } from "./ports/blob-rows.ts";
export type { Collector } from "./collection/collector.ts";
