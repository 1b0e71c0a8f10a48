import type { Shape } from "../../table/table.ts";

/** Requests and responses, one of each per operation. A `!` marks a member that must be given. */
export const messages: Readonly<Record<string, Shape>> = {
  BatchCheckLayerAvailabilityRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      layerDigests: "BatchedOperationLayerDigestList!",
    },
  },
  BatchCheckLayerAvailabilityResponse: {
    structure: {
      layers: "LayerList",
      failures: "LayerFailureList",
    },
  },
  BatchDeleteImageRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      imageIds: "ImageIdentifierList!",
    },
  },
  BatchDeleteImageResponse: {
    structure: {
      imageIds: "ImageIdentifierList",
      failures: "ImageFailureList",
    },
  },
  BatchGetImageRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      imageIds: "ImageIdentifierList!",
      acceptedMediaTypes: "MediaTypeList",
    },
  },
  BatchGetImageResponse: {
    structure: {
      images: "ImageList",
      failures: "ImageFailureList",
    },
  },
  BatchGetRepositoryScanningConfigurationRequest: {
    structure: {
      repositoryNames: "ScanningConfigurationRepositoryNameList!",
    },
  },
  BatchGetRepositoryScanningConfigurationResponse: {
    structure: {
      scanningConfigurations: "RepositoryScanningConfigurationList",
      failures: "RepositoryScanningConfigurationFailureList",
    },
  },
  CompleteLayerUploadRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      uploadId: "UploadId!",
      layerDigests: "LayerDigestList!",
    },
  },
  CompleteLayerUploadResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      uploadId: "UploadId",
      layerDigest: "LayerDigest",
    },
  },
  CreatePullThroughCacheRuleRequest: {
    structure: {
      ecrRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix!",
      upstreamRegistryUrl: "Url!",
      registryId: "RegistryId",
      upstreamRegistry: "UpstreamRegistry",
      credentialArn: "CredentialArn",
      customRoleArn: "CustomRoleArn",
      upstreamRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
    },
  },
  CreatePullThroughCacheRuleResponse: {
    structure: {
      ecrRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
      upstreamRegistryUrl: "Url",
      createdAt: "CreationTimestamp",
      registryId: "RegistryId",
      upstreamRegistry: "UpstreamRegistry",
      credentialArn: "CredentialArn",
      customRoleArn: "CustomRoleArn",
      upstreamRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
    },
  },
  CreateRepositoryCreationTemplateRequest: {
    structure: {
      prefix: "Prefix!",
      description: "RepositoryTemplateDescription",
      encryptionConfiguration: "EncryptionConfigurationForRepositoryCreationTemplate",
      resourceTags: "TagList",
      imageTagMutability: "ImageTagMutability",
      imageTagMutabilityExclusionFilters: "ImageTagMutabilityExclusionFilters",
      repositoryPolicy: "RepositoryPolicyText",
      lifecyclePolicy: "LifecyclePolicyTextForRepositoryCreationTemplate",
      appliedFor: "RCTAppliedForList!",
      customRoleArn: "CustomRoleArn",
    },
  },
  CreateRepositoryCreationTemplateResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryCreationTemplate: "RepositoryCreationTemplate",
    },
  },
  CreateRepositoryRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      tags: "TagList",
      imageTagMutability: "ImageTagMutability",
      imageTagMutabilityExclusionFilters: "ImageTagMutabilityExclusionFilters",
      imageScanningConfiguration: "ImageScanningConfiguration",
      encryptionConfiguration: "EncryptionConfiguration",
    },
  },
  CreateRepositoryResponse: {
    structure: {
      repository: "Repository",
    },
  },
  DeleteLifecyclePolicyRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
    },
  },
  DeleteLifecyclePolicyResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      lifecyclePolicyText: "LifecyclePolicyText",
      lastEvaluatedAt: "EvaluationTimestamp",
    },
  },
  DeletePullThroughCacheRuleRequest: {
    structure: {
      ecrRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix!",
      registryId: "RegistryId",
    },
  },
  DeletePullThroughCacheRuleResponse: {
    structure: {
      ecrRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
      upstreamRegistryUrl: "Url",
      createdAt: "CreationTimestamp",
      registryId: "RegistryId",
      credentialArn: "CredentialArn",
      customRoleArn: "CustomRoleArn",
      upstreamRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
    },
  },
  DeleteRegistryPolicyRequest: {
    structure: {},
  },
  DeleteRegistryPolicyResponse: {
    structure: {
      registryId: "RegistryId",
      policyText: "RegistryPolicyText",
    },
  },
  DeleteRepositoryCreationTemplateRequest: {
    structure: {
      prefix: "Prefix!",
    },
  },
  DeleteRepositoryCreationTemplateResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryCreationTemplate: "RepositoryCreationTemplate",
    },
  },
  DeleteRepositoryPolicyRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
    },
  },
  DeleteRepositoryPolicyResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      policyText: "RepositoryPolicyText",
    },
  },
  DeleteRepositoryRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      force: "ForceFlag",
    },
  },
  DeleteRepositoryResponse: {
    structure: {
      repository: "Repository",
    },
  },
  DeleteSigningConfigurationRequest: {
    structure: {},
  },
  DeleteSigningConfigurationResponse: {
    structure: {
      registryId: "RegistryId",
      signingConfiguration: "SigningConfiguration",
    },
  },
  DeregisterPullTimeUpdateExclusionRequest: {
    structure: {
      principalArn: "PrincipalArn!",
    },
  },
  DeregisterPullTimeUpdateExclusionResponse: {
    structure: {
      principalArn: "PrincipalArn",
    },
  },
  DescribeImageReplicationStatusRequest: {
    structure: {
      repositoryName: "RepositoryName!",
      imageId: "ImageIdentifier!",
      registryId: "RegistryId",
    },
  },
  DescribeImageReplicationStatusResponse: {
    structure: {
      repositoryName: "RepositoryName",
      imageId: "ImageIdentifier",
      replicationStatuses: "ImageReplicationStatusList",
    },
  },
  DescribeImageScanFindingsRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      imageId: "ImageIdentifier!",
      nextToken: "NextToken",
      maxResults: "MaxResults",
    },
  },
  DescribeImageScanFindingsResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      imageId: "ImageIdentifier",
      imageScanStatus: "ImageScanStatus",
      imageScanFindings: "ImageScanFindings",
      nextToken: "NextToken",
    },
  },
  DescribeImageSigningStatusRequest: {
    structure: {
      repositoryName: "RepositoryName!",
      imageId: "ImageIdentifier!",
      registryId: "RegistryId",
    },
  },
  DescribeImageSigningStatusResponse: {
    structure: {
      repositoryName: "RepositoryName",
      imageId: "ImageIdentifier",
      registryId: "RegistryId",
      signingStatuses: "ImageSigningStatusList",
    },
  },
  DescribeImagesRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      imageIds: "ImageIdentifierList",
      nextToken: "NextToken",
      maxResults: "MaxResults",
      filter: "DescribeImagesFilter",
    },
  },
  DescribeImagesResponse: {
    structure: {
      imageDetails: "ImageDetailList",
      nextToken: "NextToken",
    },
  },
  DescribePullThroughCacheRulesRequest: {
    structure: {
      registryId: "RegistryId",
      ecrRepositoryPrefixes: "PullThroughCacheRuleRepositoryPrefixList",
      nextToken: "NextToken",
      maxResults: "MaxResults",
    },
  },
  DescribePullThroughCacheRulesResponse: {
    structure: {
      pullThroughCacheRules: "PullThroughCacheRuleList",
      nextToken: "NextToken",
    },
  },
  DescribeRegistryRequest: {
    structure: {},
  },
  DescribeRegistryResponse: {
    structure: {
      registryId: "RegistryId",
      replicationConfiguration: "ReplicationConfiguration",
    },
  },
  DescribeReplicationBackfillResultsRequest: {
    structure: {
      replicationBackfillId: "ReplicationBackfillId!",
      registryId: "RegistryId",
      resultStatusFilter: "ReplicationBackfillResultStatus",
      maxResults: "MaxResults",
      nextToken: "NextToken",
    },
  },
  DescribeReplicationBackfillResultsResponse: {
    structure: {
      registryId: "RegistryId",
      replicationBackfillId: "ReplicationBackfillId",
      destination: "ReplicationDestination",
      status: "ReplicationBackfillStatus",
      failureCode: "ReplicationError",
      progress: "ReplicationBackfillProgress",
      results: "ReplicationBackfillResultList",
      startedAt: "ReplicationBackfillTimestamp",
      endedAt: "ReplicationBackfillTimestamp",
      nextToken: "NextToken",
    },
  },
  DescribeRepositoriesRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryNames: "RepositoryNameList",
      nextToken: "NextToken",
      maxResults: "MaxResults",
    },
  },
  DescribeRepositoriesResponse: {
    structure: {
      repositories: "RepositoryList",
      nextToken: "NextToken",
    },
  },
  DescribeRepositoryCreationTemplatesRequest: {
    structure: {
      prefixes: "PrefixList",
      nextToken: "NextToken",
      maxResults: "MaxResults",
    },
  },
  DescribeRepositoryCreationTemplatesResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryCreationTemplates: "RepositoryCreationTemplateList",
      nextToken: "NextToken",
    },
  },
  GetAccountSettingRequest: {
    structure: {
      name: "AccountSettingName!",
    },
  },
  GetAccountSettingResponse: {
    structure: {
      name: "AccountSettingName",
      value: "AccountSettingName",
    },
  },
  GetAuthorizationTokenRequest: {
    structure: {
      registryIds: "GetAuthorizationTokenRegistryIdList",
    },
  },
  GetAuthorizationTokenResponse: {
    structure: {
      authorizationData: "AuthorizationDataList",
    },
  },
  GetDownloadUrlForLayerRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      layerDigest: "LayerDigest!",
    },
  },
  GetDownloadUrlForLayerResponse: {
    structure: {
      downloadUrl: "Url",
      layerDigest: "LayerDigest",
    },
  },
  GetLifecyclePolicyPreviewRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      imageIds: "ImageIdentifierList",
      nextToken: "NextToken",
      maxResults: "LifecyclePreviewMaxResults",
      filter: "LifecyclePolicyPreviewFilter",
    },
  },
  GetLifecyclePolicyPreviewResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      lifecyclePolicyText: "LifecyclePolicyText",
      status: "LifecyclePolicyPreviewStatus",
      nextToken: "NextToken",
      previewResults: "LifecyclePolicyPreviewResultList",
      summary: "LifecyclePolicyPreviewSummary",
    },
  },
  GetLifecyclePolicyRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
    },
  },
  GetLifecyclePolicyResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      lifecyclePolicyText: "LifecyclePolicyText",
      lastEvaluatedAt: "EvaluationTimestamp",
    },
  },
  GetRegistryPolicyRequest: {
    structure: {},
  },
  GetRegistryPolicyResponse: {
    structure: {
      registryId: "RegistryId",
      policyText: "RegistryPolicyText",
    },
  },
  GetRegistryScanningConfigurationRequest: {
    structure: {},
  },
  GetRegistryScanningConfigurationResponse: {
    structure: {
      registryId: "RegistryId",
      scanningConfiguration: "RegistryScanningConfiguration",
    },
  },
  GetRepositoryPolicyRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
    },
  },
  GetRepositoryPolicyResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      policyText: "RepositoryPolicyText",
    },
  },
  GetSigningConfigurationRequest: {
    structure: {},
  },
  GetSigningConfigurationResponse: {
    structure: {
      registryId: "RegistryId",
      signingConfiguration: "SigningConfiguration",
    },
  },
  InitiateLayerUploadRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
    },
  },
  InitiateLayerUploadResponse: {
    structure: {
      uploadId: "UploadId",
      partSize: "PartSize",
    },
  },
  ListImageReferrersRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      subjectId: "SubjectIdentifier!",
      filter: "ListImageReferrersFilter",
      nextToken: "NextToken",
      maxResults: "FiftyMaxResults",
    },
  },
  ListImageReferrersResponse: {
    structure: {
      referrers: "ImageReferrerList",
      nextToken: "NextToken",
    },
  },
  ListImagesRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      nextToken: "NextToken",
      maxResults: "MaxResults",
      filter: "ListImagesFilter",
    },
  },
  ListImagesResponse: {
    structure: {
      imageIds: "ImageIdentifierList",
      nextToken: "NextToken",
    },
  },
  ListPullTimeUpdateExclusionsRequest: {
    structure: {
      maxResults: "MaxResults",
      nextToken: "NextToken",
    },
  },
  ListPullTimeUpdateExclusionsResponse: {
    structure: {
      pullTimeUpdateExclusions: "PullTimeUpdateExclusionList",
      nextToken: "NextToken",
    },
  },
  ListReplicationBackfillsRequest: {
    structure: {
      registryId: "RegistryId",
      maxResults: "ReplicationBackfillMaxResults",
      nextToken: "NextToken",
    },
  },
  ListReplicationBackfillsResponse: {
    structure: {
      registryId: "RegistryId",
      backfills: "ReplicationBackfillSummaryList",
      nextToken: "NextToken",
    },
  },
  ListTagsForResourceRequest: {
    structure: {
      resourceArn: "Arn!",
    },
  },
  ListTagsForResourceResponse: {
    structure: {
      tags: "TagList",
    },
  },
  PutAccountSettingRequest: {
    structure: {
      name: "AccountSettingName!",
      value: "AccountSettingValue!",
    },
  },
  PutAccountSettingResponse: {
    structure: {
      name: "AccountSettingName",
      value: "AccountSettingValue",
    },
  },
  PutImageRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      imageManifest: "ImageManifest!",
      imageManifestMediaType: "MediaType",
      imageTag: "ImageTag",
      imageDigest: "ImageDigest",
    },
  },
  PutImageResponse: {
    structure: {
      image: "Image",
    },
  },
  PutImageScanningConfigurationRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      imageScanningConfiguration: "ImageScanningConfiguration!",
    },
  },
  PutImageScanningConfigurationResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      imageScanningConfiguration: "ImageScanningConfiguration",
    },
  },
  PutImageTagMutabilityRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      imageTagMutability: "ImageTagMutability!",
      imageTagMutabilityExclusionFilters: "ImageTagMutabilityExclusionFilters",
    },
  },
  PutImageTagMutabilityResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      imageTagMutability: "ImageTagMutability",
      imageTagMutabilityExclusionFilters: "ImageTagMutabilityExclusionFilters",
    },
  },
  PutLifecyclePolicyRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      lifecyclePolicyText: "LifecyclePolicyText!",
    },
  },
  PutLifecyclePolicyResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      lifecyclePolicyText: "LifecyclePolicyText",
    },
  },
  PutRegistryPolicyRequest: {
    structure: {
      policyText: "RegistryPolicyText!",
    },
  },
  PutRegistryPolicyResponse: {
    structure: {
      registryId: "RegistryId",
      policyText: "RegistryPolicyText",
    },
  },
  PutRegistryScanningConfigurationRequest: {
    structure: {
      scanType: "ScanType",
      rules: "RegistryScanningRuleList",
    },
  },
  PutRegistryScanningConfigurationResponse: {
    structure: {
      registryScanningConfiguration: "RegistryScanningConfiguration",
    },
  },
  PutReplicationConfigurationRequest: {
    structure: {
      replicationConfiguration: "ReplicationConfiguration!",
    },
  },
  PutReplicationConfigurationResponse: {
    structure: {
      replicationConfiguration: "ReplicationConfiguration",
    },
  },
  PutSigningConfigurationRequest: {
    structure: {
      signingConfiguration: "SigningConfiguration!",
    },
  },
  PutSigningConfigurationResponse: {
    structure: {
      signingConfiguration: "SigningConfiguration",
    },
  },
  RegisterPullTimeUpdateExclusionRequest: {
    structure: {
      principalArn: "PrincipalArn!",
    },
  },
  RegisterPullTimeUpdateExclusionResponse: {
    structure: {
      principalArn: "PrincipalArn",
      createdAt: "CreationTimestamp",
    },
  },
  SetRepositoryPolicyRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      policyText: "RepositoryPolicyText!",
      force: "ForceFlag",
    },
  },
  SetRepositoryPolicyResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      policyText: "RepositoryPolicyText",
    },
  },
  StartImageScanRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      imageId: "ImageIdentifier!",
    },
  },
  StartImageScanResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      imageId: "ImageIdentifier",
      imageScanStatus: "ImageScanStatus",
    },
  },
  StartLifecyclePolicyPreviewRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      lifecyclePolicyText: "LifecyclePolicyText",
    },
  },
  StartLifecyclePolicyPreviewResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      lifecyclePolicyText: "LifecyclePolicyText",
      status: "LifecyclePolicyPreviewStatus",
    },
  },
  StartReplicationBackfillRequest: {
    structure: {
      destination: "ReplicationDestination!",
      registryId: "RegistryId",
    },
  },
  StartReplicationBackfillResponse: {
    structure: {
      replicationBackfillId: "ReplicationBackfillId",
      registryId: "RegistryId",
      destination: "ReplicationDestination",
      status: "ReplicationBackfillStatus",
      startedAt: "ReplicationBackfillTimestamp",
    },
  },
  StopReplicationBackfillRequest: {
    structure: {
      replicationBackfillId: "ReplicationBackfillId!",
      registryId: "RegistryId",
    },
  },
  StopReplicationBackfillResponse: {
    structure: {
      registryId: "RegistryId",
      replicationBackfillId: "ReplicationBackfillId",
      destination: "ReplicationDestination",
      status: "ReplicationBackfillStatus",
      startedAt: "ReplicationBackfillTimestamp",
    },
  },
  TagResourceRequest: {
    structure: {
      resourceArn: "Arn!",
      tags: "TagList!",
    },
  },
  TagResourceResponse: {
    structure: {},
  },
  UntagResourceRequest: {
    structure: {
      resourceArn: "Arn!",
      tagKeys: "TagKeyList!",
    },
  },
  UntagResourceResponse: {
    structure: {},
  },
  UpdateImageStorageClassRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      imageId: "ImageIdentifier!",
      targetStorageClass: "TargetStorageClass!",
    },
  },
  UpdateImageStorageClassResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      imageId: "ImageIdentifier",
      imageStatus: "ImageStatus",
    },
  },
  UpdatePullThroughCacheRuleRequest: {
    structure: {
      registryId: "RegistryId",
      ecrRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix!",
      credentialArn: "CredentialArn",
      customRoleArn: "CustomRoleArn",
    },
  },
  UpdatePullThroughCacheRuleResponse: {
    structure: {
      ecrRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
      registryId: "RegistryId",
      updatedAt: "UpdatedTimestamp",
      credentialArn: "CredentialArn",
      customRoleArn: "CustomRoleArn",
      upstreamRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
    },
  },
  UpdateRepositoryCreationTemplateRequest: {
    structure: {
      prefix: "Prefix!",
      description: "RepositoryTemplateDescription",
      encryptionConfiguration: "EncryptionConfigurationForRepositoryCreationTemplate",
      resourceTags: "TagList",
      imageTagMutability: "ImageTagMutability",
      imageTagMutabilityExclusionFilters: "ImageTagMutabilityExclusionFilters",
      repositoryPolicy: "RepositoryPolicyText",
      lifecyclePolicy: "LifecyclePolicyTextForRepositoryCreationTemplate",
      appliedFor: "RCTAppliedForList",
      customRoleArn: "CustomRoleArn",
    },
  },
  UpdateRepositoryCreationTemplateResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryCreationTemplate: "RepositoryCreationTemplate",
    },
  },
  UploadLayerPartRequest: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName!",
      uploadId: "UploadId!",
      partFirstByte: "PartSize!",
      partLastByte: "PartSize!",
      layerPartBlob: "LayerPartBlob!",
    },
  },
  UploadLayerPartResponse: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      uploadId: "UploadId",
      lastByteReceived: "PartSize",
    },
  },
  ValidatePullThroughCacheRuleRequest: {
    structure: {
      ecrRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix!",
      registryId: "RegistryId",
    },
  },
  ValidatePullThroughCacheRuleResponse: {
    structure: {
      ecrRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
      registryId: "RegistryId",
      upstreamRegistryUrl: "Url",
      credentialArn: "CredentialArn",
      customRoleArn: "CustomRoleArn",
      upstreamRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
      isValid: "IsPTCRuleValid",
      failure: "PTCValidateFailure",
    },
  },
};
