import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { BlobStore, Metadata } from "@stowage/registry";
import { loadMasterKey, openDiskBlobs, openSqlite, type MasterKey } from "@stowage/storage";
import { ConfigError } from "../config/load.ts";

/** Names in a data directory, beside those that storage describes there. */
const MASTER_KEY = join("keys", "master.key");
export const METADATA = "metadata.sqlite";

/** @throws ConfigError the key of an existing installation is missing */
export async function openMasterKey(directory: string, value: string | undefined): Promise<MasterKey> {
  if (value !== undefined && value !== "") return loadMasterKey({ path: "", value });
  const path = join(directory, MASTER_KEY);
  // A new key in place of a lost one would leave every secret here sealed for good, and say so only later.
  if (!(await exists(path)) && (await hasInstallation(directory))) {
    throw new ConfigError(`The master key of ${directory} is not in ${MASTER_KEY}. Set STOWAGE_MASTER_KEY to it.`);
  }
  return loadMasterKey({ path });
}

export function hasInstallation(directory: string): Promise<boolean> {
  return exists(join(directory, METADATA));
}

export function openMetadata(directory: string): Promise<Metadata> {
  return openSqlite({ path: join(directory, METADATA) });
}

export function openBlobs(directory: string): Promise<BlobStore> {
  return openDiskBlobs({ directory });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
