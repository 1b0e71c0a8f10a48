export { openDiskBlobs } from "./blobs/disk/blob-store.ts";
export { openMemoryBlobs } from "./blobs/memory/blob-store.ts";
export {
  DataDirectory,
  NewerDataDirectory,
  openDataDirectory,
  type DataDirectoryOpening,
  type RunningServer,
  dataPaths,
} from "./data-directory.ts";
export { MasterKey, SealBroken, UnusableMasterKey, loadMasterKey } from "./keys/master-key.ts";
export { NewerDatabase } from "./metadata/migrate.ts";
export { DurabilityLost } from "./metadata/sqlite/group-sync.ts";
export { openSqlite, type SqliteOptions } from "./metadata/sqlite/open.ts";
export { TransactionQueueFull, TransactionSpannedTurns } from "./metadata/sqlite/transaction-queue.ts";
export { nodeHasher, systemClock, systemIds } from "./runtime.ts";
