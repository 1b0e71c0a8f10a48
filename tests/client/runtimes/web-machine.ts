import type { Files } from "@stowage/client";
import { blobFile } from "../../../packages/client/src/web/index.ts";
import type { Machine } from "./machine.ts";
import { collected } from "./outcomes.ts";

/** Browsers: files are Files, and a folder is kept in memory. */
export const webMachine: Machine = {
  folder: () => Promise.resolve(memoryFolder()),
  file: async (chunks) => blobFile(new File([await collected(chunks)], "file")),
  close: () => Promise.resolve(),
};

function memoryFolder(): Files {
  const files = new Map<string, Uint8Array>();
  return {
    sizeBytes: (name) => Promise.resolve(files.get(name)?.length),
    async *read(name, fromByte) {
      const bytes = files.get(name);
      if (bytes === undefined) throw new Error(`There is no file ${name}`);
      yield bytes.subarray(fromByte);
    },
    async write(name, chunks) {
      files.set(name, await collected(chunks));
    },
  };
}
