import { RepositoryNotFoundException, ScanNotFoundException, ValidationException, repositoryArn } from "@stowage/model";
import type {
  BatchGetRepositoryScanningConfigurationResponse,
  DescribeImageScanFindingsRequest,
  RepositoryScanningConfiguration,
  RepositoryScanningConfigurationFailure,
} from "@stowage/model";
import { repositoryNameOf } from "../names.ts";
import type { EcrCall, EcrOperations } from "../operation.ts";
import { nothingStored, ofImage, type AbsentParts } from "./absent.ts";

type Scanning = Pick<
  EcrOperations,
  | "StartImageScan"
  | "DescribeImageScanFindings"
  | "GetRegistryScanningConfiguration"
  | "PutRegistryScanningConfiguration"
  | "BatchGetRepositoryScanningConfiguration"
>;

export const scanning = (parts: AbsentParts): Scanning => ({
  StartImageScan: ofImage(parts, () => nothingStored("StartImageScan", ValidationException)),
  DescribeImageScanFindings: ofImage(parts, noScan),
  GetRegistryScanningConfiguration: async (_input, { registry }) => ({
    registryId: registry.registryId,
    scanningConfiguration: { scanType: "BASIC", rules: [] },
  }),
  // BASIC without rules is how it stands already; Terraform puts that in place of deleting.
  PutRegistryScanningConfiguration: async ({ scanType = "BASIC", rules = [] }) =>
    scanType === "BASIC" && rules.length === 0
      ? { registryScanningConfiguration: { scanType, rules } }
      : nothingStored("PutRegistryScanningConfiguration"),
  BatchGetRepositoryScanningConfiguration: (input, call) => unscanned(parts, input.repositoryNames, call),
});

function noScan({ repositoryName, imageId }: DescribeImageScanFindingsRequest, { registry }: EcrCall): never {
  const image = `{imageDigest:'${imageId.imageDigest ?? "null"}', imageTag:'${imageId.imageTag ?? "null"}'}`;
  throw new ScanNotFoundException(
    `Image scan does not exist for the image with '${image}' in the repository with name '${repositoryName}' ` +
      `in the registry with id '${registry.registryId}'`,
  );
}

/** No rule matches any repository, so nothing is scanned on a push whatever the repository's own flag says. */
async function unscanned(
  { repositories }: AbsentParts,
  names: readonly string[],
  { registry }: EcrCall,
): Promise<BatchGetRepositoryScanningConfigurationResponse> {
  const scanningConfigurations: RepositoryScanningConfiguration[] = [];
  const failures: RepositoryScanningConfigurationFailure[] = [];
  for (const repositoryName of new Set(names)) {
    try {
      await repositories.find(registry, repositoryNameOf(repositoryName));
    } catch (error) {
      if (!(error instanceof RepositoryNotFoundException)) throw error;
      failures.push({ repositoryName, failureCode: "REPOSITORY_NOT_FOUND", failureReason: "REPOSITORY_NOT_FOUND" });
      continue;
    }
    scanningConfigurations.push({
      repositoryArn: repositoryArn({ ...registry, repositoryName }),
      repositoryName,
      scanOnPush: false,
      scanFrequency: "MANUAL",
      appliedScanFilters: [],
    });
  }
  return { scanningConfigurations, failures };
}
