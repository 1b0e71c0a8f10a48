import { LimitExceededException, type Image, type ImageFailure, type ImageIdentifier } from "@stowage/model";
import type { Images } from "@stowage/registry";
import { MAX_IMAGES_ANSWER_BYTES } from "../limits.ts";
import { imageIdOf, repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";

/** Manifests of at most 4 MiB that are in memory before their sizes are looked at. */
const IMAGES_AT_ONCE = 4;

/** `acceptedMediaTypes` ask for conversions; manifests are never converted here, they come back as they were pushed. */
export const batchGetImage =
  (images: Images): Operation<"BatchGetImage"> =>
  async (input, call) => {
    const { repositoryName } = input;
    const imageIds = distinct(input.imageIds);
    const name = repositoryNameOf(repositoryName);
    const found: Image[] = [];
    const failures: ImageFailure[] = [];
    let bytes = 0;
    for (let at = 0; at < imageIds.length; at += IMAGES_AT_ONCE) {
      const ids = imageIds.slice(at, at + IMAGES_AT_ONCE).map(imageIdOf);
      const batch = await images.batchGet(call.registry, name, ids);
      for (const { imageId, manifest } of batch.images) {
        const imageManifest = new TextDecoder("utf-8", { ignoreBOM: true }).decode(manifest.bytes);
        bytes += manifest.bytes.length;
        if (bytes > MAX_IMAGES_ANSWER_BYTES) throw answerTooLarge();
        const { registryId } = call.registry;
        found.push({ registryId, repositoryName, imageId, imageManifest, imageManifestMediaType: manifest.mediaType });
      }
      failures.push(...batch.failures);
    }
    return { images: found, failures };
  };

/** An id that is given twice is answered once. */
function distinct(ids: readonly ImageIdentifier[]): readonly ImageIdentifier[] {
  return [...new Map(ids.map((id) => [JSON.stringify([id.imageDigest, id.imageTag]), id])).values()];
}

/** Escaped as JSON the manifests may pass the limit although their bytes do not. */
export function answerTooLarge(): LimitExceededException {
  return new LimitExceededException(
    `The images of one answer may have ${MAX_IMAGES_ANSWER_BYTES} bytes together; ask for fewer`,
  );
}
