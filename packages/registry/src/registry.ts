import { createAdministration, type Administration, type AdministrationParts } from "./administration.ts";
import { Collector } from "./collection/collector.ts";
import { Images } from "./images/images.ts";
import { Layers } from "./layers/layers.ts";
import type { BlobStore } from "./ports/blobs.ts";
import { Policies } from "./policies/policies.ts";
import { ECR_QUOTAS, type Quotas } from "./quotas.ts";
import { Repositories } from "./repositories/repositories.ts";
import { Settings } from "./settings/settings.ts";
import { Uploads } from "./uploads/uploads.ts";

export interface RegistryParts extends AdministrationParts {
  readonly blobs: BlobStore;
  readonly quotas?: Partial<Quotas>;
  readonly idempotentImmutableTags?: boolean;
}

/** Every operation once, for all doors. */
export interface Registry extends Administration {
  readonly repositories: Repositories;
  readonly images: Images;
  readonly layers: Layers;
  readonly uploads: Uploads;
  readonly settings: Settings;
  readonly policies: Policies;
  readonly collector: Collector;
  readonly quotas: Quotas;
}

export function createRegistry(parts: RegistryParts): Registry {
  const { metadata, blobs, clock, ids, hasher } = parts;
  const quotas = { ...ECR_QUOTAS, ...parts.quotas };
  const settings = new Settings(metadata);
  const administration = createAdministration(parts);
  return {
    ...administration,
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
    policies: new Policies(metadata, administration.access),
    collector: new Collector(metadata, blobs, clock),
    quotas,
  };
}
