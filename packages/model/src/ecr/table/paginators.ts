import type { Paginator } from "../../table/table.ts";

/** Operations that clients page through with nextToken and maxResults. */
export const paginators: Readonly<Record<string, Paginator>> = {
  DescribeImageScanFindings: {
    items: ["imageScanFindings.findings", "imageScanFindings.enhancedFindings"],
    fromFirstPage: ["registryId", "repositoryName", "imageId", "imageScanStatus", "imageScanFindings"],
  },
  DescribeImages: { items: ["imageDetails"] },
  DescribePullThroughCacheRules: { items: ["pullThroughCacheRules"] },
  DescribeReplicationBackfillResults: {
    items: ["results"],
    fromFirstPage: [
      "registryId",
      "replicationBackfillId",
      "destination",
      "status",
      "failureCode",
      "progress",
      "startedAt",
      "endedAt",
    ],
  },
  DescribeRepositories: { items: ["repositories"] },
  DescribeRepositoryCreationTemplates: { items: ["repositoryCreationTemplates"], fromFirstPage: ["registryId"] },
  GetLifecyclePolicyPreview: {
    items: ["previewResults"],
    fromFirstPage: ["registryId", "repositoryName", "lifecyclePolicyText", "status", "summary"],
  },
  ListImages: { items: ["imageIds"] },
  ListReplicationBackfills: { items: ["backfills"], fromFirstPage: ["registryId"] },
};
