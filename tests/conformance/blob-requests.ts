import assert from "node:assert/strict";
import { locationOf, withQuery, type Answer } from "../wire/oci/client.ts";
import { Declined, type BlobPush, type Run } from "./run.ts";
import { digestOf, OCTETS, type Content } from "./test-data.ts";

/** A blob on its way into a repository. `digest` may be another than that of the content, to see it refused. */
export interface Pushed {
  readonly repository: string;
  readonly digest: string;
  readonly content: Content;
}

export interface ChunkOptions {
  readonly putLast?: boolean;
  readonly outOfOrder?: boolean;
}

const MIN_CHUNK = 1024;
const UPLOADED = { "content-type": OCTETS };

export function isBad({ digest, content }: Pushed): boolean {
  return digestOf(digest.startsWith("sha512") ? "sha512" : "sha256", content) !== digest;
}

export function blobPath({ repository, digest }: Pick<Pushed, "repository" | "digest">): string {
  return `/v2/${repository}/blobs/${digest}`;
}

export function uploadsPath(repository: string): string {
  return `/v2/${repository}/blobs/uploads/`;
}

/** The digest header: right where it stands, and standing where the version wants it. */
export function expectDigest(run: Run, answer: Answer, digest: string): void {
  const given = answer.header("docker-content-digest");
  if (run.version.digestHeader) assert.ok(given, "Docker-Content-Digest is there");
  if (given !== undefined) assert.equal(given, digest, "Docker-Content-Digest");
}

export const pushes: Readonly<Record<BlobPush, (run: Run, pushed: Pushed) => Promise<void>>> = {
  "post+put": postPut,
  "post only": postOnly,
  stream: patchStream,
  chunked: (run, pushed) => patchChunked(run, pushed),
};

async function open(run: Run, repository: string): Promise<Answer> {
  const answer = await run.client.send("POST", uploadsPath(repository), { body: "" });
  assert.equal(answer.status, 202, "POST");
  return answer;
}

/** A commit is refused with 400 when the digest is wrong, and otherwise leaves a blob that can be read where Location says. */
async function expectCommitted(run: Run, pushed: Pushed, answer: Answer): Promise<void> {
  if (isBad(pushed)) {
    assert.equal(answer.status, 400, "commit of a wrong digest");
    return;
  }
  assert.equal(answer.status, 201, "commit");
  expectDigest(run, answer, pushed.digest);
  const read = await run.client.send("GET", locationOf(answer, run.client.origin));
  assert.equal(read.status, 200, "GET of the commit's Location");
  assert.ok(read.body.equals(pushed.content), "the blob comes back as it was pushed");
}

async function postPut(run: Run, pushed: Pushed): Promise<void> {
  const opened = await open(run, pushed.repository);
  const path = withQuery(locationOf(opened, run.client.origin), "digest", pushed.digest);
  await expectCommitted(run, pushed, await run.client.send("PUT", path, { headers: UPLOADED, body: pushed.content }));
}

async function postOnly(run: Run, pushed: Pushed): Promise<void> {
  const path = withQuery(uploadsPath(pushed.repository), "digest", pushed.digest);
  const answer = await run.client.send("POST", path, { headers: UPLOADED, body: pushed.content });
  if (answer.status !== 202) {
    await expectCommitted(run, pushed, answer);
    return;
  }
  const next = withQuery(locationOf(answer, run.client.origin), "digest", pushed.digest);
  await expectCommitted(run, pushed, await run.client.send("PUT", next, { headers: UPLOADED, body: pushed.content }));
  throw new Declined("content in the POST is not taken");
}

async function patchStream(run: Run, pushed: Pushed): Promise<void> {
  const opened = await open(run, pushed.repository);
  const body = (async function* (): AsyncGenerator<Uint8Array> {
    yield pushed.content.subarray(0, 300);
    yield pushed.content.subarray(300);
  })();
  const patched = await run.client.send("PATCH", locationOf(opened, run.client.origin), { headers: UPLOADED, body });
  assert.equal(patched.status, 202, "PATCH");
  await putEmpty(run, pushed, patched);
}

async function putEmpty(run: Run, pushed: Pushed, patched: Answer): Promise<void> {
  const path = withQuery(locationOf(patched, run.client.origin), "digest", pushed.digest);
  await expectCommitted(run, pushed, await run.client.send("PUT", path, { headers: UPLOADED, body: "" }));
}

/** Three chunks of a large blob, one of a small one; before each, if asked, one that does not belong there. */
export async function patchChunked(run: Run, pushed: Pushed, options: ChunkOptions = {}): Promise<void> {
  const { content } = pushed;
  let answer = await open(run, pushed.repository);
  const minimum = Number(answer.header("oci-chunk-min-length") ?? "0");
  const size = Math.min(content.length, Math.max(MIN_CHUNK, minimum, Math.floor(content.length / 3) + 1));
  for (let start = 0; start < content.length; start += size) {
    if (options.outOfOrder === true) answer = await misplace(run, pushed, { answer, start, size, ...options });
    const end = Math.min(start + size, content.length);
    if (options.putLast === true && end === content.length) {
      const path = withQuery(locationOf(answer, run.client.origin), "digest", pushed.digest);
      await expectCommitted(run, pushed, await sendChunk(run, { method: "PUT", path, content, start, end }));
      return;
    }
    answer = await sendChunk(run, {
      method: "PATCH",
      path: locationOf(answer, run.client.origin),
      content,
      start,
      end,
    });
    assert.equal(answer.status, 202, "PATCH");
    assert.equal(answer.header("range"), `0-${end - 1}`, "Range after a chunk");
  }
  await putEmpty(run, pushed, answer);
}

interface Chunk {
  readonly method: "PATCH" | "PUT";
  readonly path: string;
  readonly content: Content;
  readonly start: number;
  readonly end: number;
}

function sendChunk(run: Run, { method, path, content, start, end }: Chunk): Promise<Answer> {
  const headers = { ...UPLOADED, "content-range": `${start}-${end - 1}` };
  return run.client.send(method, path, { headers, body: content.subarray(start, end) });
}

/** Sends a chunk from behind the next one, or the first one again, and asks where to go on. */
async function misplace(
  run: Run,
  { content, digest }: Pushed,
  at: ChunkOptions & { readonly answer: Answer; readonly start: number; readonly size: number },
): Promise<Answer> {
  const skipped = at.start + at.size;
  const start = skipped < content.length ? skipped : 0;
  const end = Math.min(start + at.size, content.length);
  const path = locationOf(at.answer, run.client.origin);
  const isPut = at.putLast === true && end === content.length;
  const refused = await sendChunk(run, {
    method: isPut ? "PUT" : "PATCH",
    path: isPut ? withQuery(path, "digest", digest) : path,
    content,
    start,
    end,
  });
  assert.equal(refused.status, 416, "a chunk out of order");
  const status = await run.client.send("GET", path);
  assert.equal(status.status, 204, "GET of the upload");
  const range = status.header("range") ?? "";
  assert.match(range, /^0-\d+$/, "Range of the upload");
  if (at.start > 0) assert.equal(range, `0-${at.start - 1}`, "Range of the upload");
  return status;
}

export async function cancelUpload(run: Run, repository: string): Promise<void> {
  const opened = await open(run, repository);
  const cancelled = await run.client.send("DELETE", locationOf(opened, run.client.origin));
  assert.equal(cancelled.status, 204, "DELETE of the upload");
}

/** @param from the repository to mount from; absent for an anonymous mount */
export async function mountBlob(run: Run, pushed: Pushed, from?: string): Promise<void> {
  const anonymous = withQuery(uploadsPath(pushed.repository), "mount", pushed.digest);
  const path = from === undefined ? anonymous : withQuery(anonymous, "from", from);
  const answer = await run.client.send("POST", path, { body: "" });
  if (answer.status === 201) {
    await expectCommitted(run, pushed, answer);
    return;
  }
  assert.equal(answer.status, 202, "POST with mount");
  const next = withQuery(locationOf(answer, run.client.origin), "digest", pushed.digest);
  await expectCommitted(run, pushed, await run.client.send("PUT", next, { headers: UPLOADED, body: pushed.content }));
  throw new Declined("the mount was answered with an upload");
}

export async function headBlob(run: Run, { repository, digest, content }: Pushed): Promise<void> {
  const answer = await run.client.send("HEAD", blobPath({ repository, digest }));
  assert.equal(answer.status, 200, "HEAD");
  assert.equal(answer.header("content-length"), String(content.length), "Content-Length");
  assert.equal(answer.body.length, 0, "the body of a HEAD");
  expectDigest(run, answer, digest);
}

export async function getBlob(run: Run, { repository, digest, content }: Pushed): Promise<void> {
  const answer = await run.client.send("GET", blobPath({ repository, digest }));
  assert.equal(answer.status, 200, "GET");
  assert.equal(answer.header("content-length"), String(content.length), "Content-Length");
  assert.ok(answer.body.equals(content), "the blob comes back as it was pushed");
  expectDigest(run, answer, digest);
}

export async function deleteBlob(
  run: Run,
  { repository, digest }: Pick<Pushed, "repository" | "digest">,
): Promise<void> {
  const answer = await run.client.send("DELETE", blobPath({ repository, digest }));
  if (answer.status === 405) throw new Declined("DELETE of a blob is answered 405, as layers belong to images");
  assert.ok([202, 404].includes(answer.status), `DELETE answered ${answer.status}`);
  const gone = await run.client.send("HEAD", blobPath({ repository, digest }));
  assert.equal(gone.status, 404, "HEAD of a deleted blob");
}
