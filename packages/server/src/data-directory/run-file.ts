import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRegistryId, type RegistryId } from "@stowage/model";

const RUN_FILE = "run.json";

/** What a running server tells the commands beside it. */
export interface RunFile {
  readonly pid: number;
  readonly endpoint: string;
  /** The defaults it runs with. */
  readonly account: RegistryId;
  readonly region: string;
}

/** Only who holds the lock writes it, once it listens. */
export async function writeRunFile(directory: string, run: RunFile): Promise<void> {
  const path = join(directory, RUN_FILE);
  await writeFile(`${path}.new`, `${JSON.stringify(run)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

export async function removeRunFile(directory: string): Promise<void> {
  await rm(join(directory, RUN_FILE), { force: true });
}

/** Undefined when there is none; what it says counts only while the directory is locked. */
export async function readRunFile(directory: string): Promise<RunFile | undefined> {
  try {
    return parse(JSON.parse(await readFile(join(directory, RUN_FILE), "utf8")));
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && "code" in error && error.code === "ENOENT")) {
      return undefined;
    }
    throw error;
  }
}

function parse(json: unknown): RunFile | undefined {
  const { pid, endpoint, account, region } = (json ?? {}) as Readonly<Record<keyof RunFile, unknown>>;
  if (typeof pid !== "number" || typeof endpoint !== "string" || typeof region !== "string") return undefined;
  return typeof account === "string" && isRegistryId(account) ? { pid, endpoint, account, region } : undefined;
}
