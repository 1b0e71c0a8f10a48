import type { Registry } from "@stowage/registry";
import type { Methods } from "./asked.ts";
import { blobMethods } from "./blobs.ts";
import { manifestMethods } from "./manifests.ts";
import { referrersMethods } from "./referrers.ts";
import type { RegistryRoute, RepositoryRouteKind, Route } from "./route.ts";
import { tagsMethods } from "./tags.ts";
import { uploadMethods, uploadsMethods } from "./uploads.ts";

/** Methods of the routes that name no repository. */
export const READS: readonly string[] = ["GET", "HEAD"];

export const REGISTRY_ROUTES: readonly RegistryRoute["kind"][] = ["ping", "catalog"];

/** What is answered on routes that name a repository; a method that is missing is answered 405. */
export function repositoryRoutes(registry: Registry): Readonly<Record<RepositoryRouteKind, Methods>> {
  return {
    manifest: manifestMethods(registry),
    blob: blobMethods(registry),
    uploads: uploadsMethods(registry),
    upload: uploadMethods(registry),
    tags: tagsMethods(registry),
    referrers: referrersMethods(registry),
  };
}

const PULLED: ReadonlySet<Route["kind"]> = new Set<Route["kind"]>(["manifest", "blob", "tags", "referrers"]);

/** Whether a request takes part in a pull, which a repository may open to everyone. */
export function isPull(method: string, { kind }: Route): boolean {
  return PULLED.has(kind) && READS.includes(method);
}
