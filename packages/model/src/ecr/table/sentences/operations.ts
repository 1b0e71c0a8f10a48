/** What each operation does, in one sentence or two. */
export const operations: Readonly<Record<string, string>> = {
  BatchCheckLayerAvailability:
    "Tells for each layer digest whether the repository holds the blob, so that a push can skip what is there.",
  BatchDeleteImage:
    "Deletes images by digest or takes tags away; an image goes with its last tag. What could not be deleted is told per image.",
  BatchGetImage: "Returns the manifests of images named by tag or digest, byte for byte as they were pushed.",
  BatchGetRepositoryScanningConfiguration:
    "Tells which scanning rule of the registry applies to each named repository.",
  CompleteLayerUpload: "Ends an upload: the parts become one layer when they hash to the given digest.",
  CreatePullThroughCacheRule:
    "Makes the registry fetch and keep images of an upstream registry under a prefix of repository names.",
  CreateRepository: "Creates an empty repository with its settings and tags.",
  CreateRepositoryCreationTemplate:
    "Stores the settings that repositories get which the registry creates by itself under a prefix.",
  DeleteLifecyclePolicy: "Removes the lifecycle policy of a repository and returns it.",
  DeletePullThroughCacheRule: "Removes a pull-through cache rule; images fetched by it stay.",
  DeleteRegistryPolicy: "Removes the permissions policy of the registry and returns it.",
  DeleteRepository: "Deletes a repository; one that holds images only with `force`.",
  DeleteRepositoryCreationTemplate: "Removes a creation template; repositories made from it stay as they are.",
  DeleteRepositoryPolicy: "Removes the permissions policy of a repository and returns it.",
  DeleteSigningConfiguration: "Removes the registry's signing rules; images pushed from then on are not signed.",
  DeregisterPullTimeUpdateExclusion: "Lets pulls of a principal move the recorded pull time of images again.",
  DescribeImageReplicationStatus: "Tells for each destination how far the replication of one image is.",
  DescribeImageScanFindings: "Returns what the scan of an image found, page by page.",
  DescribeImageSigningStatus: "Tells for each matching signing rule how far the signing of an image is.",
  DescribeImages: "Describes images of a repository, one entry per manifest with all its tags.",
  DescribePullThroughCacheRules: "Lists the pull-through cache rules of a registry, all or by prefix.",
  DescribeRegistry: "Returns the registry's id and its replication rules.",
  DescribeReplicationBackfillResults:
    "Shows how a replication backfill goes and what became of each image, page by page.",
  DescribeRepositories: "Describes repositories, all of a registry or those named.",
  DescribeRepositoryCreationTemplates: "Lists the creation templates of the registry, all or by prefix.",
  GetAccountSetting: "Returns the value of one setting of the registry, the default when it was never put.",
  GetAuthorizationToken: "Issues a token, valid for 12 hours, that serves as password for the registry's host.",
  GetDownloadUrlForLayer:
    "Returns a short-lived address from which a layer can be downloaded without further credentials.",
  GetLifecyclePolicy: "Returns the lifecycle policy of a repository.",
  GetLifecyclePolicyPreview: "Returns what the last previewed lifecycle policy would do, image by image.",
  GetRegistryPolicy: "Returns the permissions policy of the registry.",
  GetRegistryScanningConfiguration: "Returns the kind of scanning and the scanning rules of the registry.",
  GetRepositoryPolicy: "Returns the permissions policy of a repository.",
  GetSigningConfiguration: "Returns the signing rules of the registry.",
  InitiateLayerUpload: "Opens an upload of one layer and returns its id; the parts follow with UploadLayerPart.",
  ListImageReferrers:
    "Lists the artifacts of a repository, such as signatures and SBOMs, whose subject is a given manifest.",
  ListImages: "Lists the images of a repository, one entry per tag and one for each untagged image.",
  ListPullTimeUpdateExclusions: "Lists the principals whose pulls leave the recorded pull time of images alone.",
  ListReplicationBackfills: "Lists the replication backfills of a registry, page by page.",
  ListTagsForResource: "Lists the tags of a repository.",
  PutAccountSetting: "Changes one setting of the registry.",
  PutImage: "Stores a manifest whose layers, or child manifests, the repository holds, and points a tag to it.",
  PutImageScanningConfiguration:
    "Sets whether a repository's images are scanned when pushed; the registry's scanning rules come first.",
  PutImageTagMutability: "Sets whether tags of a repository may be moved, with exceptions by name.",
  PutLifecyclePolicy: "Stores the lifecycle policy of a repository in place of an earlier one.",
  PutRegistryPolicy: "Stores the permissions policy of the registry in place of an earlier one.",
  PutRegistryScanningConfiguration:
    "Sets the kind of scanning and the scanning rules of the registry in place of the earlier ones.",
  PutReplicationConfiguration:
    "Sets the replication rules of the registry in place of the earlier ones; no rules turn replication off.",
  PutSigningConfiguration: "Sets the signing rules of the registry in place of the earlier ones.",
  RegisterPullTimeUpdateExclusion: "Makes pulls of a principal leave the recorded pull time of images alone.",
  SetRepositoryPolicy: "Stores the permissions policy of a repository in place of an earlier one.",
  StartImageScan: "Starts a scan of one image; an image is scanned at most once in 24 hours.",
  StartLifecyclePolicyPreview: "Starts to work out what a lifecycle policy would do, without doing it.",
  StartReplicationBackfill:
    "Starts to replicate the images that were pushed before their replication rule existed to one destination.",
  StopReplicationBackfill: "Stops a running replication backfill; what was replicated stays.",
  TagResource: "Adds tags to a repository; an equal key takes the new value.",
  UntagResource: "Removes tags from a repository; unknown keys are ignored.",
  UpdateImageStorageClass: "Moves an image to the archive or restores it.",
  UpdatePullThroughCacheRule: "Changes the credentials of a pull-through cache rule.",
  UpdateRepositoryCreationTemplate: "Changes a creation template; members that are not given keep their values.",
  UploadLayerPart: "Appends one part to an open upload; parts come in order and without gaps.",
  ValidatePullThroughCacheRule: "Checks whether the registry reaches the upstream of a rule with its credentials.",
};
