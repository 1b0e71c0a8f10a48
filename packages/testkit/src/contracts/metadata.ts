import { describe } from "vitest";
import { accessRowsContract } from "./metadata/access.ts";
import { accountRowsContract } from "./metadata/accounts.ts";
import { blobRowsContract } from "./metadata/blobs.ts";
import { identityRowsContract } from "./metadata/identities.ts";
import { imageRowsContract } from "./metadata/images.ts";
import { repositoryRowsContract } from "./metadata/repositories.ts";
import { sessionRowsContract } from "./metadata/sessions.ts";
import { tagRowsContract } from "./metadata/tags.ts";
import { transactionsContract } from "./metadata/transactions.ts";
import type { OpenMetadata } from "./metadata/under-test.ts";
import { uploadRowsContract } from "./metadata/uploads.ts";

/** What every driver of metadata does. It leaves nothing behind, and fails when the driver does. */
export function metadataContract(name: string, open: OpenMetadata): void {
  describe(`${name} stores`, () => {
    repositoryRowsContract(open);
    imageRowsContract(open);
    tagRowsContract(open);
    blobRowsContract(open);
    uploadRowsContract(open);
    accountRowsContract(open);
    identityRowsContract(open);
    sessionRowsContract(open);
    accessRowsContract(open);
    transactionsContract(open);
  });
}
