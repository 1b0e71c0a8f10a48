/** What a member means in one structure, by `Structure.member`, where the sentence of its shape is not enough; `*Request.member` is for all requests. */
export const members: Readonly<Record<string, string>> = {
  "*Request.registryId": "Account that the registry belongs to, 12 digits; the caller's own when absent.",
  "AwsEcrContainerImageDetails.architecture": "Processor architecture of the image.",
  "AwsEcrContainerImageDetails.author": "Author of the image, from its config.",
  "AwsEcrContainerImageDetails.lastInUseAt": "When a running container last used the image.",
  "AwsEcrContainerImageDetails.pushedAt": "When the image was pushed.",
  "BatchCheckLayerAvailabilityResponse.failures": "Digests that are missing or malformed.",
  "BatchDeleteImageRequest.imageIds": "Images to delete by digest, or tags to take away.",
  "BatchDeleteImageResponse.imageIds":
    "What was deleted: one entry per tag taken away and one for an image without tags.",
  "BatchGetImageRequest.acceptedMediaTypes":
    "Media types of manifests that the caller reads; they matter only for images asked for by tag.",
  "BatchGetImageRequest.imageIds": "Images to get, by digest, tag, or both.",
  "CreatePullThroughCacheRuleRequest.customRoleArn":
    "ARN of the role with which an upstream registry of another account is read.",
  "CreatePullThroughCacheRuleRequest.upstreamRegistryUrl":
    "Address of the upstream registry, such as `registry-1.docker.io`.",
  "CreatePullThroughCacheRuleRequest.upstreamRepositoryPrefix":
    "Beginning of repository names upstream that takes the place of the own prefix; `ROOT` for none.",
  "CreatePullThroughCacheRuleResponse.createdAt": "When the rule was created.",
  "CreatePullThroughCacheRuleResponse.customRoleArn":
    "ARN of the role with which an upstream registry of another account is read.",
  "CreatePullThroughCacheRuleResponse.upstreamRegistryUrl":
    "Address of the upstream registry, such as `registry-1.docker.io`.",
  "CreatePullThroughCacheRuleResponse.upstreamRepositoryPrefix":
    "Beginning of repository names upstream that takes the place of the own prefix; `ROOT` for none.",
  "CreateRepositoryCreationTemplateRequest.customRoleArn":
    "ARN of the role that creates the repositories; needed for tags and KMS keys.",
  "CreateRepositoryCreationTemplateRequest.imageTagMutability":
    "Whether tags of new repositories may be moved; MUTABLE when absent.",
  "CreateRepositoryCreationTemplateRequest.repositoryPolicy":
    "Permissions policy of new repositories as JSON text; an empty text in an update removes it.",
  "CreateRepositoryCreationTemplateRequest.resourceTags": "Labels of new repositories.",
  "CreateRepositoryRequest.imageTagMutability": "Whether tags may be moved to another image; MUTABLE when absent.",
  "CreateRepositoryRequest.tags": "Labels to give the repository, at most 50.",
  "CvssScore.source": "Who made the rating.",
  "CvssScore.version": "Version of CVSS.",
  "CvssScoreDetails.score": "CVSS base score, 0 to 10.",
  "CvssScoreDetails.scoreSource": "Who made the rating.",
  "CvssScoreDetails.version": "Version of CVSS.",
  "DeletePullThroughCacheRuleResponse.createdAt": "When the rule was created.",
  "DeletePullThroughCacheRuleResponse.customRoleArn":
    "ARN of the role with which an upstream registry of another account is read.",
  "DeletePullThroughCacheRuleResponse.upstreamRegistryUrl":
    "Address of the upstream registry, such as `registry-1.docker.io`.",
  "DeletePullThroughCacheRuleResponse.upstreamRepositoryPrefix":
    "Beginning of repository names upstream that takes the place of the own prefix; `ROOT` for none.",
  "DeleteRepositoryRequest.force": "Whether to delete the repository together with its images; false when absent.",
  "DescribeImageScanFindingsRequest.maxResults": "Most findings of a page; 100 when absent.",
  "DescribeImagesRequest.imageIds": "Images to tell of, by digest, tag, or both; excludes paging. All when absent.",
  "DescribeImagesRequest.maxResults": "Most images of a page; 100 when absent. Not together with imageIds.",
  "DescribeReplicationBackfillResultsRequest.resultStatusFilter": "Only images with this result; all when absent.",
  "DescribeReplicationBackfillResultsResponse.endedAt": "When the backfill ended; absent while it runs.",
  "DescribeReplicationBackfillResultsResponse.failureCode": "Why the backfill failed as a whole.",
  "DescribeReplicationBackfillResultsResponse.startedAt": "When the backfill was started.",
  "DescribeRepositoriesRequest.maxResults":
    "Most repositories of a page; 100 when absent. Not together with repositoryNames.",
  "EnhancedImageScanFinding.awsAccountId": "Account that the image belongs to, 12 digits.",
  "EnhancedImageScanFinding.firstObservedAt": "When the finding was first made.",
  "EnhancedImageScanFinding.lastObservedAt": "When the finding was last made.",
  "EnhancedImageScanFinding.severity": "Severity of the finding.",
  "EnhancedImageScanFinding.type": "Type of the finding, such as `PACKAGE_VULNERABILITY`.",
  "EnhancedImageScanFinding.updatedAt": "When the finding last changed.",
  "GetAccountSettingResponse.value": "Value of the setting.",
  "GetDownloadUrlForLayerResponse.downloadUrl": "Address of the layer; takes no further credentials and serves ranges.",
  "GetLifecyclePolicyPreviewRequest.imageIds":
    "Images to tell of, by digest, tag, or both; excludes paging. All when absent.",
  "Image.imageManifestMediaType": "Media type of the manifest.",
  "ImageDetail.artifactMediaType": "Media type of the image's config; absent for an index.",
  "ImageDetail.imageManifestMediaType": "Media type of the manifest.",
  "ImageDetail.imageSizeInBytes":
    "Size of config and layers as stored; for an index that of its largest image. In bytes.",
  "ImageDetail.subjectManifestDigest": "Digest of the manifest that this artifact refers to.",
  "ImageReferrer.digest": "Digest of the artifact's manifest.",
  "ImageReferrer.mediaType": "Media type of the artifact's manifest.",
  "ImageReferrer.size": "Size of the artifact's manifest in bytes.",
  "ImageReplicationStatus.failureCode": "Why the image was not replicated.",
  "ImageReplicationStatus.region": "Region of the destination.",
  "ImageReplicationStatus.registryId": "Account of the destination, 12 digits.",
  "ImageScanFinding.uri": "Page about the vulnerability.",
  "InitiateLayerUploadResponse.partSize": "Advised size of a part in bytes.",
  "InvalidLayerPartException.lastValidByteReceived": "Position of the last byte that the upload holds, from 0.",
  "KmsException.kmsError": "Code of the key service's error.",
  "Layer.mediaType": "Media type of the layer as the caller will see it.",
  "LifecyclePolicyPreviewSummary.expiringImageTotalCount": "How many images would be deleted.",
  "ListImagesResponse.imageIds": "The images, one entry per tag and one for each untagged image.",
  "ListTagsForResourceResponse.tags": "Labels of the repository.",
  "PackageVulnerabilityDetails.sourceUrl": "Page of the vulnerability's publisher about it.",
  "PackageVulnerabilityDetails.vendorCreatedAt": "When the vulnerability was published.",
  "PackageVulnerabilityDetails.vendorSeverity": "Severity as its publisher sees it.",
  "PackageVulnerabilityDetails.vendorUpdatedAt": "When the publisher last changed the entry.",
  "PullThroughCacheRule.createdAt": "When the rule was created.",
  "PullThroughCacheRule.customRoleArn": "ARN of the role with which an upstream registry of another account is read.",
  "PullThroughCacheRule.updatedAt": "When the rule last changed.",
  "PullThroughCacheRule.upstreamRegistryUrl": "Address of the upstream registry, such as `registry-1.docker.io`.",
  "PullThroughCacheRule.upstreamRepositoryPrefix":
    "Beginning of repository names upstream that takes the place of the own prefix; `ROOT` for none.",
  "PutAccountSettingResponse.value": "Value of the setting.",
  "PutImageRequest.imageDigest": "Digest that the manifest must have; not checked when absent.",
  "PutImageRequest.imageManifest": "The manifest's JSON, stored byte for byte.",
  "PutImageRequest.imageManifestMediaType": "Media type of the manifest; needed when the manifest does not say it.",
  "PutImageRequest.imageTag": "Tag to point to the image; none when absent.",
  "Recommendation.url": "Page with more about it.",
  "RegisterPullTimeUpdateExclusionResponse.createdAt": "When the exclusion was registered.",
  "ReplicationBackfillProgress.completedReplicationCount": "Images copied so far.",
  "ReplicationBackfillProgress.failedReplicationCount": "Images that could not be copied so far.",
  "ReplicationBackfillProgress.failureCodes": "Codes of what went wrong, each once.",
  "ReplicationBackfillProgress.totalReplicationCount": "Images to copy in all.",
  "ReplicationBackfillResult.failureCode": "Why the image was not copied.",
  "ReplicationBackfillResult.subImageFailureCodes": "Why children of the index were not copied.",
  "ReplicationBackfillSummary.endedAt": "When the backfill ended; absent while it runs.",
  "ReplicationBackfillSummary.failureCode": "Why the backfill failed as a whole.",
  "ReplicationBackfillSummary.startedAt": "When the backfill was started.",
  "ReplicationDestination.registryId": "Account of the registry, 12 digits.",
  "Repository.createdAt": "When the repository was created.",
  "Repository.repositoryArn": "ARN of the repository: `arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME`.",
  "Repository.repositoryUri": "What to push to and pull from, without a scheme: host and repository name.",
  "RepositoryCreationTemplate.createdAt": "When the template was created.",
  "RepositoryCreationTemplate.customRoleArn":
    "ARN of the role that creates the repositories; needed for tags and KMS keys.",
  "RepositoryCreationTemplate.imageTagMutability":
    "Whether tags of new repositories may be moved; MUTABLE when absent.",
  "RepositoryCreationTemplate.repositoryPolicy":
    "Permissions policy of new repositories as JSON text; an empty text in an update removes it.",
  "RepositoryCreationTemplate.resourceTags": "Labels of new repositories.",
  "RepositoryCreationTemplate.updatedAt": "When the template last changed.",
  "RepositoryScanningConfiguration.appliedScanFilters": "The filters that made the rule apply; empty when none did.",
  "RepositoryScanningConfiguration.scanOnPush": "The repository's own setting, whatever the rules say.",
  "Resource.type": "Type of the resource, such as `AWS_ECR_CONTAINER_IMAGE`.",
  "SetRepositoryPolicyRequest.force":
    "Whether to store a policy that keeps its author from changing it; false when absent.",
  "StartImageScanResponse.imageId": "The image as it was asked for.",
  "StartLifecyclePolicyPreviewRequest.lifecyclePolicyText":
    "Policy to preview as JSON text; the stored one when absent.",
  "StartReplicationBackfillResponse.startedAt": "When the backfill was started.",
  "StopReplicationBackfillResponse.startedAt": "When the backfill was started.",
  "SubjectIdentifier.imageDigest": "Digest of the subject's manifest; it need not exist.",
  "TransitioningImageTotalCount.imageTotalCount": "How many images would be moved.",
  "UpdatePullThroughCacheRuleRequest.customRoleArn":
    "ARN of the role with which an upstream registry of another account is read.",
  "UpdatePullThroughCacheRuleResponse.customRoleArn":
    "ARN of the role with which an upstream registry of another account is read.",
  "UpdatePullThroughCacheRuleResponse.updatedAt": "When the rule last changed.",
  "UpdatePullThroughCacheRuleResponse.upstreamRepositoryPrefix":
    "Beginning of repository names upstream that takes the place of the own prefix; `ROOT` for none.",
  "UpdateRepositoryCreationTemplateRequest.customRoleArn":
    "ARN of the role that creates the repositories; needed for tags and KMS keys.",
  "UpdateRepositoryCreationTemplateRequest.imageTagMutability":
    "Whether tags of new repositories may be moved; MUTABLE when absent.",
  "UpdateRepositoryCreationTemplateRequest.repositoryPolicy":
    "Permissions policy of new repositories as JSON text; an empty text in an update removes it.",
  "UpdateRepositoryCreationTemplateRequest.resourceTags": "Labels of new repositories.",
  "UploadLayerPartRequest.partFirstByte": "Position of the part's first byte in the layer, from 0.",
  "UploadLayerPartRequest.partLastByte": "Position of the part's last byte in the layer, from 0, inclusive.",
  "UploadLayerPartResponse.lastByteReceived": "Position of the last byte that the upload holds, from 0.",
  "ValidatePullThroughCacheRuleResponse.customRoleArn":
    "ARN of the role with which an upstream registry of another account is read.",
  "ValidatePullThroughCacheRuleResponse.upstreamRegistryUrl":
    "Address of the upstream registry, such as `registry-1.docker.io`.",
  "ValidatePullThroughCacheRuleResponse.upstreamRepositoryPrefix":
    "Beginning of repository names upstream that takes the place of the own prefix; `ROOT` for none.",
  "VulnerablePackage.arch": "Processor architecture of the package.",
  "VulnerablePackage.version": "Version of the package.",
};
