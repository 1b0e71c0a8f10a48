import { setTimeout as sleep } from "node:timers/promises";
import { openDataDirectory, type DataDirectory, type RunningServer } from "@stowage/storage";

/** How long to wait for a holder that is no server, such as another command; those are done within moments. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 25;

/** Somebody else works on the data directory; `server` is known once it listens. */
export class DirectoryInUse extends Error {
  override readonly name = "DirectoryInUse";
  readonly server: RunningServer | undefined;

  constructor(path: string, server: RunningServer | undefined) {
    const holder =
      server === undefined ? "another process" : `the server at ${server.endpoint} (process ${server.pid})`;
    super(`The data directory ${path} is in use by ${holder}.`);
    this.server = server;
  }
}

/**
 * Takes a data directory for this process alone, and makes it if need be.
 * @throws DirectoryInUse a server has it, or another process for too long
 */
export async function takeDirectory(path: string, patienceMs = PATIENCE_MS): Promise<DataDirectory> {
  for (let attempts = Math.ceil(patienceMs / RETRY_MS); ; attempts--) {
    const opening = await openDataDirectory(path);
    if (opening.kind === "open") return opening.directory;
    if (opening.by !== undefined || attempts <= 0) throw new DirectoryInUse(path, opening.by);
    await sleep(RETRY_MS);
  }
}
