import { open } from "node:fs/promises";

/** Makes the names in a directory durable: a new, renamed or removed file is not until then. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows has no such call: it journals names by itself.
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
