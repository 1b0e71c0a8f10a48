import type { Executor } from "./executor.ts";
import { numberOf, present } from "./executor.ts";

const VERSION = `SELECT version FROM access_version WHERE id = 1`;
const MOVE_ON = `UPDATE access_version SET version = version + 1 WHERE id = 1`;

/** Grows with every commit that may change a decision about access. */
export async function accessVersion(db: Executor): Promise<number> {
  return numberOf(present(await db.get(VERSION)), "version");
}

/**
 * Moves the version on within the transaction that changes what decisions rest on.
 * @param rows how many rows changed: with none, nothing has to be concluded anew
 * @returns whether any did
 */
export async function accessChanged(db: Executor, rows = 1): Promise<boolean> {
  if (rows > 0) await db.run(MOVE_ON);
  return rows > 0;
}
