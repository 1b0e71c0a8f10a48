import { joined } from "../../http.ts";

const BLOCK_BYTES = 512;
/** What eleven octal digits hold. */
const MAX_OCTAL = 8 ** 11 - 1;

const encoder = /* @__PURE__ */ new TextEncoder();

const NAME_BYTES = 100;

/** The header of a regular file, owned by root, as old as the epoch; a name that ends in `/` is a folder's. */
export function tarHeader(name: string, sizeBytes: number): Uint8Array {
  if (name.length <= NAME_BYTES) return headerBlock(name, { sizeBytes, type: name.endsWith("/") ? "5" : "0" });
  // Names of digests longer than SHA-256's.
  const record = (length: number): string => `${length} path=${name}\n`;
  const bytes = encoder.encode(record(record(100).length));
  return joinedBlocks(
    headerBlock("PaxHeader", { sizeBytes: bytes.length, type: "x" }),
    bytes,
    tarPadding(bytes.length),
    headerBlock(name.slice(0, NAME_BYTES), { sizeBytes, type: "0" }),
  );
}

function headerBlock(
  name: string,
  { sizeBytes, type }: { readonly sizeBytes: number; readonly type: "0" | "5" | "x" },
): Uint8Array {
  const header = new Uint8Array(BLOCK_BYTES);
  const put = (text: string, at: number): void => header.set(encoder.encode(text), at);
  put(name, 0);
  put(type === "5" ? "0000755\0" : "0000644\0", 100);
  put("0000000\0", 108);
  put("0000000\0", 116);
  if (sizeBytes <= MAX_OCTAL) put(`${sizeBytes.toString(8).padStart(11, "0")}\0`, 124);
  else putLarge(header.subarray(124, 136), sizeBytes);
  put(`${"0".repeat(11)}\0`, 136);
  put("        ", 148);
  put(type, 156);
  put("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function joinedBlocks(...blocks: readonly Uint8Array[]): Uint8Array {
  return joined(
    blocks,
    blocks.reduce((total, { length }) => total + length, 0),
  );
}

export function tarPadding(sizeBytes: number): Uint8Array {
  return new Uint8Array((BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

export function tarEnd(): Uint8Array {
  return new Uint8Array(2 * BLOCK_BYTES);
}

/** As GNU tar and docker write sizes that eleven digits do not hold. */
function putLarge(field: Uint8Array, size: number): void {
  let rest = size;
  for (let at = field.length - 1; at > 0; at -= 1) {
    field[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  field[0] = 0x80;
}
