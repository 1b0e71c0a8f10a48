import { createHash, randomFillSync } from "node:crypto";

const MIB = 1024 * 1024;
/** Each piece of this size of each blob is unlike every other that this run has made. */
const STAMPED_BYTES = 4096;

/**
 * A blob of random bytes in memory. `renew` makes another blob of it for little: a number in each page of 4 KiB changes, so
 * no two pages of this run are alike, and a store that looks for equal pieces finds none.
 */
export class LargeBlob {
  readonly bytes: Buffer;
  #generation = 0;
  #digest: string | undefined;

  constructor(sizeBytes: number) {
    this.bytes = Buffer.allocUnsafe(sizeBytes);
    const random = randomFillSync(Buffer.allocUnsafe(Math.min(sizeBytes, 64 * MIB)));
    for (let at = 0; at < sizeBytes; at += random.length) random.copy(this.bytes, at);
    this.renew();
  }

  renew(): void {
    this.#generation += 1;
    this.#digest = undefined;
    for (let at = 0; at + 8 <= this.bytes.length; at += STAMPED_BYTES) {
      this.bytes.writeUInt32LE(this.#generation, at);
      this.bytes.writeUInt32LE(at / STAMPED_BYTES, at + 4);
    }
  }

  get digest(): string {
    this.#digest ??= `sha256:${createHash("sha256").update(this.bytes).digest("hex")}`;
    return this.#digest;
  }

  *pieces(pieceBytes = MIB): Generator<Uint8Array> {
    for (let at = 0; at < this.bytes.length; at += pieceBytes) yield this.bytes.subarray(at, at + pieceBytes);
  }
}

/**
 * A blob that is made while it is sent and never held: `pieces` yields it once, and afterwards `digest` tells what it was.
 * No two pages of 4 KiB are alike.
 */
export class StreamedBlob {
  readonly sizeBytes: number;
  readonly #hash = createHash("sha256");
  readonly #random: Buffer;
  #digest: string | undefined;

  constructor(sizeBytes: number, pieceBytes: number) {
    this.sizeBytes = sizeBytes;
    this.#random = randomFillSync(Buffer.allocUnsafe(pieceBytes));
  }

  *pieces(): Generator<Buffer> {
    for (let at = 0; at < this.sizeBytes; at += this.#random.length) {
      const piece = Buffer.from(this.#random.subarray(0, Math.min(this.#random.length, this.sizeBytes - at)));
      for (let page = 0; page + 8 <= piece.length; page += STAMPED_BYTES) {
        piece.writeBigUInt64LE(BigInt(at + page), page);
      }
      this.#hash.update(piece);
      yield piece;
    }
    this.#digest = `sha256:${this.#hash.digest("hex")}`;
  }

  /** @throws before the last piece was taken */
  get digest(): string {
    if (this.#digest === undefined) throw new Error("the blob has not been sent yet");
    return this.#digest;
  }
}

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
