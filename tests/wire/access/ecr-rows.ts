import type { OperationName, Operations } from "@stowage/model";
import { arnOf } from "./installation.ts";

type Samples = { readonly [N in OperationName]: (repositoryName: string) => Operations[N]["input"] };

const DIGEST = `sha256:${"0".repeat(64)}`;
const UPLOAD = "0f8fad5b-d9cb-469f-a165-70867728950e";
const PRINCIPAL = "arn:aws:iam::123456789012:role/puller";
const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 1 },
      action: { type: "expire" },
    },
  ],
});
const image = { imageId: { imageTag: "v1" } };
const imageIds = [{ imageTag: "none" }];

/**
 * A valid input for every operation, that changes nothing which another one needs: what it asks for is there already, is not
 * there, or is refused when the operation itself looks at it. An operation that is missing does not compile.
 */
export const samples: Samples = {
  BatchCheckLayerAvailability: (repositoryName) => ({ repositoryName, layerDigests: [DIGEST] }),
  BatchDeleteImage: (repositoryName) => ({ repositoryName, imageIds }),
  BatchGetImage: (repositoryName) => ({ repositoryName, imageIds }),
  BatchGetRepositoryScanningConfiguration: (repositoryName) => ({ repositoryNames: [repositoryName] }),
  CompleteLayerUpload: (repositoryName) => ({ repositoryName, uploadId: UPLOAD, layerDigests: [DIGEST] }),
  CreatePullThroughCacheRule: () => ({ ecrRepositoryPrefix: "hub", upstreamRegistryUrl: "public.ecr.aws" }),
  CreateRepository: (repositoryName) => ({ repositoryName, encryptionConfiguration: { encryptionType: "KMS" } }),
  CreateRepositoryCreationTemplate: () => ({ prefix: "team", appliedFor: ["REPLICATION"] }),
  DeleteLifecyclePolicy: (repositoryName) => ({ repositoryName }),
  DeletePullThroughCacheRule: () => ({ ecrRepositoryPrefix: "hub" }),
  DeleteRegistryPolicy: () => ({}),
  DeleteRepository: (repositoryName) => ({ repositoryName }),
  DeleteRepositoryCreationTemplate: () => ({ prefix: "team" }),
  DeleteRepositoryPolicy: (repositoryName) => ({ repositoryName }),
  DeleteSigningConfiguration: () => ({}),
  DeregisterPullTimeUpdateExclusion: () => ({ principalArn: PRINCIPAL }),
  DescribeImageReplicationStatus: (repositoryName) => ({ repositoryName, ...image }),
  DescribeImageScanFindings: (repositoryName) => ({ repositoryName, ...image }),
  DescribeImageSigningStatus: (repositoryName) => ({ repositoryName, ...image }),
  DescribeImages: (repositoryName) => ({ repositoryName }),
  DescribePullThroughCacheRules: () => ({}),
  DescribeRegistry: () => ({}),
  DescribeReplicationBackfillResults: () => ({ replicationBackfillId: UPLOAD }),
  DescribeRepositories: (repositoryName) => ({ repositoryNames: [repositoryName] }),
  DescribeRepositoryCreationTemplates: () => ({}),
  GetAccountSetting: () => ({ name: "BLOB_MOUNTING" }),
  GetAuthorizationToken: () => ({}),
  GetDownloadUrlForLayer: (repositoryName) => ({ repositoryName, layerDigest: DIGEST }),
  GetLifecyclePolicy: (repositoryName) => ({ repositoryName }),
  GetLifecyclePolicyPreview: (repositoryName) => ({ repositoryName }),
  GetRegistryPolicy: () => ({}),
  GetRegistryScanningConfiguration: () => ({}),
  GetRepositoryPolicy: (repositoryName) => ({ repositoryName }),
  GetSigningConfiguration: () => ({}),
  InitiateLayerUpload: (repositoryName) => ({ repositoryName }),
  ListImageReferrers: (repositoryName) => ({ repositoryName, subjectId: { imageDigest: DIGEST } }),
  ListImages: (repositoryName) => ({ repositoryName }),
  ListPullTimeUpdateExclusions: () => ({}),
  ListReplicationBackfills: () => ({}),
  ListTagsForResource: (repositoryName) => ({ resourceArn: arnOf(repositoryName) }),
  PutAccountSetting: () => ({ name: "BLOB_MOUNTING", value: "DISABLED" }),
  PutImage: (repositoryName) => ({ repositoryName, imageManifest: "{}" }),
  PutImageScanningConfiguration: (repositoryName) => ({ repositoryName, imageScanningConfiguration: {} }),
  PutImageTagMutability: (repositoryName) => ({ repositoryName, imageTagMutability: "MUTABLE" }),
  PutLifecyclePolicy: (repositoryName) => ({ repositoryName, lifecyclePolicyText: LIFECYCLE }),
  PutRegistryPolicy: () => ({ policyText: "{}" }),
  PutRegistryScanningConfiguration: () => ({ scanType: "BASIC", rules: [] }),
  PutReplicationConfiguration: () => ({ replicationConfiguration: { rules: [] } }),
  PutSigningConfiguration: () => ({ signingConfiguration: { rules: [] } }),
  RegisterPullTimeUpdateExclusion: () => ({ principalArn: PRINCIPAL }),
  SetRepositoryPolicy: (repositoryName) => ({ repositoryName, policyText: "{}" }),
  StartImageScan: (repositoryName) => ({ repositoryName, ...image }),
  StartLifecyclePolicyPreview: (repositoryName) => ({ repositoryName }),
  StartReplicationBackfill: () => ({ destination: { region: "us-east-1", registryId: "123456789012" } }),
  StopReplicationBackfill: () => ({ replicationBackfillId: UPLOAD }),
  TagResource: (repositoryName) => ({ resourceArn: arnOf(repositoryName), tags: [{ Key: "a", Value: "b" }] }),
  UntagResource: (repositoryName) => ({ resourceArn: arnOf(repositoryName), tagKeys: ["a"] }),
  UpdateImageStorageClass: (repositoryName) => ({ repositoryName, ...image, targetStorageClass: "STANDARD" }),
  UpdatePullThroughCacheRule: () => ({ ecrRepositoryPrefix: "hub" }),
  UpdateRepositoryCreationTemplate: () => ({ prefix: "team" }),
  UploadLayerPart: (repositoryName) => ({
    repositoryName,
    uploadId: UPLOAD,
    partFirstByte: 0,
    partLastByte: 0,
    layerPartBlob: new Uint8Array(1),
  }),
  ValidatePullThroughCacheRule: () => ({ ecrRepositoryPrefix: "hub" }),
};
