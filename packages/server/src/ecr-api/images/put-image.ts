import { InvalidManifest, type Images } from "@stowage/registry";
import { digestOf, repositoryNameOf, tagOf } from "../names.ts";
import type { Operation } from "../operation.ts";

export const putImage =
  (images: Images): Operation<"PutImage"> =>
  async (input, call) => {
    const { repositoryName, imageManifest, imageManifestMediaType, imageTag, imageDigest } = input;
    // Half a surrogate pair has no bytes in UTF-8: what was stored would not be what was sent.
    if (!imageManifest.isWellFormed()) throw new InvalidManifest("Invalid JSON syntax");
    const stored = await images.put(call.registry, repositoryNameOf(repositoryName), {
      manifest: new TextEncoder().encode(imageManifest),
      ...(imageManifestMediaType !== undefined && { mediaType: imageManifestMediaType }),
      tags: imageTag === undefined ? [] : [tagOf(imageTag)],
      ...(imageDigest !== undefined && { digest: digestOf("imageDigest", imageDigest) }),
    });
    return {
      image: {
        registryId: call.registry.registryId,
        repositoryName,
        imageId: { imageDigest: stored.digest, imageTag },
        imageManifest,
        imageManifestMediaType: stored.mediaType,
      },
    };
  };
