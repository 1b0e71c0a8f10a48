import { open } from "node:fs/promises";
import { UsageError } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** What a command reads is written by people. */
export const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** Reads a file, or standard input for `-`. @throws UsageError the file cannot be read, is longer than 16 MiB or no UTF-8 */
export async function readText(io: Io, path: string): Promise<string> {
  if (path === "-") return (await io.readInput?.()) ?? "";
  const bytes = await readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UsageError(`${path} is not text in UTF-8.`, { cause });
  }
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    return await readAll(file.createReadStream(), path);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`${path} cannot be read.`, { cause });
  }
}

async function readAll(source: AsyncIterable<string | Uint8Array>, name: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    const piece = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    bytes += piece.length;
    if (bytes > MAX_TEXT_BYTES) throw new UsageError(`${name} is longer than ${MAX_TEXT_BYTES} bytes.`);
    chunks.push(Buffer.from(piece));
  }
  return Buffer.concat(chunks);
}
