import { digestOf } from "@stowage/model";
import { expect, it } from "vitest";
import { memoryTransport } from "../testing/memory-registry.ts";
import { getBlob, MAX_BLOB_BYTES } from "./blobs.ts";

const digest = digestOf("sha256", "0".repeat(64));

/** What becomes of a blob whose registry tells this size, and then has not one byte of it. */
async function outcomeOf(sizeBytes: string): Promise<string> {
  const headers = { "content-length": sizeBytes };
  const transport = memoryTransport(({ method }) => (method === "HEAD" ? { headers } : { status: 404 }));
  const reading = getBlob(transport, { repository: "a/b", digest }).next();
  return reading.then(() => "read", String);
}

it.each([
  [String(MAX_BLOB_BYTES), "status 404"],
  [String(MAX_BLOB_BYTES + 1), "does not tell a size"],
  ["-1", "does not tell a size"],
  ["1.5", "does not tell a size"],
  ["many", "does not tell a size"],
])("a blob of %s bytes: %s", async (sizeBytes, outcome) => {
  expect(await outcomeOf(sizeBytes)).toContain(outcome);
});
