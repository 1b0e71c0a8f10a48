import { InvalidContentError } from "../failures.ts";
import { bytesOf } from "../reply.ts";
import type { RandomAccessFile, ReadableFiles } from "./files.ts";

const BLOCK_BYTES = 512;
const MAX_ENTRIES = 200_000;
/** Names and their like, which are read into memory. */
const MAX_EXTENSION_BYTES = 1024 * 1024;
const MAX_LINKS = 8;

const decoder = /* @__PURE__ */ new TextDecoder();

interface Entry {
  readonly offset: number;
  readonly sizeBytes: number;
  /** Where a link leads. */
  readonly link?: string;
}

/** The regular files of a tar, found by their names; nothing is unpacked. Source: POSIX pax, GNU tar's manual. */
export class TarReader implements ReadableFiles {
  readonly #file: RandomAccessFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(file: RandomAccessFile, entries: ReadonlyMap<string, Entry>) {
    this.#file = file;
    this.#entries = entries;
  }

  /** @throws InvalidContentError it is no tar */
  static async open(file: RandomAccessFile): Promise<TarReader> {
    return new TarReader(file, await readEntries(file));
  }

  sizeBytes(name: string): Promise<number | undefined> {
    return Promise.resolve(this.#find(name)?.sizeBytes);
  }

  read(name: string, fromByte: number): AsyncIterable<Uint8Array> {
    const entry = this.#find(name);
    if (entry === undefined) throw new InvalidContentError(`The archive does not have ${JSON.stringify(name)}`);
    return this.#file.read(entry.offset + fromByte, Math.max(0, entry.sizeBytes - fromByte));
  }

  /** Links lead to other files of the archive or nowhere. */
  #find(name: string): Entry | undefined {
    let at = normal(name);
    for (let links = 0; links <= MAX_LINKS; links += 1) {
      const entry = at === undefined ? undefined : this.#entries.get(at);
      if (entry?.link === undefined) return entry;
      at = normal(entry.link);
    }
    return undefined;
  }
}

interface Header {
  readonly name: string;
  readonly sizeBytes: number;
  readonly type: string;
  readonly link: string;
}

interface Extension {
  name?: string;
  link?: string;
  sizeBytes?: number;
}

async function readEntries(file: RandomAccessFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  let extension: Extension = {};
  let at = 0;
  for (let count = 0; at + BLOCK_BYTES <= file.sizeBytes; count += 1) {
    const block = await bytesOf({ body: file.read(at, BLOCK_BYTES) }, BLOCK_BYTES);
    if (block.every((byte) => byte === 0)) break;
    if (count >= MAX_ENTRIES) throw new InvalidContentError(`The archive has more than ${MAX_ENTRIES} entries`);
    const header = parseHeader(block);
    const offset = at + BLOCK_BYTES;
    const isExtension = "xgLK".includes(header.type);
    const sizeBytes = isExtension ? header.sizeBytes : (extension.sizeBytes ?? header.sizeBytes);
    if (offset + sizeBytes > file.sizeBytes) throw new InvalidContentError("The archive ends within a file");
    at = offset + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
    if (isExtension) {
      if (sizeBytes > MAX_EXTENSION_BYTES) throw new InvalidContentError("The archive has a name without end");
      const bytes = await bytesOf({ body: file.read(offset, sizeBytes) }, MAX_EXTENSION_BYTES);
      if (header.type !== "g") extension = { ...extension, ...extensionOf(header.type, bytes) };
      continue;
    }
    add(entries, { ...header, ...extension, sizeBytes }, offset);
    extension = {};
  }
  return entries;
}

function add(entries: Map<string, Entry>, { name, type, link, sizeBytes }: Header, offset: number): void {
  const path = normal(name);
  if (path === undefined) return;
  if (type === "0" || type === "\0" || type === "7") entries.set(path, { offset, sizeBytes });
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  if (type === "1") entries.set(path, { offset, sizeBytes: 0, link });
  if (type === "2") entries.set(path, { offset, sizeBytes: 0, link: link.startsWith("/") ? link : folder + link });
}

function extensionOf(type: string, bytes: Uint8Array): Extension {
  if (type === "L") return { name: text(bytes) };
  if (type === "K") return { link: text(bytes) };
  const extension: Extension = {};
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(decoder.decode(bytes.subarray(at, Math.max(at, space))));
    if (space < 0 || !Number.isSafeInteger(length) || length <= space - at + 1) {
      throw new InvalidContentError("The archive has an invalid extended header");
    }
    const record = decoder.decode(bytes.subarray(space + 1, at + length - 1));
    const [key, value] = [record.slice(0, record.indexOf("=")), record.slice(record.indexOf("=") + 1)];
    if (key === "path") extension.name = value;
    if (key === "linkpath") extension.link = value;
    if (key === "size") extension.sizeBytes = sizeOf(Number(value));
    at += length;
  }
  return extension;
}

function parseHeader(block: Uint8Array): Header {
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum !== Number.parseInt(text(block.subarray(148, 156)).trim(), 8)) {
    throw new InvalidContentError("It is no tar archive, or a compressed one");
  }
  const isPosix = text(block.subarray(257, 262)) === "ustar" && block[262] === 0;
  const prefix = isPosix ? text(block.subarray(345, 500)) : "";
  const name = text(block.subarray(0, 100));
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    sizeBytes: number(block.subarray(124, 136)),
    type: String.fromCharCode(block[156] ?? 0),
    link: text(block.subarray(157, 257)),
  };
}

/** Octal digits, or for files of 8 GiB and more the number itself behind a set bit. */
function number(field: Uint8Array): number {
  const [first = 0] = field;
  if (first < 0x80) return sizeOf(Number.parseInt(text(field).trim() || "0", 8));
  return sizeOf(field.subarray(1).reduce((total, byte) => total * 256 + byte, first & 0x7f));
}

function sizeOf(size: number): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new InvalidContentError("The archive has a file of an impossible size");
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

/** Undefined when a name leads out of the archive. */
function normal(name: string): string | undefined {
  const parts: string[] = [];
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}
