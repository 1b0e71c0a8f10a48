import { blobStoreContract } from "@stowage/testkit";
import { openMemoryBlobs } from "./blob-store.ts";

blobStoreContract("memory", async () => {
  const blobs = await openMemoryBlobs();
  return { blobs, reopen: async () => blobs, close: async () => [] };
});
