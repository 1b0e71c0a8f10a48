export {
  AccessUnderTest,
  APP,
  DENY_ALL,
  noIdentity,
  noResource,
  openAccessEach,
  OTHER,
  READ,
  request,
} from "./access-under-test.ts";
export { FakeClock } from "./clock.ts";
export { describe as describeBlob, testBlob, testImage, testIndex } from "./images.ts";
export type { TestBlob, TestDescriptor, TestManifest } from "./images.ts";
export { policyText, Population, rootOf } from "./population.ts";
export type { IdentityOptions, SessionOptions, TestStatement } from "./population.ts";
export { openTestRegistry, stream } from "./test-registry.ts";
export type { TestRegistry, TestRegistryOptions } from "./test-registry.ts";
export { blobStoreContract } from "./contracts/blob-store.ts";
export type { BlobStoreUnderTest } from "./contracts/blob-store.ts";
export { metadataContract } from "./contracts/metadata.ts";
export type { MetadataUnderTest } from "./contracts/metadata/under-test.ts";
