import { mediaTypes, parseDigest, type Digest } from "@stowage/model";
import { InvalidDigest, type Page, type Referrer, type Registry } from "@stowage/registry";
import type { Reply } from "../transport/types.ts";
import { authorise, type Asked, type Methods } from "./asked.ts";
import { API_VERSION } from "./errors.ts";
import { nextLink } from "./paging.ts";
import { queryValue, queryValues } from "./query.ts";

/** Descriptors on a page. */
export const REFERRERS_PAGE = 100;
/** Clients read no index that is longer than a manifest may be; annotations can make a few descriptors reach that. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

interface Query {
  readonly subject: Digest;
  readonly artifactTypes: readonly string[];
  readonly after: string | undefined;
}

/** `/v2/NAME/referrers/DIGEST`. */
export function referrersMethods(registry: Registry): Methods {
  const list = (asked: Asked): Promise<Reply> => listReferrers(registry, asked);
  return { GET: list, HEAD: list };
}

/** A digest that nothing refers to, or that is not here at all, has an empty list. Source: distribution-spec 1.1.1, listing referrers. */
async function listReferrers(registry: Registry, asked: Asked): Promise<Reply> {
  await authorise(registry, asked, "ecr:ListImageReferrers");
  const { call, route } = asked;
  const subject = parseDigest(route.item);
  if (subject === undefined) throw new InvalidDigest("subjectId");
  const artifactTypes = queryValues(route.query, "artifactType").filter((type) => type !== "");
  const bound = JSON.stringify([
    "referrers",
    call.registry.registryId,
    call.registry.region,
    route.name,
    subject,
    artifactTypes,
  ]);
  const token = queryValue(route.query, "next");
  const after = token === undefined ? undefined : registry.pageTokens.open(bound, token);
  const { body, next } = await fittingPage(registry, asked, { subject, artifactTypes, after });
  const path = `/v2/${route.name}/referrers/${subject}`;
  const headers = {
    ...API_VERSION,
    "content-type": mediaTypes.ociIndex,
    ...(artifactTypes.length > 0 && { "oci-filters-applied": "artifactType" }),
    ...(next !== undefined && { link: nextPage(path, artifactTypes, registry.pageTokens.seal(bound, next)) }),
  };
  return { status: 200, headers, body };
}

function nextPage(path: string, artifactTypes: readonly string[], token: string): string {
  const [artifactType] = artifactTypes;
  return nextLink(path, { ...(artifactType !== undefined && { artifactType }), next: token });
}

/** Halves the page until its text fits; one descriptor comes whatever its length. */
async function fittingPage(
  registry: Registry,
  { call, route }: Asked,
  { subject, artifactTypes, after }: Query,
): Promise<{ readonly body: string; readonly next: string | undefined }> {
  for (let limit = REFERRERS_PAGE; ; limit = Math.ceil(limit / 2)) {
    const page: Page<Referrer> = await registry.images.referrers(call.registry, route.name, subject, {
      page: { limit, ...(after !== undefined && { after }) },
      filter: { ...(artifactTypes.length > 0 && { artifactTypes }) },
    });
    const body = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: page.items.map(descriptor),
    });
    if (limit === 1 || body.length <= MAX_BODY_BYTES) return { body, next: page.next };
  }
}

function descriptor({ mediaType, digest, sizeBytes, artifactType, annotations }: Referrer): object {
  return { mediaType, digest, size: sizeBytes, artifactType, annotations };
}
