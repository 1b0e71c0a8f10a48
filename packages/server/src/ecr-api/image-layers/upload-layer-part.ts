import type { Uploads } from "@stowage/registry";
import { repositoryNameOf, uploadIdOf } from "../names.ts";
import type { Operation } from "../operation.ts";

export const uploadLayerPart =
  (uploads: Uploads): Operation<"UploadLayerPart"> =>
  async (input, call) => {
    const { repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob } = input;
    const upload = await uploads.appendPart(call.registry, repositoryNameOf(repositoryName), call.principal.arn, {
      id: uploadIdOf(uploadId),
      firstByte: partFirstByte,
      lastByte: partLastByte,
      bytes: layerPartBlob,
    });
    return {
      registryId: call.registry.registryId,
      repositoryName,
      uploadId,
      lastByteReceived: upload.receivedBytes - 1,
    };
  };
