// What of a browser the client uses; workers and edge runtimes have the same.
interface WebGlobals {
  readonly crypto: {
    /** Absent on pages that did not come over HTTPS or from localhost. */
    readonly subtle?: { digest(algorithm: "SHA-256", data: Uint8Array): Promise<ArrayBuffer> };
  };
  setTimeout(run: () => void, ms: number): object;
  clearTimeout(timer: object): void;
}
declare module "@noble/hashes/sha2.js" {
  interface Hash {
    (data: Uint8Array): Uint8Array;
  }
  export const sha256: Hash;
}
declare module "@noble/hashes/hmac.js" {
  export function hmac(hash: object, key: Uint8Array, data: Uint8Array): Uint8Array;
}
