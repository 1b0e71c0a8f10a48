import type { Totals } from "@stowage/registry";
import type { Executor } from "./executor.ts";
import { numberOf, present } from "./executor.ts";

const STORED = `SELECT image_count, blob_count, blob_bytes FROM total WHERE id = 1`;
const REGISTRIES = `SELECT COUNT(*) AS registries, COALESCE(SUM(repository_count), 0) AS repositories FROM registry
  WHERE repository_count > 0`;
const UPLOADS = `SELECT COUNT(*) AS uploads FROM upload`;

/** Counts; a registry counts when it has a repository. */
export async function totals(db: Executor): Promise<Totals> {
  const stored = present(await db.get(STORED));
  const registries = present(await db.get(REGISTRIES));
  return {
    registries: numberOf(registries, "registries"),
    repositories: numberOf(registries, "repositories"),
    images: numberOf(stored, "image_count"),
    blobs: numberOf(stored, "blob_count"),
    blobBytes: numberOf(stored, "blob_bytes"),
    openUploads: numberOf(present(await db.get(UPLOADS)), "uploads"),
  };
}
