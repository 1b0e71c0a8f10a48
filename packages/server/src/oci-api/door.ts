import { AccessDeniedException } from "@stowage/model";
import { AppendInterrupted, type Registry } from "@stowage/registry";
import type { RegistryAuthenticator } from "../auth/registry-caller.ts";
import { ClientGone } from "../transport/errors.ts";
import type { Handler, Reply, Request } from "../transport/types.ts";
import { listCatalog } from "./catalog.ts";
import { API_VERSION, errorReply, Refusal, refusalReply } from "./errors.ts";
import { isPull, READS, repositoryRoutes } from "./methods.ts";
import { parseRoute, type Route } from "./route.ts";

export interface OciDoorParts {
  readonly registry: Registry;
  readonly callers: RegistryAuthenticator;
  /** Told of failures that nobody expected; the client gets a 500 without particulars. */
  readonly onError: (error: unknown, requestId: string) => void;
}

const PING: Reply = { status: 200, headers: { ...API_VERSION, "content-type": "application/json" }, body: "{}" };

/**
 * The door that docker and its kin speak to: everything under `/v2`. A request is routed first and authenticated before anything
 * else is said, so that a caller without credentials learns nothing, not even which paths exist.
 * Source: distribution-spec 1.1.1 with the additions of its main branch.
 */
export function ociDoor({ registry, callers, onError }: OciDoorParts): Handler {
  const routes = repositoryRoutes(registry);

  async function answer(request: Request, route: Route): Promise<Reply> {
    const call = await callers.authenticate(request, { isPull: isPull(request.method, route) });
    if ("name" in route) {
      const methods = routes[route.kind];
      const operation = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
      if (operation === undefined) throw wrongMethod(Object.keys(methods));
      return operation({ request, call, route }).catch((error: unknown) => {
        const isStranger = error instanceof AccessDeniedException && call.principal.kind === "anonymous";
        throw isStranger ? callers.challenge(request) : error;
      });
    }
    switch (route.kind) {
      case "unknown":
        throw new Refusal({ status: 404, code: "NAME_INVALID" }, "The path is none of this registry's");
      case "badName":
        throw new Refusal({ status: 400, code: "NAME_INVALID" }, "The path holds no valid repository name");
      case "ping":
        requireRead(request.method);
        return PING;
      case "catalog":
        requireRead(request.method);
        return listCatalog(registry, call, route.query);
    }
  }

  return async (request) => {
    const route = parseRoute(request.target);
    try {
      return await answer(request, route);
    } catch (thrown) {
      const error = thrown instanceof AppendInterrupted ? thrown.cause : thrown;
      if (error instanceof ClientGone) throw error;
      const refusal = refusalReply(error, route.kind);
      if (refusal !== undefined) return refusal;
      onError(error, request.id);
      return errorReply({ status: 500, code: "UNKNOWN" }, "The request failed for a reason of the registry's own");
    }
  };
}

function requireRead(method: string): void {
  if (!READS.includes(method)) throw wrongMethod(READS);
}

function wrongMethod(allowed: readonly string[]): Refusal {
  const headers = { allow: allowed.join(", ") };
  return new Refusal({ status: 405, code: "UNSUPPORTED", headers }, "The operation is unsupported.");
}
