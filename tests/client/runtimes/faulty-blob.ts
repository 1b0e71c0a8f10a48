const FAULTY_BYTES = 5_000_000;

/** What the faulty registry has, and is sent. */
export function faultyBlob(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: FAULTY_BYTES }, (_, place) => (place * 31) % 251);
}
