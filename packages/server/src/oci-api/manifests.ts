import { isTag, mediaTypeOf, parseDigest, type Digest, type Tag } from "@stowage/model";
import {
  ImageUnchanged,
  InvalidDigest,
  InvalidTag,
  ManifestTooLarge,
  type ImageReference,
  type Registry,
} from "@stowage/registry";
import { isUnmodified } from "../blob-content/blob-reply.ts";
import { BodyTooLarge } from "../transport/errors.ts";
import { readBody } from "../transport/read-body.ts";
import type { Reply, Request } from "../transport/types.ts";
import { authorise, type Asked, type Methods } from "./asked.ts";
import { API_VERSION, Refusal } from "./errors.ts";
import { queryValues } from "./query.ts";

/** Tags that one push by digest may bring along; the specification asks for at least ten. */
export const MAX_TAGS_PER_PUSH = 100;

interface Stored {
  readonly digest: Digest;
  readonly subject?: Digest | undefined;
}

/** `/v2/NAME/manifests/REFERENCE`. */
export function manifestMethods(registry: Registry): Methods {
  return {
    GET: (asked) => pull(registry, asked, true),
    HEAD: (asked) => pull(registry, asked, false),
    PUT: (asked) => push(registry, asked),
    DELETE: (asked) => remove(registry, asked),
  };
}

async function pull(registry: Registry, asked: Asked, record: boolean): Promise<Reply> {
  await authorise(registry, asked, "ecr:BatchGetImage");
  const { request, call, route } = asked;
  const manifest = await registry.images.pull(call.registry, route.name, existing(route.item), { record });
  const etag = `"${manifest.digest}"`;
  const headers = {
    "docker-distribution-api-version": "registry/2.0",
    "content-type": manifest.mediaType,
    "docker-content-digest": manifest.digest,
    etag,
  };
  if (request.headers["if-none-match"] !== undefined && isUnmodified(request, etag)) return { status: 304, headers };
  return { status: 200, headers, body: manifest.bytes };
}

async function push(registry: Registry, asked: Asked): Promise<Reply> {
  await authorise(registry, asked, "ecr:PutImage");
  const { request, call, route } = asked;
  const target = pushTarget(route.item, route.query);
  const manifest = await readManifest(request, registry.quotas.maxManifestBytes);
  const contentType = request.headers["content-type"];
  const mediaType = contentType === undefined ? "" : mediaTypeOf(contentType);
  const input = { ...target, manifest, ...(mediaType !== "" && { mediaType }) };
  const stored = await registry.images.put(call.registry, route.name, input).catch(unchanged);
  const headers = {
    ...API_VERSION,
    location: `/v2/${route.name}/manifests/${stored.digest}`,
    "docker-content-digest": stored.digest,
    ...(stored.subject !== undefined && { "oci-subject": stored.subject }),
    ...(target.digest !== undefined && target.tags.length > 0 && { "oci-tag": target.tags.join(", ") }),
  };
  return { status: 201, headers };
}

async function remove(registry: Registry, asked: Asked): Promise<Reply> {
  await authorise(registry, asked, "ecr:BatchDeleteImage");
  const { call, route } = asked;
  const reference = existing(route.item);
  const id = "tag" in reference ? { imageTag: reference.tag } : { imageDigest: reference.digest };
  await registry.images.remove(call.registry, route.name, id);
  return { status: 202, headers: API_VERSION };
}

/** A reference to something that may be there. What cannot be a tag is not there; what cannot be a digest is malformed. */
function existing(text: string): ImageReference {
  if (isTag(text)) return { tag: text };
  if (!text.includes(":")) throw new Refusal({ status: 404, code: "MANIFEST_UNKNOWN" }, "Requested image not found");
  return { digest: requireDigest(text) };
}

/** Under which digest and tags a push wants its manifest. Source: distribution-spec main, pushing manifests with tags. */
function pushTarget(text: string, query: string): { readonly tags: readonly Tag[]; readonly digest?: Digest } {
  if (isTag(text)) return { tags: [text] };
  if (!text.includes(":")) throw new InvalidTag();
  const digest = requireDigest(text);
  const tags = queryValues(query, "tag");
  if (tags.length > MAX_TAGS_PER_PUSH) {
    throw new Refusal({ status: 414, code: "TAG_INVALID" }, `A push may name at most ${MAX_TAGS_PER_PUSH} tags`);
  }
  return { digest, tags: tags.map(requireTag) };
}

function requireDigest(text: string): Digest {
  const digest = parseDigest(text);
  if (digest === undefined) throw new InvalidDigest("imageDigest");
  return digest;
}

function requireTag(text: string): Tag {
  if (!isTag(text)) throw new InvalidTag();
  return text;
}

async function readManifest(request: Request, limitBytes: number): Promise<Uint8Array> {
  try {
    return await readBody(request, limitBytes);
  } catch (error) {
    throw error instanceof BodyTooLarge ? new ManifestTooLarge(limitBytes) : error;
  }
}

/** A push of what is there already is done, as far as clients of this door care. */
function unchanged(error: unknown): Stored {
  if (error instanceof ImageUnchanged) return error;
  throw error;
}
