import assert from "node:assert/strict";
import { withQuery } from "../wire/oci/client.ts";
import type { Run } from "./run.ts";
import { INDEX_TYPE, type Descriptor } from "./test-data.ts";

/** Tags of the first page, or none where the repository is unknown. */
export async function listTags(run: Run, last?: string): Promise<readonly string[]> {
  const path = `/v2/${run.repository1}/tags/list`;
  const answer = await run.client.send("GET", last === undefined ? path : withQuery(path, "last", last));
  if (answer.status === 404) return [];
  assert.equal(answer.status, 200, "GET of the tags");
  const { tags } = JSON.parse(answer.body.toString()) as { tags?: unknown };
  assert.ok(Array.isArray(tags), "tags is a list");
  return tags as string[];
}

export async function listReferrers(
  run: Run,
  path: string,
): Promise<{ readonly referrers: readonly Descriptor[]; readonly filters: string | undefined }> {
  const answer = await run.client.send("GET", path);
  assert.equal(answer.status, 200, "GET of the referrers");
  assert.equal(answer.header("content-type"), INDEX_TYPE, "Content-Type of the referrers");
  const index = JSON.parse(answer.body.toString()) as {
    schemaVersion?: unknown;
    mediaType?: unknown;
    manifests?: unknown;
  };
  assert.equal(index.schemaVersion, 2);
  assert.equal(index.mediaType, INDEX_TYPE);
  assert.ok(Array.isArray(index.manifests), "manifests is a list");
  return { referrers: index.manifests as Descriptor[], filters: answer.header("oci-filters-applied") };
}
