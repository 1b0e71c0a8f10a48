import type { Layers } from "@stowage/registry";
import { repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";

export const batchCheckLayerAvailability =
  (layers: Layers): Operation<"BatchCheckLayerAvailability"> =>
  async (input, call) => {
    const name = repositoryNameOf(input.repositoryName);
    const checked = await layers.availability(call.registry, name, input.layerDigests);
    return {
      layers: checked.layers.map(({ layerDigest, availability, sizeBytes, mediaType }) => ({
        layerDigest,
        layerAvailability: availability,
        layerSize: sizeBytes,
        mediaType,
      })),
      failures: checked.failures,
    };
  };
