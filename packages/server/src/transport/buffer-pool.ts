export const LARGE_BUFFER_BYTES = 1024 * 1024;
export const SMALL_BUFFER_BYTES = 64 * 1024;

/** Large buffers for file downloads, reused; small ones once `maxLarge` are out, so that slow readers cannot take all memory. */
export class BufferPool {
  private readonly maxLarge: number;
  private readonly idle: Buffer[] = [];
  private out = 0;

  constructor(maxLarge: number) {
    this.maxLarge = maxLarge;
  }

  /** A buffer of at most `wantedBytes` rounded up to a size of the pool; hand it back with `release`. */
  take(wantedBytes: number): Buffer {
    if (wantedBytes <= SMALL_BUFFER_BYTES) return Buffer.allocUnsafe(wantedBytes);
    if (this.out >= this.maxLarge) return Buffer.allocUnsafeSlow(SMALL_BUFFER_BYTES);
    this.out += 1;
    return this.idle.pop() ?? Buffer.allocUnsafeSlow(LARGE_BUFFER_BYTES);
  }

  release(buffer: Buffer): void {
    if (buffer.length !== LARGE_BUFFER_BYTES) return;
    this.out -= 1;
    this.idle.push(buffer);
  }
}
