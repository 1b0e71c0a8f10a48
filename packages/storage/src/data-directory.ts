import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { absent } from "./file-errors.ts";
import { syncDirectory } from "./sync-directory.ts";

/*
 * DIRECTORY/
 *   format              version of this layout
 *   lock                held by whoever has the directory open
 *   run.json            process and address of the server that holds the lock
 *   stowage.db          metadata, with -wal and -shm beside it
 *   keys/master.key     seals the secrets in the metadata
 *   blobs/, uploads/    see blobs/disk/paths.ts
 */

/** Where things lie in a data directory. */
export interface DataPaths {
  readonly database: string;
  readonly masterKey: string;
  readonly runFile: string;
}

export function dataPaths(directory: string): DataPaths {
  return {
    database: join(directory, "stowage.db"),
    masterKey: join(directory, "keys", "master.key"),
    runFile: join(directory, "run.json"),
  };
}

const FORMAT = 1;
const OWNER_ONLY = 0o700;
const SQLITE_BUSY = 5;

/** The server that has a data directory open. */
export interface RunningServer {
  readonly pid: number;
  /** Its base address, `http://127.0.0.1:5100` for one. */
  readonly endpoint: string;
}

export type DataDirectoryOpening =
  | { readonly kind: "open"; readonly directory: DataDirectory }
  /** Another process has it; `by` is absent while that one starts, or when it is no server. */
  | { readonly kind: "held"; readonly by?: RunningServer };

/** A newer release laid the directory out; an older one would misread it. */
export class NewerDataDirectory extends Error {
  override readonly name = "NewerDataDirectory";
  constructor(path: string, found: string) {
    super(`${path} has format ${found}, this release knows ${FORMAT}: use the release that wrote it, or newer`);
  }
}

/** A lock that nobody refers to would be collected as garbage, and so given up. */
const held = new Set<DatabaseSync>();

/** A data directory of which this process is the only user. */
export class DataDirectory {
  readonly path: string;
  readonly #lock: DatabaseSync;

  constructor(path: string, lock: DatabaseSync) {
    this.path = path;
    this.#lock = lock;
  }

  /** Tells other processes where this one answers. */
  async announce(server: RunningServer): Promise<void> {
    await writeWhole(dataPaths(this.path).runFile, JSON.stringify(server));
  }

  /** Gives the directory up. Twice is fine. */
  async close(): Promise<void> {
    if (!this.#lock.isOpen) return;
    await rm(dataPaths(this.path).runFile, { force: true });
    held.delete(this.#lock);
    this.#lock.close();
  }
}

/**
 * Opens a data directory for this process alone, and makes it when it is missing.
 * The lock is a transaction on a database file: it ends with the process, however that ends.
 * @throws NewerDataDirectory
 */
export async function openDataDirectory(path: string): Promise<DataDirectoryOpening> {
  await mkdir(join(path, "keys"), { recursive: true, mode: OWNER_ONLY });
  const lock = takeLock(join(path, "lock"));
  if (lock === undefined) {
    const by = await readRunningServer(path);
    return by === undefined ? { kind: "held" } : { kind: "held", by };
  }
  try {
    await checkFormat(path);
    await rm(dataPaths(path).runFile, { force: true });
    await syncDirectory(path);
    await syncDirectory(dirname(path));
    held.add(lock);
    return { kind: "open", directory: new DataDirectory(path, lock) };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function takeLock(path: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    // The lock is all that is wanted: no journal beside it.
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
}

async function checkFormat(path: string): Promise<void> {
  const file = join(path, "format");
  const found = await readFile(file, "utf8").catch(absent);
  if (found === undefined) await writeWhole(file, `${FORMAT}\n`);
  else if (found.trim() !== String(FORMAT)) throw new NewerDataDirectory(path, found.trim().slice(0, 20));
}

async function readRunningServer(path: string): Promise<RunningServer | undefined> {
  const text = await readFile(dataPaths(path).runFile, "utf8").catch(absent);
  if (text === undefined) return undefined;
  const { pid, endpoint } = JSON.parse(text) as Partial<RunningServer>;
  return typeof pid === "number" && typeof endpoint === "string" ? { pid, endpoint } : undefined;
}

/** The file appears whole or not at all. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
