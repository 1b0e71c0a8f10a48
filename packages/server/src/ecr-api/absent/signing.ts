import { SigningConfigurationNotFoundException, type DescribeImageSigningStatusRequest } from "@stowage/model";
import type { EcrCall, EcrOperations } from "../operation.ts";
import { nothingStored, ofImage, type AbsentParts } from "./absent.ts";

type Signing = Pick<
  EcrOperations,
  "PutSigningConfiguration" | "GetSigningConfiguration" | "DeleteSigningConfiguration" | "DescribeImageSigningStatus"
>;

export const signing = (parts: AbsentParts): Signing => ({
  PutSigningConfiguration: () => nothingStored("PutSigningConfiguration"),
  GetSigningConfiguration: noConfiguration,
  DeleteSigningConfiguration: noConfiguration,
  DescribeImageSigningStatus: ofImage(parts, (input: DescribeImageSigningStatusRequest, { registry }) => ({
    repositoryName: input.repositoryName,
    imageId: input.imageId,
    registryId: registry.registryId,
    signingStatuses: [],
  })),
});

function noConfiguration(_input: unknown, { registry }: EcrCall): never {
  throw new SigningConfigurationNotFoundException(
    `Signing configuration does not exist in the registry with id '${registry.registryId}'`,
  );
}
