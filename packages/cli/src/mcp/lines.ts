const NEWLINE = 0x0a;

/**
 * The lines of a stream of bytes, the last one with or without its end. A line of more than `maxBytes` is skipped, its bytes
 * are not kept, and it comes as undefined.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array | undefined, void, undefined> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const finish = (): Uint8Array | undefined => {
    const line = bytes > maxBytes ? undefined : Buffer.concat(parts, bytes);
    parts = [];
    bytes = 0;
    return line;
  };
  const keep = (part: Uint8Array): void => {
    bytes += part.length;
    if (bytes > maxBytes) parts = [];
    else parts.push(part);
  };
  for await (const chunk of input) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, to));
      yield finish();
      from = to + 1;
    }
    keep(chunk.subarray(from));
  }
  if (bytes > 0) yield finish();
}
