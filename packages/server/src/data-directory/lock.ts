import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { readRunFile, removeRunFile, type RunFile } from "./run-file.ts";

const LOCK_FILE = "lock";
/** How long to wait for a holder that is no server, such as another command; those are done within moments. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 25;
const SQLITE_BUSY = 5;

/** Somebody else works on the data directory; `server` is known once it listens. */
export class DirectoryInUse extends Error {
  override readonly name = "DirectoryInUse";
  readonly server: RunFile | undefined;

  constructor(directory: string, server: RunFile | undefined) {
    const holder =
      server === undefined ? "another process" : `the server at ${server.endpoint} (process ${server.pid})`;
    super(`The data directory ${directory} is in use by ${holder}.`);
    this.server = server;
  }
}

export interface DirectoryLock {
  /** Twice is fine. */
  release(): void;
}

/**
 * Makes the data directory if need be, and takes it for this process alone. The lock is the kernel's, on a file of its own:
 * it ends with the process, however that ends.
 * @throws DirectoryInUse a server has it, or another process for too long
 */
export async function lockDirectory(directory: string, patienceMs = PATIENCE_MS): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, LOCK_FILE);
  for (let attempts = Math.ceil(patienceMs / RETRY_MS); ; attempts--) {
    const lock = tryLock(path);
    if (lock !== undefined) {
      // Whoever wrote it is gone.
      await removeRunFile(directory);
      return lock;
    }
    const server = await readRunFile(directory);
    if (server !== undefined || attempts <= 0) throw new DirectoryInUse(directory, server);
    await sleep(RETRY_MS);
  }
}

function tryLock(path: string): DirectoryLock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  let isHeld = true;
  return {
    release() {
      if (isHeld) database.close();
      isHeld = false;
    },
  };
}
