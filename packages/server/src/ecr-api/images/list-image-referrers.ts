import type { ImageReferrer } from "@stowage/model";
import type { Images, PageTokens, Referrer } from "@stowage/registry";
import { digestOf, repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";
import { readPage } from "../paging.ts";

export const listImageReferrers =
  (images: Images, pageTokens: PageTokens): Operation<"ListImageReferrers"> =>
  async (input, call) => {
    const name = repositoryNameOf(input.repositoryName);
    const subject = digestOf("subjectId.imageDigest", input.subjectId.imageDigest);
    const { artifactTypes, artifactStatus = "ACTIVE" } = input.filter ?? {};
    const filter = {
      ...(artifactTypes !== undefined && artifactTypes.length > 0 && { artifactTypes }),
      ...(artifactStatus !== "ANY" && { status: artifactStatus }),
    };
    const query = { operation: "ListImageReferrers", input, call, defaultItems: 20 };
    const { items, ...page } = await readPage(pageTokens, query, (wanted) =>
      images.referrers(call.registry, name, subject, { page: wanted, filter }),
    );
    return { referrers: items.map(referrerAnswer), ...page };
  };

function referrerAnswer({ digest, mediaType, sizeBytes, artifactType, annotations, status }: Referrer): ImageReferrer {
  const hasAnnotations = annotations !== undefined && Object.keys(annotations).length > 0;
  return {
    digest,
    mediaType,
    artifactType,
    size: sizeBytes,
    annotations: hasAnnotations ? annotations : undefined,
    artifactStatus: status,
  };
}
