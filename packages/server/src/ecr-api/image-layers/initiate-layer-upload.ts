import type { Uploads } from "@stowage/registry";
import { ADVISED_PART_BYTES } from "../limits.ts";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";

export const initiateLayerUpload =
  (uploads: Uploads): Operation<"InitiateLayerUpload"> =>
  async (input, call) => {
    const upload = await uploads.begin(call.registry, repositoryNameOf(input.repositoryName), call.principal.arn);
    return { uploadId: upload.id, partSize: ADVISED_PART_BYTES };
  };
