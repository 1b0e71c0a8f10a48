// What of a browser the client uses; workers and edge runtimes have the same.
interface WebGlobals {
  readonly crypto: {
    /** Absent on pages that did not come over HTTPS or from localhost. */
    readonly subtle?: { digest(algorithm: "SHA-256", data: Uint8Array): Promise<ArrayBuffer> };
  };
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}
