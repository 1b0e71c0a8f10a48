import type { Uploads } from "@stowage/registry";
import { repositoryNameOf, uploadIdOf } from "../names.ts";
import type { Operation } from "../operation.ts";

export const completeLayerUpload =
  (uploads: Uploads): Operation<"CompleteLayerUpload"> =>
  async (input, call) => {
    const { repositoryName, uploadId, layerDigests } = input;
    const layer = await uploads.completeLayer(call.registry, repositoryNameOf(repositoryName), call.principal.arn, {
      id: uploadIdOf(uploadId),
      digests: layerDigests,
    });
    return { registryId: call.registry.registryId, repositoryName, uploadId, layerDigest: layer.digest };
  };
