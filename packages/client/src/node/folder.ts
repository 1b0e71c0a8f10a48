import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, realpath, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { InvalidContentError } from "../oci/failures.ts";
import type { Files, RandomAccessFile } from "../oci/images/files.ts";

const READ_BYTES = 256 * 1024;
/** Folders that are wrong in some way are not entered by a link. */
const NO_LINKS = constants.O_RDONLY | constants.O_NOFOLLOW;

/** A folder as place of an OCI layout. Links in it that lead elsewhere are not followed. */
export function folder(path: string): Files {
  return {
    async sizeBytes(name) {
      const file = await openInside(path, name);
      if (file === undefined) return undefined;
      try {
        return (await file.stat()).size;
      } finally {
        await file.close();
      }
    },
    async *read(name, fromByte) {
      const file = await openInside(path, name);
      if (file === undefined) throw new InvalidContentError(`There is no file ${JSON.stringify(name)}`);
      try {
        yield* chunksOf(file, fromByte, Number.POSITIVE_INFINITY);
      } finally {
        await file.close();
      }
    },
    async write(name, chunks) {
      const place = join(path, ...partsOf(name));
      await mkdir(dirname(place), { recursive: true });
      await requireInside(path, dirname(place));
      const draft = `${place}.${randomUUID()}.partial`;
      try {
        await writeAll(draft, chunks);
        await rename(draft, place);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}

/** A file that is read anywhere: an archive to push. Close it when it is done with. */
export interface OpenedFile extends RandomAccessFile, AsyncDisposable {
  close(): Promise<void>;
}

export async function openFile(path: string): Promise<OpenedFile> {
  const file = await open(path, "r");
  const { size: sizeBytes } = await file.stat();
  const close = (): Promise<void> => file.close();
  return {
    sizeBytes,
    read: (fromByte, lengthBytes) => chunksOf(file, fromByte, lengthBytes),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function writeAll(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, "wx");
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function* chunksOf(file: FileHandle, fromByte: number, lengthBytes: number): AsyncGenerator<Uint8Array> {
  let at = fromByte;
  const end = fromByte + lengthBytes;
  while (at < end) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Undefined when there is no such regular file. */
async function openInside(root: string, name: string): Promise<FileHandle | undefined> {
  const place = join(root, ...partsOf(name));
  let file: FileHandle;
  try {
    await requireInside(root, dirname(place));
    // A pipe in the place of a file would wait for its writer.
    file = await open(place, NO_LINKS | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "ELOOP") throw new InvalidContentError(`${name} is a link`, { cause: error });
    throw error;
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return undefined;
}

async function requireInside(root: string, place: string): Promise<void> {
  const [real, realRoot] = await Promise.all([realpath(place), realpath(root)]);
  if (real !== realRoot && !real.startsWith(realRoot + sep)) {
    throw new InvalidContentError(`${place} leads out of its folder`);
  }
}

function partsOf(name: string): readonly string[] {
  const parts = name.split("/");
  if (parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\\\0]/.test(part))) return parts;
  throw new InvalidContentError(`${JSON.stringify(name)} is no name of a file in a folder`);
}
