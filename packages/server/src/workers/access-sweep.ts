import type { Clock, Metadata } from "@stowage/registry";
import type { Worker } from "./workers.ts";

const EVERY_MS = 60_000;
const BATCH = 100;
/** A registry token that was made in the last moment of a session lives on for twelve hours, under the session's policies. */
export const SESSION_AFTERLIFE_MS = 12 * 3_600_000;

/** Forgets sessions and revocations that have nothing left to decide. */
export function accessSweep(metadata: Pick<Metadata, "transaction">, clock: Clock): Worker {
  const run = (): Promise<number> => {
    const now = clock.now();
    const over = new Date(now.getTime() - SESSION_AFTERLIFE_MS);
    return metadata.transaction(
      async ({ sessions, access }) =>
        (await sessions.deleteExpired(over, BATCH)) + (await access.deleteExpiredRevocations(now, BATCH)),
      { durable: false },
    );
  };
  return { name: "expired-access", everyMs: EVERY_MS, batch: BATCH, run };
}
