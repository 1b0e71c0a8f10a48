import { open, rm } from "node:fs/promises";
import { join } from "node:path";

const PIECE_BYTES = 1024 ** 2;

/**
 * Writes a file of so many bytes and removes it before it has come to the disk: the page cache that a run fills is then memory
 * which the machine has used before. On a virtual machine the first use of a page costs more than writing to it.
 */
export async function touchMemory(folder: string, sizeBytes: number): Promise<void> {
  const path = join(folder, "touched");
  const file = await open(path, "w");
  const piece = Buffer.alloc(PIECE_BYTES);
  for (let written = 0; written < sizeBytes; written += PIECE_BYTES) await file.write(piece);
  await file.close();
  await rm(path);
}
