import type { Repositories } from "@stowage/registry";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";

/** An absent `scanOnPush` is false: Go's SDK leaves false out. */
export const putImageScanningConfiguration =
  (repositories: Repositories): Operation<"PutImageScanningConfiguration"> =>
  async (input, call) => {
    const scanOnPush = input.imageScanningConfiguration.scanOnPush ?? false;
    const row = await repositories.putScanOnPush(call.registry, repositoryNameOf(input.repositoryName), scanOnPush);
    return {
      registryId: row.key.registryId,
      repositoryName: row.name,
      imageScanningConfiguration: { scanOnPush: row.scanOnPush },
    };
  };
