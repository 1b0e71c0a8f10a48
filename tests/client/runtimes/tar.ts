const BLOCK_BYTES = 512;
const CHECKSUM_AT = 148;

/** An archive of plain files. Source: POSIX.1-1988, ustar. */
export function tarOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => [
    headerOf(name, bytes.length),
    bytes,
    new Uint8Array((BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES),
  ]);
  blocks.push(new Uint8Array(2 * BLOCK_BYTES));
  const tar = new Uint8Array(blocks.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const block of blocks) {
    tar.set(block, at);
    at += block.length;
  }
  return tar;
}

function headerOf(name: string, sizeBytes: number): Uint8Array {
  const header = new Uint8Array(BLOCK_BYTES);
  const write = (text: string, at: number): void => header.set(new TextEncoder().encode(text), at);
  write(name, 0);
  write("0000644\0", 100);
  write(`${sizeBytes.toString(8).padStart(11, "0")}\0`, 124);
  write("00000000000\0", 136);
  // The sum is taken with spaces in its own place.
  write("        0", CHECKSUM_AT);
  write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, "0")}\0 `, CHECKSUM_AT);
  return header;
}
