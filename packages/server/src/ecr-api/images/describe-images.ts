import type { ImageDetail } from "@stowage/model";
import type { DescribedImage, Images, PageTokens } from "@stowage/registry";
import { imageIdOf, repositoryNameOf } from "../names.ts";
import type { EcrCall, Operation } from "../operation.ts";
import { readPage, refusePaging } from "../paging.ts";
import { imageFilterOf } from "./image-filter.ts";

export const describeImages =
  (images: Images, pageTokens: PageTokens): Operation<"DescribeImages"> =>
  async (input, call) => {
    const name = repositoryNameOf(input.repositoryName);
    const answer = (image: DescribedImage): ImageDetail => imageAnswer(image, name, call);
    if (input.imageIds !== undefined) {
      refusePaging(input, "imageIds");
      return {
        imageDetails: (await images.describeIds(call.registry, name, input.imageIds.map(imageIdOf))).map(answer),
      };
    }
    const query = { operation: "DescribeImages", input, call, defaultItems: 100 };
    const filter = imageFilterOf(input.filter);
    const { items, ...page } = await readPage(pageTokens, query, (wanted) =>
      images.describe(call.registry, name, wanted, filter),
    );
    return { imageDetails: items.map(answer), ...page };
  };

function imageAnswer(image: DescribedImage, repositoryName: string, call: EcrCall): ImageDetail {
  return {
    registryId: call.registry.registryId,
    repositoryName,
    imageDigest: image.digest,
    imageTags: image.tags.length === 0 ? undefined : image.tags,
    imageSizeInBytes: image.sizeBytes,
    imagePushedAt: wholeSecond(image.pushedAt),
    imageManifestMediaType: image.mediaType,
    artifactMediaType: image.configMediaType,
    lastRecordedPullTime: image.lastPulledAt,
    subjectManifestDigest: image.subject,
    imageStatus: image.status,
  };
}

/** AWS tells push times in whole seconds. */
function wholeSecond(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}
