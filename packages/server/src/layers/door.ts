import { LayersNotFoundException, RepositoryNotFoundException } from "@stowage/model";
import type { Clock, Registry } from "@stowage/registry";
import { blobHeaders, blobReply, isUnmodified } from "../blob-content/blob-reply.ts";
import type { Handler, HeaderMap, Reply, Request } from "../transport/types.ts";
import type { LayerUrls, SignedLayer } from "./urls.ts";

export interface LayersDoorParts {
  readonly registry: Pick<Registry, "layers">;
  readonly urls: Pick<LayerUrls, "verify">;
  readonly clock: Clock;
}

const XML: HeaderMap = { "content-type": "application/xml" };

/**
 * Serves the URLs that GetDownloadUrlForLayer hands out, to whoever holds one and without any credentials. A URL that is not
 * good is refused alike whether or not there is such a layer.
 */
export function layersDoor({ registry, urls, clock }: LayersDoorParts): Handler {
  return async (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return problem(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", {
        allow: "GET, HEAD",
      });
    }
    const verdict = urls.verify(request.target, clock.now());
    if (verdict.kind === "invalid") return problem(403, "AccessDenied", "Access Denied");
    if (verdict.kind === "expired") return problem(403, "AccessDenied", "Request has expired");
    try {
      return await serve(registry.layers, request, verdict.layer);
    } catch (error) {
      const isGone = error instanceof LayersNotFoundException || error instanceof RepositoryNotFoundException;
      if (!isGone) throw error;
      return problem(404, "NoSuchKey", "The specified key does not exist.");
    }
  };
}

async function serve(
  layers: Registry["layers"],
  request: Request,
  { key, repositoryName, digest }: SignedLayer,
): Promise<Reply> {
  const blob = await layers.find(key, repositoryName, digest);
  const headers = blobHeaders(digest, {});
  if (isUnmodified(request, `"${digest}"`)) return { status: 304, headers };
  if (request.method === "HEAD")
    return { status: 200, headers: { ...headers, "content-length": String(blob.sizeBytes) } };
  return blobReply(layers, request, { blob, headers });
}

/** In the form that S3 uses, where ECR's own download URLs lead. */
function problem(status: number, code: string, message: string, more?: HeaderMap): Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { ...XML, ...more }, body };
}
