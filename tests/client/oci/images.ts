import type { OciClient } from "@stowage/client";
import type { TestManifest } from "@stowage/testkit";
import { bytesOf } from "./registries.ts";

/** Pushes an image as its bytes are, blobs first. */
export async function push(
  client: OciClient,
  repository: string,
  image: TestManifest,
  reference?: string,
): Promise<void> {
  for (const { digest, bytes } of image.blobs) {
    const expected = { digest, sizeBytes: bytes.length };
    await client.uploadBlob(repository, { expected, open: (fromByte) => bytesOf(bytes.subarray(fromByte)) });
  }
  await client.putManifest(repository, { ...image, ...(reference === undefined ? {} : { reference }) });
}
