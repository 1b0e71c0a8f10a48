import type { Handler, HeaderMap, Reply, Request } from "./transport/transport.ts";

const EXPOSED = [
  "Accept-Ranges",
  "Content-Range",
  "Docker-Content-Digest",
  "Docker-Distribution-Api-Version",
  "Docker-Upload-UUID",
  "ETag",
  "Link",
  "Location",
  "OCI-Filters-Applied",
  "OCI-Subject",
  "OCI-Tag",
  "Range",
  "WWW-Authenticate",
  "x-amzn-errortype",
  "x-amzn-RequestId",
].join(", ");
const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
const PREFLIGHT_SECONDS = "600";

/**
 * Lets pages of named origins call the APIs under `/` and `/v2/`. Credentials of the browser's own are never allowed: callers
 * sign, or send a token.
 */
export function allowOrigins(handler: Handler, origins: readonly string[]): Handler {
  if (origins.length === 0) return handler;
  const allowed = new Set(origins);
  return async (request) => {
    const origin = request.headers["origin"];
    if (origin === undefined || !allowed.has(origin.toLowerCase()) || !isOpen(request.target)) return handler(request);
    if (request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined) {
      return preflight(request, origin);
    }
    const reply = await handler(request);
    return { ...reply, headers: { ...reply.headers, ...shared(origin), "access-control-expose-headers": EXPOSED } };
  };
}

function isOpen(target: string): boolean {
  return target === "/" || target.startsWith("/?") || target === "/v2" || target.startsWith("/v2/");
}

function preflight(request: Request, origin: string): Reply {
  const asked = request.headers["access-control-request-headers"];
  const headers = {
    ...shared(origin),
    "access-control-allow-methods": METHODS,
    "access-control-max-age": PREFLIGHT_SECONDS,
    ...(asked !== undefined && { "access-control-allow-headers": asked }),
  };
  return { status: 204, headers };
}

function shared(origin: string): HeaderMap {
  return { "access-control-allow-origin": origin, vary: "Origin" };
}
