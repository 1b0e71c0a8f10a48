const MEBIBYTE = 1024 * 1024;
const HOUR_MS = 3_600_000;

/** Every number that bounds a registry. Values are ECR's unless an installation sets others. */
export interface Quotas {
  readonly maxRepositories: number;
  readonly maxImagesPerRepository: number;
  readonly maxTagsPerImage: number;
  readonly maxResourceTags: number;
  readonly maxManifestBytes: number;
  readonly maxLayerBytes: number;
  /** Bounds of one part of UploadLayerPart; all parts but the last reach the minimum. */
  readonly minPartBytes: number;
  readonly maxPartBytes: number;
  readonly maxParts: number;
  /** How long an upload may stay open. */
  readonly uploadLifeMs: number;
  /** How long a writer may be silent before another may take the upload over. */
  readonly uploadLeaseMs: number;
  /** How long a blob that a client was told of stays although no manifest refers to it. */
  readonly holdMs: number;
}

/** Source: Amazon ECR service quotas; parts as the API model bounds them. */
export const ECR_QUOTAS: Quotas = {
  maxRepositories: 100_000,
  maxImagesPerRepository: 100_000,
  maxTagsPerImage: 1_000,
  maxResourceTags: 50,
  maxManifestBytes: 4 * MEBIBYTE,
  maxLayerBytes: 52_000 * MEBIBYTE,
  minPartBytes: 5 * MEBIBYTE,
  maxPartBytes: 20 * MEBIBYTE,
  maxParts: 4_200,
  uploadLifeMs: 7 * 24 * HOUR_MS,
  uploadLeaseMs: 60_000,
  holdMs: 24 * HOUR_MS,
};
