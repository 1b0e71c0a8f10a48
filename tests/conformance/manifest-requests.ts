import assert from "node:assert/strict";
import { locationOf, withQuery, type Answer } from "../wire/oci/client.ts";
import { expectDigest } from "./blob-requests.ts";
import { Declined, type Run } from "./run.ts";
import { IMAGE_TYPE, INDEX_TYPE, type Content } from "./test-data.ts";

const ACCEPT = { accept: `${INDEX_TYPE}, ${IMAGE_TYPE}` };

export interface StoredManifest {
  readonly reference: string;
  readonly digest: string;
  readonly content: Content;
}

interface ManifestHead {
  readonly mediaType?: string;
  readonly subject?: { readonly digest: string };
}

export function manifestPath(run: Run, reference: string): string {
  return `/v2/${run.repository1}/manifests/${reference}`;
}

function headOf(content: Content): ManifestHead {
  return JSON.parse(Buffer.from(content).toString()) as ManifestHead;
}

function mediaTypeOf(content: Content): string {
  return headOf(content).mediaType ?? IMAGE_TYPE;
}

/** @param tags go along as `?tag=` */
export async function putManifest(run: Run, stored: StoredManifest, tags: readonly string[] = []): Promise<void> {
  const path = tags.reduce((so, tag) => withQuery(so, "tag", tag), manifestPath(run, stored.reference));
  const mediaType = mediaTypeOf(stored.content);
  const answer = await run.client.send("PUT", path, { headers: { "content-type": mediaType }, body: stored.content });
  assert.equal(answer.status, 201, "PUT");
  expectDigest(run, answer, stored.digest);
  const { subject } = headOf(stored.content);
  if (run.version.referrers && subject !== undefined)
    assert.equal(answer.header("oci-subject"), subject.digest, "OCI-Subject");
  const accepted = (answer.header("oci-tag") ?? "").split(",").map((tag) => tag.trim());
  for (const tag of tags) assert.ok(accepted.includes(tag), `OCI-Tag names ${tag}`);
  expectManifest(run, await run.client.send("GET", locationOf(answer, run.client.origin), { headers: ACCEPT }), stored);
}

export async function putRefused(run: Run, reference: string, content: Content): Promise<void> {
  const headers = { "content-type": mediaTypeOf(content) };
  const answer = await run.client.send("PUT", manifestPath(run, reference), { headers, body: content });
  assert.equal(answer.status, 400, "PUT under a wrong digest");
}

function expectManifest(run: Run, answer: Answer, { content, digest }: StoredManifest): void {
  assert.equal(answer.status, 200, "GET");
  assert.equal(answer.header("content-type"), mediaTypeOf(content), "Content-Type");
  assert.equal(answer.header("content-length"), String(content.length), "Content-Length");
  assert.ok(answer.body.equals(content), "the manifest comes back as it was pushed");
  expectDigest(run, answer, digest);
}

export async function getManifest(run: Run, stored: StoredManifest): Promise<void> {
  expectManifest(run, await run.client.send("GET", manifestPath(run, stored.reference), { headers: ACCEPT }), stored);
}

export async function headManifest(run: Run, { reference, digest, content }: StoredManifest): Promise<void> {
  const answer = await run.client.send("HEAD", manifestPath(run, reference), { headers: ACCEPT });
  assert.equal(answer.status, 200, "HEAD");
  assert.equal(answer.header("content-type"), mediaTypeOf(content), "Content-Type");
  assert.equal(answer.header("content-length"), String(content.length), "Content-Length");
  assert.equal(answer.body.length, 0, "the body of a HEAD");
  expectDigest(run, answer, digest);
}

/** @param reference a tag, which goes alone, or a digest */
export async function deleteManifest(run: Run, reference: string): Promise<void> {
  const answer = await run.client.send("DELETE", manifestPath(run, reference));
  if (answer.status === 405) throw new Declined("DELETE of what an index lists is answered 405, as ECR refuses it");
  assert.ok([202, 404].includes(answer.status), `DELETE answered ${answer.status}`);
  const gone = await run.client.send("HEAD", manifestPath(run, reference), { headers: ACCEPT });
  assert.equal(gone.status, 404, "HEAD of a deleted manifest");
}
