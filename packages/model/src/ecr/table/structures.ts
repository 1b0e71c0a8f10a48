import type { Shape } from "../../table/table.ts";

/** Structures that requests and responses are built of. A `!` marks a member that must be given. */
export const structures: Readonly<Record<string, Shape>> = {
  Attribute: {
    structure: {
      key: "AttributeKey!",
      value: "AttributeValue",
    },
  },
  AuthorizationData: {
    structure: {
      authorizationToken: "Base64",
      expiresAt: "ExpirationTimestamp",
      proxyEndpoint: "ProxyEndpoint",
    },
  },
  AwsEcrContainerImageDetails: {
    structure: {
      architecture: "Arch",
      author: "Author",
      imageHash: "ImageDigest",
      imageTags: "ImageTagsList",
      platform: "Platform",
      pushedAt: "Date",
      lastInUseAt: "Date",
      inUseCount: "InUseCount",
      registry: "RegistryId",
      repositoryName: "RepositoryName",
    },
  },
  CvssScore: {
    structure: {
      baseScore: "BaseScore",
      scoringVector: "ScoringVector",
      source: "Source",
      version: "Version",
    },
  },
  CvssScoreAdjustment: {
    structure: {
      metric: "Metric",
      reason: "Reason",
    },
  },
  CvssScoreDetails: {
    structure: {
      adjustments: "CvssScoreAdjustmentList",
      score: "Score",
      scoreSource: "Source",
      scoringVector: "ScoringVector",
      version: "Version",
    },
  },
  DescribeImagesFilter: {
    structure: {
      tagStatus: "TagStatus",
      imageStatus: "ImageStatusFilter",
    },
  },
  EncryptionConfiguration: {
    structure: {
      encryptionType: "EncryptionType!",
      kmsKey: "KmsKey",
    },
  },
  EncryptionConfigurationForRepositoryCreationTemplate: {
    structure: {
      encryptionType: "EncryptionType!",
      kmsKey: "KmsKeyForRepositoryCreationTemplate",
    },
  },
  EnhancedImageScanFinding: {
    structure: {
      awsAccountId: "RegistryId",
      description: "FindingDescription",
      findingArn: "FindingArn",
      firstObservedAt: "Date",
      lastObservedAt: "Date",
      packageVulnerabilityDetails: "PackageVulnerabilityDetails",
      remediation: "Remediation",
      resources: "ResourceList",
      score: "Score",
      scoreDetails: "ScoreDetails",
      severity: "Severity",
      status: "Status",
      title: "Title",
      type: "Type",
      updatedAt: "Date",
      fixAvailable: "FixAvailable",
      exploitAvailable: "ExploitAvailable",
    },
  },
  Image: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      imageId: "ImageIdentifier",
      imageManifest: "ImageManifest",
      imageManifestMediaType: "MediaType",
    },
  },
  ImageDetail: {
    structure: {
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      imageDigest: "ImageDigest",
      imageTags: "ImageTagList",
      imageSizeInBytes: "ImageSizeInBytes",
      imagePushedAt: "PushTimestamp",
      imageScanStatus: "ImageScanStatus",
      imageScanFindingsSummary: "ImageScanFindingsSummary",
      imageManifestMediaType: "MediaType",
      artifactMediaType: "MediaType",
      lastRecordedPullTime: "RecordedPullTimestamp",
      subjectManifestDigest: "ImageDigest",
      imageStatus: "ImageStatus",
      lastArchivedAt: "LastArchivedAtTimestamp",
      lastActivatedAt: "LastActivatedAtTimestamp",
    },
  },
  ImageFailure: {
    structure: {
      imageId: "ImageIdentifier",
      failureCode: "ImageFailureCode",
      failureReason: "ImageFailureReason",
    },
  },
  ImageIdentifier: {
    structure: {
      imageDigest: "ImageDigest",
      imageTag: "ImageTag",
    },
  },
  ImageReferrer: {
    structure: {
      digest: "ImageDigest!",
      mediaType: "MediaType!",
      artifactType: "ArtifactType",
      size: "ImageSizeInBytes!",
      annotations: "Annotations",
      artifactStatus: "ArtifactStatus",
    },
  },
  ImageReplicationStatus: {
    structure: {
      region: "Region",
      registryId: "RegistryId",
      status: "ReplicationStatus",
      failureCode: "ReplicationError",
    },
  },
  ImageScanFinding: {
    structure: {
      name: "FindingName",
      description: "FindingDescription",
      uri: "Url",
      severity: "FindingSeverity",
      attributes: "AttributeList",
    },
  },
  ImageScanFindings: {
    structure: {
      imageScanCompletedAt: "ScanTimestamp",
      vulnerabilitySourceUpdatedAt: "VulnerabilitySourceUpdateTimestamp",
      findingSeverityCounts: "FindingSeverityCounts",
      findings: "ImageScanFindingList",
      enhancedFindings: "EnhancedImageScanFindingList",
    },
  },
  ImageScanFindingsSummary: {
    structure: {
      imageScanCompletedAt: "ScanTimestamp",
      vulnerabilitySourceUpdatedAt: "VulnerabilitySourceUpdateTimestamp",
      findingSeverityCounts: "FindingSeverityCounts",
    },
  },
  ImageScanStatus: {
    structure: {
      status: "ScanStatus",
      description: "ScanStatusDescription",
    },
  },
  ImageScanningConfiguration: {
    structure: {
      scanOnPush: "ScanOnPushFlag",
    },
  },
  ImageSigningStatus: {
    structure: {
      signingProfileArn: "SigningProfileArn",
      failureCode: "SigningStatusFailureCode",
      failureReason: "SigningStatusFailureReason",
      status: "SigningStatus",
    },
  },
  ImageTagMutabilityExclusionFilter: {
    structure: {
      filterType: "ImageTagMutabilityExclusionFilterType!",
      filter: "ImageTagMutabilityExclusionFilterValue!",
    },
  },
  Layer: {
    structure: {
      layerDigest: "LayerDigest",
      layerAvailability: "LayerAvailability",
      layerSize: "LayerSizeInBytes",
      mediaType: "MediaType",
    },
  },
  LayerFailure: {
    structure: {
      layerDigest: "BatchedOperationLayerDigest",
      failureCode: "LayerFailureCode",
      failureReason: "LayerFailureReason",
    },
  },
  LifecyclePolicyPreviewFilter: {
    structure: {
      tagStatus: "TagStatus",
    },
  },
  LifecyclePolicyPreviewResult: {
    structure: {
      imageTags: "ImageTagList",
      imageDigest: "ImageDigest",
      imagePushedAt: "PushTimestamp",
      action: "LifecyclePolicyRuleAction",
      appliedRulePriority: "LifecyclePolicyRulePriority",
      storageClass: "LifecyclePolicyStorageClass",
    },
  },
  LifecyclePolicyPreviewSummary: {
    structure: {
      expiringImageTotalCount: "ImageCount",
      transitioningImageTotalCounts: "TransitioningImageTotalCounts",
    },
  },
  LifecyclePolicyRuleAction: {
    structure: {
      type: "ImageActionType",
      targetStorageClass: "LifecyclePolicyTargetStorageClass",
    },
  },
  ListImageReferrersFilter: {
    structure: {
      artifactTypes: "ArtifactTypeList",
      artifactStatus: "ArtifactStatusFilter",
    },
  },
  ListImagesFilter: {
    structure: {
      tagStatus: "TagStatus",
      imageStatus: "ImageStatusFilter",
    },
  },
  PackageVulnerabilityDetails: {
    structure: {
      cvss: "CvssScoreList",
      referenceUrls: "ReferenceUrlsList",
      relatedVulnerabilities: "RelatedVulnerabilitiesList",
      source: "Source",
      sourceUrl: "Url",
      vendorCreatedAt: "Date",
      vendorSeverity: "Severity",
      vendorUpdatedAt: "Date",
      vulnerabilityId: "VulnerabilityId",
      vulnerablePackages: "VulnerablePackagesList",
    },
  },
  PullThroughCacheRule: {
    structure: {
      ecrRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
      upstreamRegistryUrl: "Url",
      createdAt: "CreationTimestamp",
      registryId: "RegistryId",
      credentialArn: "CredentialArn",
      customRoleArn: "CustomRoleArn",
      upstreamRepositoryPrefix: "PullThroughCacheRuleRepositoryPrefix",
      upstreamRegistry: "UpstreamRegistry",
      updatedAt: "UpdatedTimestamp",
    },
  },
  Recommendation: {
    structure: {
      url: "Url",
      text: "RecommendationText",
    },
  },
  RegistryScanningConfiguration: {
    structure: {
      scanType: "ScanType",
      rules: "RegistryScanningRuleList",
    },
  },
  RegistryScanningRule: {
    structure: {
      scanFrequency: "ScanFrequency!",
      repositoryFilters: "ScanningRepositoryFilterList!",
    },
  },
  Remediation: {
    structure: {
      recommendation: "Recommendation",
    },
  },
  ReplicationBackfillProgress: {
    structure: {
      totalReplicationCount: "ReplicationBackfillCount!",
      completedReplicationCount: "ReplicationBackfillCount!",
      failedReplicationCount: "ReplicationBackfillCount!",
      failureCodes: "ReplicationErrorList!",
    },
  },
  ReplicationBackfillResult: {
    structure: {
      repositoryName: "RepositoryName!",
      imageId: "ImageIdentifier!",
      status: "ReplicationBackfillResultStatus!",
      failureCode: "ReplicationError",
      subImageFailureCodes: "ReplicationErrorList",
    },
  },
  ReplicationBackfillSummary: {
    structure: {
      replicationBackfillId: "ReplicationBackfillId!",
      destination: "ReplicationDestination!",
      status: "ReplicationBackfillStatus!",
      startedAt: "ReplicationBackfillTimestamp!",
      failureCode: "ReplicationError",
      progress: "ReplicationBackfillProgress",
      endedAt: "ReplicationBackfillTimestamp",
    },
  },
  ReplicationConfiguration: {
    structure: {
      rules: "ReplicationRuleList!",
    },
  },
  ReplicationDestination: {
    structure: {
      region: "Region!",
      registryId: "RegistryId!",
    },
  },
  ReplicationRule: {
    structure: {
      destinations: "ReplicationDestinationList!",
      repositoryFilters: "RepositoryFilterList",
    },
  },
  Repository: {
    structure: {
      repositoryArn: "Arn",
      registryId: "RegistryId",
      repositoryName: "RepositoryName",
      repositoryUri: "Url",
      createdAt: "CreationTimestamp",
      imageTagMutability: "ImageTagMutability",
      imageTagMutabilityExclusionFilters: "ImageTagMutabilityExclusionFilters",
      imageScanningConfiguration: "ImageScanningConfiguration",
      encryptionConfiguration: "EncryptionConfiguration",
    },
  },
  RepositoryCreationTemplate: {
    structure: {
      prefix: "Prefix",
      description: "RepositoryTemplateDescription",
      encryptionConfiguration: "EncryptionConfigurationForRepositoryCreationTemplate",
      resourceTags: "TagList",
      imageTagMutability: "ImageTagMutability",
      imageTagMutabilityExclusionFilters: "ImageTagMutabilityExclusionFilters",
      repositoryPolicy: "RepositoryPolicyText",
      lifecyclePolicy: "LifecyclePolicyTextForRepositoryCreationTemplate",
      appliedFor: "RCTAppliedForList",
      customRoleArn: "CustomRoleArn",
      createdAt: "Date",
      updatedAt: "Date",
    },
  },
  RepositoryFilter: {
    structure: {
      filter: "RepositoryFilterValue!",
      filterType: "RepositoryFilterType!",
    },
  },
  RepositoryScanningConfiguration: {
    structure: {
      repositoryArn: "Arn",
      repositoryName: "RepositoryName",
      scanOnPush: "ScanOnPushFlag",
      scanFrequency: "ScanFrequency",
      appliedScanFilters: "ScanningRepositoryFilterList",
    },
  },
  RepositoryScanningConfigurationFailure: {
    structure: {
      repositoryName: "RepositoryName",
      failureCode: "ScanningConfigurationFailureCode",
      failureReason: "ScanningConfigurationFailureReason",
    },
  },
  Resource: {
    structure: {
      details: "ResourceDetails",
      id: "ResourceId",
      tags: "Tags",
      type: "Type",
    },
  },
  ResourceDetails: {
    structure: {
      awsEcrContainerImage: "AwsEcrContainerImageDetails",
    },
  },
  ScanningRepositoryFilter: {
    structure: {
      filter: "ScanningRepositoryFilterValue!",
      filterType: "ScanningRepositoryFilterType!",
    },
  },
  ScoreDetails: {
    structure: {
      cvss: "CvssScoreDetails",
    },
  },
  SigningConfiguration: {
    structure: {
      rules: "SigningRuleList!",
    },
  },
  SigningRepositoryFilter: {
    structure: {
      filter: "SigningRepositoryFilterValue!",
      filterType: "SigningRepositoryFilterType!",
    },
  },
  SigningRule: {
    structure: {
      signingProfileArn: "SigningProfileArn!",
      repositoryFilters: "SigningRepositoryFilterList",
    },
  },
  SubjectIdentifier: {
    structure: {
      imageDigest: "ImageDigest!",
    },
  },
  Tag: {
    structure: {
      Key: "TagKey!",
      Value: "TagValue!",
    },
  },
  TransitioningImageTotalCount: {
    structure: {
      targetStorageClass: "LifecyclePolicyTargetStorageClass",
      imageTotalCount: "ImageCount",
    },
  },
  VulnerablePackage: {
    structure: {
      arch: "Arch",
      epoch: "Epoch",
      filePath: "FilePath",
      name: "VulnerablePackageName",
      packageManager: "PackageManager",
      release: "Release",
      sourceLayerHash: "SourceLayerHash",
      version: "Version",
      fixedInVersion: "FixedInVersion",
    },
  },
};
