import type { RandomAccessFile } from "../oci/images/files.ts";

const READ_BYTES = 1024 * 1024;

/** What of the standard Blob, and so of a File that a user chose, is read. */
export interface SlicedBlob {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A Blob as an archive to push. */
export function blobFile(blob: SlicedBlob): RandomAccessFile {
  return {
    sizeBytes: blob.size,
    async *read(fromByte, lengthBytes) {
      const end = Math.min(blob.size, fromByte + lengthBytes);
      for (let at = fromByte; at < end; at += READ_BYTES) {
        yield new Uint8Array(await blob.slice(at, Math.min(end, at + READ_BYTES)).arrayBuffer());
      }
    },
  };
}
