import { adminTable } from "@stowage/model";
import type { Handler, Reply, Request } from "./transport/transport.ts";

/** Everything that one port serves. */
export interface Doors {
  readonly ecr: Handler;
  readonly admin: Handler;
  readonly sts: Handler;
  readonly oci: Handler;
  readonly layers: Handler;
  /** Absent when metrics are off. */
  readonly metrics?: Handler;
  readonly welcome: Handler;
  /** Whether requests are welcome: not before everything stands, nor once the server drains. */
  readonly isReady: () => boolean;
}

export type DoorName = "ecr" | "admin" | "sts" | "oci" | "layers" | "metrics" | "health" | "web" | "none";

const ADMIN_TARGET = `${adminTable.targetPrefix}.`;
const FORM = "application/x-www-form-urlencoded";

/** Which door a request belongs to, by method, path and the two headers that tell the APIs on `/` apart. */
export function doorOf({ method, target, headers }: Pick<Request, "method" | "target" | "headers">): DoorName {
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  if (path.startsWith("/v2/") || path === "/v2") return "oci";
  if (path === "/") {
    if (method === "POST") return apiOf(headers);
    if (mark !== -1 && /[?&]Action=/.test(target)) return "sts";
    return "web";
  }
  if (path.startsWith("/layers/")) return "layers";
  if (path === "/healthz" || path === "/readyz") return "health";
  return path === "/metrics" ? "metrics" : "none";
}

function apiOf(headers: Request["headers"]): DoorName {
  const target = headers["x-amz-target"];
  if (target !== undefined) return target.startsWith(ADMIN_TARGET) ? "admin" : "ecr";
  return headers["content-type"]?.toLowerCase().startsWith(FORM) === true ? "sts" : "ecr";
}

/** Hands each request to its door. */
export function route(doors: Doors): Handler {
  return (request) => {
    const name = doorOf(request);
    switch (name) {
      case "ecr":
      case "admin":
      case "sts":
      case "oci":
      case "layers":
        return doors[name](request);
      case "metrics":
        return reading(request, doors.metrics ?? notFound);
      case "health":
        return reading(request, () => health(request, doors.isReady()));
      case "web":
        return reading(request, doors.welcome);
      case "none":
        return notFound();
    }
  };
}

function reading(request: Request, handler: Handler): ReturnType<Handler> {
  if (request.method === "GET" || request.method === "HEAD") return handler(request);
  return text(405, "Method Not Allowed", { allow: "GET, HEAD" });
}

function health(request: Request, isReady: boolean): Reply {
  if (request.target.startsWith("/healthz") || isReady) return text(200, "ok");
  return text(503, "not ready");
}

function notFound(): Reply {
  return text(404, "Not Found");
}

function text(status: number, body: string, headers: Request["headers"] = {}): Reply {
  return {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...headers },
    body: `${body}\n`,
  };
}
