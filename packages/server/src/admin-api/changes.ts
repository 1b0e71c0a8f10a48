import type { NewIdentity } from "@stowage/registry";

/** What requests may say of an identity. */
interface GivenChanges {
  readonly path?: string | undefined;
  readonly tags?: NewIdentity["tags"] | undefined;
  readonly permissionsBoundary?: string | undefined;
  readonly trustPolicy?: string | undefined;
  readonly maxSessionDuration?: number | undefined;
}

/** In the registry's words, without what is not given. */
export function identityChanges(given: GivenChanges): NewIdentity {
  const { path, tags, permissionsBoundary, trustPolicy, maxSessionDuration } = given;
  return {
    ...(path !== undefined && { path }),
    ...(tags !== undefined && { tags }),
    ...(permissionsBoundary !== undefined && { boundaryArn: permissionsBoundary }),
    ...(trustPolicy !== undefined && { trustPolicy }),
    ...(maxSessionDuration !== undefined && { maxSessionSeconds: maxSessionDuration }),
  };
}
