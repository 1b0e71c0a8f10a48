import type { Registry } from "@stowage/registry";
import type { Addresses } from "../auth/addresses.ts";
import type { Tokens } from "../auth/tokens.ts";
import { archive } from "./absent/archive.ts";
import { lifecycle } from "./absent/lifecycle.ts";
import { pullThrough } from "./absent/pull-through.ts";
import { pullTimeExclusions } from "./absent/pull-time-exclusions.ts";
import { replication } from "./absent/replication.ts";
import { scanning } from "./absent/scanning.ts";
import { signing } from "./absent/signing.ts";
import { templates } from "./absent/templates.ts";
import { batchDeleteImage } from "./images/batch-delete-image.ts";
import { batchGetImage } from "./images/batch-get-image.ts";
import { describeImages } from "./images/describe-images.ts";
import { listImageReferrers } from "./images/list-image-referrers.ts";
import { listImages } from "./images/list-images.ts";
import { putImage } from "./images/put-image.ts";
import { batchCheckLayerAvailability } from "./image-layers/batch-check-layer-availability.ts";
import { completeLayerUpload } from "./image-layers/complete-layer-upload.ts";
import { getDownloadUrlForLayer, type LayerUrls } from "./image-layers/get-download-url-for-layer.ts";
import { initiateLayerUpload } from "./image-layers/initiate-layer-upload.ts";
import { uploadLayerPart } from "./image-layers/upload-layer-part.ts";
import type { EcrOperations } from "./operation.ts";
import { deleteRegistryPolicy } from "./policies/delete-registry-policy.ts";
import { deleteRepositoryPolicy } from "./policies/delete-repository-policy.ts";
import { getRegistryPolicy } from "./policies/get-registry-policy.ts";
import { getRepositoryPolicy } from "./policies/get-repository-policy.ts";
import { putRegistryPolicy } from "./policies/put-registry-policy.ts";
import { setRepositoryPolicy } from "./policies/set-repository-policy.ts";
import { describeRegistry } from "./registry/describe-registry.ts";
import { getAccountSetting } from "./registry/get-account-setting.ts";
import { getAuthorizationToken } from "./registry/get-authorization-token.ts";
import { putAccountSetting } from "./registry/put-account-setting.ts";
import { createRepository } from "./repositories/create-repository.ts";
import { deleteRepository } from "./repositories/delete-repository.ts";
import { describeRepositories } from "./repositories/describe-repositories.ts";
import { listTagsForResource } from "./repositories/list-tags-for-resource.ts";
import { putImageScanningConfiguration } from "./repositories/put-image-scanning-configuration.ts";
import { putImageTagMutability } from "./repositories/put-image-tag-mutability.ts";
import { tagResource } from "./repositories/tag-resource.ts";
import { untagResource } from "./repositories/untag-resource.ts";

export interface OperationParts {
  readonly registry: Registry;
  readonly tokens: Tokens;
  readonly addresses: Addresses;
  readonly layerUrls: LayerUrls;
}

/** Every operation of the API. */
export function createOperations({ registry, tokens, addresses, layerUrls }: OperationParts): EcrOperations {
  const { repositories, images, layers, uploads, settings, policies, pageTokens } = registry;
  return {
    BatchCheckLayerAvailability: batchCheckLayerAvailability(layers),
    BatchDeleteImage: batchDeleteImage(images),
    BatchGetImage: batchGetImage(images),
    CompleteLayerUpload: completeLayerUpload(uploads),
    CreateRepository: createRepository(repositories, addresses),
    DeleteRegistryPolicy: deleteRegistryPolicy(policies),
    DeleteRepository: deleteRepository(repositories, addresses),
    DeleteRepositoryPolicy: deleteRepositoryPolicy(policies),
    DescribeImages: describeImages(images, pageTokens),
    DescribeRegistry: describeRegistry(),
    DescribeRepositories: describeRepositories({ repositories, pageTokens, addresses }),
    GetAccountSetting: getAccountSetting(settings),
    GetAuthorizationToken: getAuthorizationToken(tokens, addresses),
    GetDownloadUrlForLayer: getDownloadUrlForLayer(layers, addresses, layerUrls),
    GetRegistryPolicy: getRegistryPolicy(policies),
    GetRepositoryPolicy: getRepositoryPolicy(policies),
    InitiateLayerUpload: initiateLayerUpload(uploads),
    ListImageReferrers: listImageReferrers(images, pageTokens),
    ListImages: listImages(images, pageTokens),
    ListTagsForResource: listTagsForResource(repositories),
    PutAccountSetting: putAccountSetting(settings),
    PutImage: putImage(images),
    PutImageScanningConfiguration: putImageScanningConfiguration(repositories),
    PutImageTagMutability: putImageTagMutability(repositories),
    PutRegistryPolicy: putRegistryPolicy(policies),
    SetRepositoryPolicy: setRepositoryPolicy(policies),
    TagResource: tagResource(repositories),
    UntagResource: untagResource(repositories),
    UploadLayerPart: uploadLayerPart(uploads),
    ...archive(registry),
    ...lifecycle(registry),
    ...pullThrough(registry),
    ...pullTimeExclusions(registry),
    ...replication(registry),
    ...scanning(registry),
    ...signing(registry),
    ...templates(registry),
  } satisfies EcrOperations;
}
