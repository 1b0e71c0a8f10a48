import { repositoryArn, type RepositoryName } from "@stowage/model";
import type { Registry, RegistryKey } from "@stowage/registry";
import type { RegistryCall } from "../auth/call.ts";
import type { Reply, Request } from "../transport/types.ts";
import type { RepositoryRoute } from "./route.ts";

/** A request of which route and caller are known. */
export interface Asked {
  readonly request: Request;
  readonly call: RegistryCall;
  readonly route: RepositoryRoute;
}

export type Operation = (asked: Asked) => Promise<Reply>;

/** The methods of a route; others are answered 405. */
export type Methods = Readonly<Partial<Record<string, Operation>>>;

export function arnOf(key: RegistryKey, name: RepositoryName): string {
  return repositoryArn({ region: key.region, registryId: key.registryId, repositoryName: name });
}

/** @throws AccessDeniedException the caller may not do this to the repository of the route */
export function authorise(
  registry: Pick<Registry, "access">,
  { call, route }: Asked,
  action: `ecr:${string}`,
): Promise<void> {
  return registry.access.authorise({
    principal: call.principal,
    action,
    resource: arnOf(call.registry, route.name),
    context: call.access,
  });
}

export function allowed(
  registry: Pick<Registry, "access">,
  call: RegistryCall,
  asked: { readonly action: `ecr:${string}`; readonly name: RepositoryName },
): Promise<boolean> {
  return registry.access.allowed({
    principal: call.principal,
    action: asked.action,
    resource: arnOf(call.registry, asked.name),
    context: call.access,
  });
}
