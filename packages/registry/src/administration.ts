import type { Authoriser } from "./access/authoriser.ts";
import { PolicyAuthoriser } from "./access/policy-authoriser.ts";
import { Identities } from "./identities/identities.ts";
import { ManagedPolicies } from "./identities/managed-policies.ts";
import { IdentityPermissions } from "./identities/permissions.ts";
import { Principals } from "./identities/principals.ts";
import { Revocations } from "./identities/revocations.ts";
import { PageTokens } from "./paging/page-tokens.ts";
import type { Metadata } from "./ports/metadata.ts";
import type { Clock, Hasher, Ids } from "./ports/runtime.ts";

export interface AdministrationParts {
  readonly metadata: Metadata;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hasher: Hasher;
  /** Key under which page tokens are made; 32 bytes. */
  readonly pageTokenKey: Uint8Array;
  /** `false` under `--open`: everyone may do everything. */
  readonly enforce?: boolean;
  /** Whether a repository policy may let callers without credentials pull. */
  readonly anonymousPull?: boolean;
  /** Told of a stored policy that cannot be read, whose absence nobody can rely on: it denies everything. */
  readonly onUnreadablePolicy?: (policy: string) => void;
}

/** What needs no blobs: who there is and who may do what. */
export interface Administration {
  readonly identities: Identities;
  readonly permissions: IdentityPermissions;
  readonly managedPolicies: ManagedPolicies;
  readonly principals: Principals;
  readonly revocations: Revocations;
  readonly access: Authoriser;
  readonly pageTokens: PageTokens;
}

export function createAdministration(parts: AdministrationParts): Administration {
  const { metadata, clock, ids, hasher } = parts;
  const principals = new Principals(metadata);
  return {
    identities: new Identities({ metadata, clock, ids }),
    permissions: new IdentityPermissions(metadata),
    managedPolicies: new ManagedPolicies(metadata, clock),
    principals,
    revocations: new Revocations({ metadata, clock, hasher, principals }),
    access: new PolicyAuthoriser({
      metadata,
      clock,
      enforce: parts.enforce ?? true,
      anonymousPull: parts.anonymousPull ?? false,
      report: parts.onUnreadablePolicy ?? (() => undefined),
    }),
    pageTokens: new PageTokens(hasher, parts.pageTokenKey),
  };
}
