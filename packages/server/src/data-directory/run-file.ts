import { readFile } from "node:fs/promises";
import { isRegistryId, type RegistryId } from "@stowage/model";
import { dataPaths, type RunningServer } from "@stowage/storage";

/** What a running server announces to the commands beside it. */
export interface Announcement extends RunningServer {
  /** The defaults it runs with. */
  readonly account: RegistryId;
  readonly region: string;
}

/** Undefined when there is none; what it says counts only while a server has the directory. */
export async function readAnnouncement(directory: string): Promise<Announcement | undefined> {
  try {
    return parse(JSON.parse(await readFile(dataPaths(directory).runFile, "utf8")));
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && "code" in error && error.code === "ENOENT")) {
      return undefined;
    }
    throw error;
  }
}

function parse(json: unknown): Announcement | undefined {
  const { pid, endpoint, account, region } = (json ?? {}) as Readonly<Record<keyof Announcement, unknown>>;
  if (typeof pid !== "number" || typeof endpoint !== "string" || typeof region !== "string") return undefined;
  return typeof account === "string" && isRegistryId(account) ? { pid, endpoint, account, region } : undefined;
}
