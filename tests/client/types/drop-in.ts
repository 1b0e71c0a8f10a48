import type {
  DescribeImagesCommandOutput,
  ECRClientConfig,
  GetAuthorizationTokenCommandOutput,
  ImageIdentifier as TheirImageIdentifier,
} from "@aws-sdk/client-ecr";
import type {
  CredentialProvider,
  DescribeImagesResponse,
  EcrClient,
  GetAuthorizationTokenResponse,
} from "@stowage/client";

/** What was written for the AWS SDK's client and is handed to ours. Never run: that it compiles is the test. */
export interface WrittenForTheSdk {
  readonly credentials: Extract<ECRClientConfig["credentials"], (...given: never[]) => unknown>;
  readonly imageIds: TheirImageIdentifier[];
  readonly images: DescribeImagesCommandOutput;
  readonly token: GetAuthorizationTokenCommandOutput;
}

export async function handOver(ecr: EcrClient, written: WrittenForTheSdk): Promise<readonly object[]> {
  const provider: CredentialProvider = written.credentials;
  const images: DescribeImagesResponse = written.images;
  const token: GetAuthorizationTokenResponse = written.token;
  const got = await ecr.batchGetImage({ repositoryName: "app", imageIds: written.imageIds });
  return [provider, images, token, got];
}
