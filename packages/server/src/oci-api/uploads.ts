import {
  isRepositoryName,
  isUploadId,
  parseDigest,
  type Digest,
  type RepositoryName,
  type UploadId,
} from "@stowage/model";
import { InvalidDigest, type Registry, type UploadRow } from "@stowage/registry";
import type { HeaderMap, Reply, Request } from "../transport/types.ts";
import { allowed, authorise, type Asked, type Methods } from "./asked.ts";
import { API_VERSION, Refusal, refusalReply } from "./errors.ts";
import { queryValue } from "./query.ts";

const ALGORITHMS: ReadonlySet<string> = new Set(["sha256", "sha512"]);
const MAX_DIGITS = 15;

/** `/v2/NAME/blobs/uploads/`. */
export function uploadsMethods(registry: Registry): Methods {
  return { POST: (asked) => begin(registry, asked) };
}

/** `/v2/NAME/blobs/uploads/ID`. */
export function uploadMethods(registry: Registry): Methods {
  return {
    GET: (asked) => status(registry, asked),
    PATCH: (asked) => append(registry, asked).catch((error: unknown) => misplaced(registry, asked, error)),
    PUT: (asked) => finish(registry, asked).catch((error: unknown) => misplaced(registry, asked, error)),
    DELETE: (asked) => cancel(registry, asked),
  };
}

/** Starts an upload, or ends it in the same request: with the whole blob in the body, or with one of another repository. */
async function begin(registry: Registry, asked: Asked): Promise<Reply> {
  await authorise(registry, asked, "ecr:InitiateLayerUpload");
  const { call, route, request } = asked;
  const algorithm = queryValue(route.query, "digest-algorithm");
  if (algorithm !== undefined && !ALGORITHMS.has(algorithm)) throw new InvalidDigest("digestAlgorithm");
  const mount = queryValue(route.query, "mount");
  if (mount !== undefined) {
    const mounted = await tryMount(registry, asked, mount);
    if (mounted !== undefined) return stored(route.name, mounted);
  }
  const whole = mount === undefined ? queryValue(route.query, "digest") : undefined;
  const owner = call.principal.arn;
  if (whole === undefined) {
    return progress(202, route.name, await registry.uploads.begin(call.registry, route.name, owner));
  }
  const digest = requireDigest(whole);
  await authorise(registry, asked, "ecr:UploadLayerPart");
  await authorise(registry, asked, "ecr:CompleteLayerUpload");
  const { digest: kept } = await registry.uploads.monolithic(call.registry, route.name, owner, {
    digest,
    ...body(request),
  });
  return stored(route.name, kept);
}

/**
 * Makes a blob of another repository visible in this one, if the caller may read it there and the registry mounts at all.
 * Without `from` nothing is mounted: who asked for a digest alone would learn what other repositories hold.
 */
async function tryMount(registry: Registry, { call, route }: Asked, mount: string): Promise<Digest | undefined> {
  const digest = parseDigest(mount);
  const from = queryValue(route.query, "from");
  if (digest === undefined || from === undefined || !isRepositoryName(from)) return undefined;
  const mayRead = await allowed(registry, call, { action: "ecr:GetDownloadUrlForLayer", name: from });
  if (!mayRead) return undefined;
  return (await registry.uploads.mount(call.registry, route.name, { digest, from })) ? digest : undefined;
}

async function status(registry: Registry, asked: Asked): Promise<Reply> {
  await authorise(registry, asked, "ecr:UploadLayerPart");
  const { call, route } = asked;
  const upload = await registry.uploads.status(
    call.registry,
    route.name,
    call.principal.arn,
    requireUploadId(route.item),
  );
  return progress(204, route.name, upload);
}

async function append(registry: Registry, asked: Asked): Promise<Reply> {
  await authorise(registry, asked, "ecr:UploadLayerPart");
  const { call, route, request } = asked;
  const part = { id: requireUploadId(route.item), ...place(request), ...body(request) };
  return progress(202, route.name, await registry.uploads.append(call.registry, route.name, call.principal.arn, part));
}

async function finish(registry: Registry, asked: Asked): Promise<Reply> {
  await authorise(registry, asked, "ecr:CompleteLayerUpload");
  const { call, route, request } = asked;
  const hasBody = request.contentLength !== 0;
  if (hasBody) await authorise(registry, asked, "ecr:UploadLayerPart");
  const id = requireUploadId(route.item);
  const digest = requireDigest(queryValue(route.query, "digest") ?? "");
  const last = { id, digest, ...(hasBody && { ...place(request), ...body(request) }) };
  const { digest: kept } = await registry.uploads.finish(call.registry, route.name, call.principal.arn, last);
  return stored(route.name, kept);
}

async function cancel(registry: Registry, asked: Asked): Promise<Reply> {
  await authorise(registry, asked, "ecr:UploadLayerPart");
  const { call, route } = asked;
  await registry.uploads.cancel(call.registry, route.name, call.principal.arn, requireUploadId(route.item));
  return { status: 204, headers: API_VERSION };
}

/** A chunk in the wrong place is answered with where the upload stands, so that the client may go on there. */
async function misplaced(registry: Registry, { call, route }: Asked, error: unknown): Promise<Reply> {
  const reply = refusalReply(error, "upload");
  if (reply?.status !== 416) throw error;
  const upload = await registry.uploads.status(
    call.registry,
    route.name,
    call.principal.arn,
    requireUploadId(route.item),
  );
  return { ...reply, headers: { ...reply.headers, ...progressHeaders(route.name, upload) } };
}

function progress(code: number, name: RepositoryName, upload: UploadRow): Reply {
  return { status: code, headers: { ...API_VERSION, ...progressHeaders(name, upload) } };
}

/** An empty upload says `0-0`, as every registry does, although it reads like one byte. */
function progressHeaders(
  name: RepositoryName,
  upload: { readonly id: string; readonly receivedBytes: number },
): HeaderMap {
  return {
    location: `/v2/${name}/blobs/uploads/${upload.id}`,
    range: `0-${Math.max(0, upload.receivedBytes - 1)}`,
    "docker-upload-uuid": upload.id,
  };
}

function stored(name: RepositoryName, digest: Digest): Reply {
  return {
    status: 201,
    headers: { ...API_VERSION, location: `/v2/${name}/blobs/${digest}`, "docker-content-digest": digest },
  };
}

function body(request: Request): { readonly bytes: AsyncIterable<Uint8Array>; readonly lengthBytes?: number } {
  const { contentLength } = request;
  return { bytes: request.body, ...(contentLength !== undefined && { lengthBytes: contentLength }) };
}

/**
 * Where a chunk belongs: `FIRST-LAST`, both inclusive, without a unit. Absent means behind what is there.
 * Source: distribution-spec 1.1.1, pushing a blob in chunks.
 */
function place(request: Request): { readonly fromByte?: number; readonly lengthBytes?: number } {
  const header = request.headers["content-range"];
  if (header === undefined) return {};
  const dash = header.indexOf("-");
  const first = digits(header.slice(0, dash));
  const last = digits(header.slice(dash + 1));
  if (dash < 0 || first === undefined || last === undefined || last < first) {
    throw new Refusal({ status: 416, code: "BLOB_UPLOAD_INVALID" }, "Content-Range is not of the form FIRST-LAST");
  }
  const lengthBytes = last - first + 1;
  if (request.contentLength !== undefined && request.contentLength !== lengthBytes) {
    throw new Refusal({ status: 400, code: "SIZE_INVALID" }, "Content-Range and Content-Length do not agree");
  }
  return { fromByte: first, lengthBytes };
}

function digits(text: string): number | undefined {
  if (text === "" || text.length > MAX_DIGITS) return undefined;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return undefined;
  }
  return Number(text);
}

function requireUploadId(text: string): UploadId {
  if (isUploadId(text)) return text;
  throw new Refusal({ status: 404, code: "BLOB_UPLOAD_UNKNOWN" }, "The upload does not exist");
}

function requireDigest(text: string): Digest {
  const digest = parseDigest(text);
  if (digest === undefined) throw new InvalidDigest("layerDigest");
  return digest;
}
