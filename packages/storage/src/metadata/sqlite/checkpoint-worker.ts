import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { CheckpointAnswer, CheckpointMode } from "./checkpointer.ts";

/** How long a checkpoint waits for readers in other processes; ours are never in its way. */
const BUSY_TIMEOUT_MS = 100;

const database = new DatabaseSync(String(workerData), { timeout: BUSY_TIMEOUT_MS });
database.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");

function checkpoint(mode: CheckpointMode): CheckpointAnswer {
  try {
    const row = database.prepare(`PRAGMA wal_checkpoint(${mode})`).get();
    return { busy: row?.["busy"] !== 0 };
  } catch (error) {
    return { busy: false, error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on("message", (mode: CheckpointMode | "close") => {
  if (mode === "close") {
    database.close();
    parentPort?.close();
  } else {
    parentPort?.postMessage(checkpoint(mode));
  }
});
