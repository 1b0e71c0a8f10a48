import type { Authoriser } from "./access/authoriser.ts";
import { PolicyAuthoriser } from "./access/policy-authoriser.ts";
import { Collector } from "./collection/collector.ts";
import { Images } from "./images/images.ts";
import { Layers } from "./layers/layers.ts";
import { PageTokens } from "./paging/page-tokens.ts";
import type { BlobStore } from "./ports/blobs.ts";
import type { Metadata } from "./ports/metadata.ts";
import type { Clock, Hasher, Ids } from "./ports/runtime.ts";
import { Policies } from "./policies/policies.ts";
import { ECR_QUOTAS, type Quotas } from "./quotas.ts";
import { Repositories } from "./repositories/repositories.ts";
import { Settings } from "./settings/settings.ts";
import { Uploads } from "./uploads/uploads.ts";

export interface RegistryParts {
  readonly metadata: Metadata;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hasher: Hasher;
  /** Key under which page tokens are made; 32 bytes. */
  readonly pageTokenKey: Uint8Array;
  readonly quotas?: Partial<Quotas>;
  readonly idempotentImmutableTags?: boolean;
  /** `false` under `--open`: everyone may do everything. */
  readonly enforce?: boolean;
  /** Whether a repository policy may let callers without credentials pull. */
  readonly anonymousPull?: boolean;
  /** Told of a stored policy that cannot be read, whose absence nobody can rely on: it denies everything. */
  readonly onUnreadablePolicy?: (policy: string) => void;
}

/** Every operation once, for all doors. */
export interface Registry {
  readonly repositories: Repositories;
  readonly images: Images;
  readonly layers: Layers;
  readonly uploads: Uploads;
  readonly settings: Settings;
  readonly policies: Policies;
  readonly collector: Collector;
  readonly access: Authoriser;
  readonly pageTokens: PageTokens;
  readonly quotas: Quotas;
}

export function createRegistry(parts: RegistryParts): Registry {
  const { metadata, blobs, clock, ids, hasher } = parts;
  const quotas = { ...ECR_QUOTAS, ...parts.quotas };
  const settings = new Settings(metadata);
  const access = new PolicyAuthoriser({
    metadata,
    clock,
    enforce: parts.enforce ?? true,
    anonymousPull: parts.anonymousPull ?? false,
    report: parts.onUnreadablePolicy ?? (() => undefined),
  });
  return {
    repositories: new Repositories(metadata, clock, quotas),
    images: new Images({
      metadata,
      clock,
      hasher,
      quotas,
      idempotentImmutableTags: parts.idempotentImmutableTags ?? false,
    }),
    layers: new Layers({ metadata, blobs, clock, quotas }),
    uploads: new Uploads({ metadata, blobs, clock, ids, quotas }, settings),
    settings,
    policies: new Policies(metadata, access),
    collector: new Collector(metadata, blobs, clock),
    access,
    pageTokens: new PageTokens(hasher, parts.pageTokenKey),
    quotas,
  };
}
