import type { MetadataTransaction } from "@stowage/registry";
import { AccessStore } from "./access.ts";
import { BlobRowStore } from "./blobs.ts";
import type { Executor } from "./executor.ts";
import { AccessKeyStore, AccountStore } from "./accounts.ts";
import { IdentityStore } from "./identities.ts";
import { ImageStore } from "./images.ts";
import { RepositoryStore } from "./repositories.ts";
import { SessionStore } from "./sessions.ts";
import { SettingStore } from "./settings.ts";
import { UploadStore } from "./uploads.ts";

/** All nouns over one executor. */
export function stores(db: Executor): MetadataTransaction {
  return {
    repositories: new RepositoryStore(db),
    images: new ImageStore(db),
    blobs: new BlobRowStore(db),
    uploads: new UploadStore(db),
    settings: new SettingStore(db),
    accounts: new AccountStore(db),
    accessKeys: new AccessKeyStore(db),
    identities: new IdentityStore(db),
    sessions: new SessionStore(db),
    access: new AccessStore(db),
  };
}
