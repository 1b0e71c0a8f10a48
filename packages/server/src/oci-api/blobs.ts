import { parseDigest, type Digest } from "@stowage/model";
import { InvalidDigest, type Registry } from "@stowage/registry";
import { blobHeaders, blobReply, isUnmodified } from "../blob-content/blob-reply.ts";
import type { Reply } from "../transport/types.ts";
import { allowed, authorise, type Asked, type Methods } from "./asked.ts";
import { API_VERSION, errorReply } from "./errors.ts";

/** `/v2/NAME/blobs/DIGEST`. */
export function blobMethods(registry: Registry): Methods {
  return {
    GET: (asked) => download(registry, asked),
    HEAD: (asked) => stat(registry, asked),
    DELETE: () =>
      Promise.resolve(
        errorReply({ status: 405, code: "UNSUPPORTED" }, "Layers are deleted with the images that refer to them"),
      ),
  };
}

async function download(registry: Registry, asked: Asked): Promise<Reply> {
  await authorise(registry, asked, "ecr:GetDownloadUrlForLayer");
  const { request, call, route } = asked;
  const blob = await registry.layers.find(call.registry, route.name, requireDigest(route.item));
  const headers = blobHeaders(blob.digest, API_VERSION);
  if (isUnmodified(request, `"${blob.digest}"`)) return { status: 304, headers };
  return blobReply(registry.layers, request, { blob, headers });
}

/** Either action will do, for AWS's policy for those who only pull has one of them and clients ask before they push and before they pull. */
async function stat(registry: Registry, asked: Asked): Promise<Reply> {
  const { call, route } = asked;
  const mayCheck = await allowed(registry, call, { action: "ecr:BatchCheckLayerAvailability", name: route.name });
  if (!mayCheck) await authorise(registry, asked, "ecr:GetDownloadUrlForLayer");
  const blob = await registry.layers.stat(call.registry, route.name, requireDigest(route.item));
  const headers = blobHeaders(blob.digest, { ...API_VERSION, "content-length": String(blob.sizeBytes) });
  return { status: 200, headers };
}

function requireDigest(text: string): Digest {
  const digest = parseDigest(text);
  if (digest === undefined) throw new InvalidDigest("layerDigest");
  return digest;
}
