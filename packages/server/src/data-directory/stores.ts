import { stat } from "node:fs/promises";
import type { BlobStore, Metadata } from "@stowage/registry";
import { dataPaths, loadMasterKey, openDiskBlobs, openSqlite, type MasterKey } from "@stowage/storage";
import { ConfigError } from "../config/load.ts";

/** @throws ConfigError the key of an existing installation is missing */
export async function openMasterKey(directory: string, value: string | undefined): Promise<MasterKey> {
  if (value !== undefined && value !== "") return loadMasterKey({ path: "", value });
  const path = dataPaths(directory).masterKey;
  // A new key in place of a lost one would leave every secret here sealed for good, and say so only later.
  if (!(await exists(path)) && (await hasInstallation(directory))) {
    throw new ConfigError(`The master key of ${directory} is not at ${path}. Set STOWAGE_MASTER_KEY to it.`);
  }
  return loadMasterKey({ path });
}

export function hasInstallation(directory: string): Promise<boolean> {
  return exists(dataPaths(directory).database);
}

export function openMetadata(directory: string): Promise<Metadata> {
  return openSqlite({ path: dataPaths(directory).database });
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
