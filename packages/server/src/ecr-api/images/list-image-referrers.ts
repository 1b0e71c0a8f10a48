import type { ImageReferrer } from "@stowage/model";
import type { Images, Page, PageRequest, PageTokens, Referrer } from "@stowage/registry";
import { MAX_REFERRERS_ANSWER_BYTES } from "../limits.ts";
import { digestOf, repositoryNameOf } from "../names.ts";
import type { Operation } from "../operation.ts";
import { readPage } from "../paging.ts";

const REFERRERS_AT_ONCE = 5;

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
      readFew(wanted, (few) => images.referrers(call.registry, name, subject, { page: few, filter })),
    );
    return { referrers: items.map(referrerAnswer), ...page };
  };

/** Annotations may have megabytes each: they are read few at a time, and a page may end before it is full. */
async function readFew(
  { after, limit }: PageRequest,
  read: (few: PageRequest) => Promise<Page<Referrer>>,
): Promise<Page<Referrer>> {
  const items: Referrer[] = [];
  let bytes = 0;
  let next = after;
  do {
    const few = Math.min(REFERRERS_AT_ONCE, limit - items.length);
    const page = await read({ limit: few, ...(next !== undefined && { after: next }) });
    items.push(...page.items);
    bytes += page.items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    next = page.next;
  } while (next !== undefined && items.length < limit && bytes < MAX_REFERRERS_ANSWER_BYTES);
  return { items, ...(next !== undefined && { next }) };
}

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
