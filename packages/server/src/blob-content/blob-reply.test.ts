import { randomBytes } from "node:crypto";
import { isDigest } from "@stowage/model";
import type { BlobLocation, RepositoryBlob } from "@stowage/registry";
import { describe, expect, test } from "vitest";
import type { Reply } from "../transport/types.ts";
import { blobHeaders, blobReply, type BlobBytes } from "./blob-reply.ts";

const CONTENT = randomBytes(1000);
const DIGEST = `sha256:${"d".repeat(64)}`;

/** A store without local files, such as one in memory or far away. */
const streamed: BlobBytes = {
  file: () => undefined,
  async *read(_blob, { fromByte, toByte } = { fromByte: 0 }) {
    for (let at = fromByte; at <= (toByte ?? CONTENT.length - 1); at += 64) {
      yield CONTENT.subarray(at, Math.min(at + 64, (toByte ?? CONTENT.length - 1) + 1));
    }
  },
};

/** A store whose blobs lie in files, with something before their first byte. */
const inFiles: BlobBytes = { ...streamed, file: () => ({ path: "/data/blob", offsetBytes: 16 }) };

function blob(): RepositoryBlob {
  if (!isDigest(DIGEST)) throw new TypeError("not a digest");
  const location = "blob" as BlobLocation;
  return {
    id: 1,
    digest: DIGEST,
    keyScope: "",
    sizeBytes: CONTENT.length,
    location,
    state: "ready",
    heldUntil: new Date(0),
  };
}

function reply(bytes: BlobBytes, range?: string): Reply {
  const headers = range === undefined ? {} : { range };
  return blobReply(bytes, { headers }, { blob: blob(), headers: blobHeaders(DIGEST, {}) });
}

async function sent({ body }: Reply): Promise<Buffer> {
  if (typeof body !== "object" || !(Symbol.asyncIterator in body)) throw new TypeError("the body is no stream");
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe("without local files bytes are streamed, with a length that is declared and true", () => {
  test.each([
    [undefined, 200, CONTENT],
    ["bytes=100-299", 206, CONTENT.subarray(100, 300)],
    ["bytes=999-", 206, CONTENT.subarray(999)],
  ])("%s", async (range, status, expected) => {
    const answer = reply(streamed, range);
    expect(answer.status).toBe(status);
    expect(answer.headers?.["content-length"]).toBe(String(expected.length));
    expect((await sent(answer)).equals(expected)).toBe(true);
  });

  test("several ranges", async () => {
    const answer = reply(streamed, "bytes=0-99,900-999");
    const body = await sent(answer);
    expect(answer.headers?.["content-length"]).toBe(String(body.length));
    expect(body.includes(CONTENT.subarray(0, 100))).toBe(true);
    expect(body.includes(CONTENT.subarray(900))).toBe(true);
  });
});

test("bytes in a file are handed over as its region", () => {
  expect(reply(inFiles).body).toEqual({ path: "/data/blob", offset: 16, length: 1000 });
  expect(reply(inFiles, "bytes=10-19").body).toEqual({ path: "/data/blob", offset: 26, length: 10 });
});
