const NEWLINE = 0x0a;
const FIRST_CAPACITY = 4096;

/**
 * The lines of a stream of bytes, the last one with or without its end. A line of more than `maxBytes` is skipped, its bytes
 * are not kept, and it comes as undefined.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array | undefined, void, undefined> {
  let line = new Line(maxBytes);
  for await (const chunk of input) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
      line.append(chunk.subarray(from, to));
      yield line.bytes();
      line = new Line(maxBytes);
      from = to + 1;
    }
    line.append(chunk.subarray(from));
  }
  if (line.length > 0) yield line.bytes();
}

/** Grows by doubling, so that a line that comes byte by byte costs no more than twice its size. */
class Line {
  length = 0;
  readonly #maxBytes: number;
  #held = new Uint8Array(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  append(part: Uint8Array): void {
    const length = this.length + part.length;
    if (length > this.#maxBytes) this.#held = new Uint8Array(0);
    else {
      if (length > this.#held.length) this.#grow(length);
      this.#held.set(part, this.length);
    }
    this.length = length;
  }

  bytes(): Uint8Array | undefined {
    return this.length > this.#maxBytes ? undefined : this.#held.subarray(0, this.length);
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.max(length, Math.min(this.#maxBytes, this.#held.length * 2), FIRST_CAPACITY));
    grown.set(this.#held.subarray(0, this.length));
    this.#held = grown;
  }
}
