import type { Repositories } from "@stowage/registry";
import type { Addresses } from "../../auth/addresses.ts";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";
import { repositoryAnswer } from "./repository-answer.ts";
import { resourceTagsOf } from "./resource-tags.ts";

export const createRepository =
  (repositories: Repositories, addresses: Addresses): Operation<"CreateRepository"> =>
  async (input, call) => {
    const { imageTagMutability, imageTagMutabilityExclusionFilters, imageScanningConfiguration } = input;
    const { encryptionConfiguration: encryption, tags } = input;
    const row = await repositories.create(call.registry, {
      name: repositoryNameOf(input.repositoryName),
      ...(imageTagMutability && { tagMutability: imageTagMutability }),
      ...(imageTagMutabilityExclusionFilters && { exclusionFilters: imageTagMutabilityExclusionFilters }),
      scanOnPush: imageScanningConfiguration?.scanOnPush ?? false,
      ...(encryption && {
        encryption: {
          encryptionType: encryption.encryptionType,
          ...(encryption.kmsKey !== undefined && { kmsKey: encryption.kmsKey }),
        },
      }),
      ...(tags && { tags: resourceTagsOf(tags) }),
    });
    return { repository: repositoryAnswer(addresses, row, call.host) };
  };
