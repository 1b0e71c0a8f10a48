import { OciError, ociPlatform } from "@stowage/client";
import type { OciClient } from "@stowage/client";
import { contentOf, noise } from "./contents.ts";
import type { Content } from "./contents.ts";
import type { Steps } from "./steps.ts";
import { uploadOf } from "./oci-stage.ts";
import type { OciStage } from "./oci-stage.ts";
import { collected, refused, same, sameBytes } from "./outcomes.ts";
import { breaking, inParts, losingSecond, noting } from "./wires.ts";
import type { Wire } from "./wires.ts";

const MIB = 1024 * 1024;
const CHUNK_BYTES = 200_000;

/** Logging in, and blobs in both directions. */
export const blobSteps: Steps<OciStage> = {
  "logs in to the registry with a token of ECR": async ({ client }) => {
    await client.ping();
    return true;
  },
  "is told that a password is wrong": async ({ connect }) => {
    const stranger = connect({ credentials: { username: "AWS", password: "wrong" } });
    return refused(stranger.ping(), OciError, { status: 401 });
  },
  "uploads a blob of 20 MiB in parts of 8 MiB": async (stage) => {
    same(await methodsOf(stage, stage.large, inParts), ["POST", "PATCH", "PATCH", "PATCH", "PUT"]);
    return holds(stage.client, stage.large);
  },
  "uploads a blob from a file, streamed where the runtime can": async (stage) => {
    const { streamsBodies } = ociPlatform.http;
    const blob = await contentOf(noise(stage.large.bytes.length));
    const methods = streamsBodies ? ["POST", "PUT"] : ["POST", "PATCH", "PATCH", "PATCH", "PUT"];
    same(await methodsOf(stage, blob, (http) => http), methods);
    return holds(stage.client, blob);
  },
  "uploads a blob whose digest is found on the way": async (stage) => {
    const blob = await contentOf(noise(9 * MIB));
    const { open } = await uploadOf(stage, blob);
    const { digest } = await stage.client.uploadBlob("oci/app", { open });
    return same(digest, blob.digest) && holds(stage.client, blob);
  },
  "uploads chunks whose memory is used again": async ({ client }) => {
    const blob = await contentOf(noise(9 * MIB));
    const expected = { digest: blob.digest, sizeBytes: blob.bytes.length };
    await client.uploadBlob("oci/app", { expected, open: (fromByte) => inOneBuffer(blob.bytes.subarray(fromByte)) });
    return holds(client, blob);
  },
  "uploads a blob that fits into one part": async (stage) => {
    const blob = await contentOf("small");
    same(await methodsOf(stage, blob, inParts), ["POST", "PUT"]);
    return holds(stage.client, blob);
  },
  "uploads and pulls a blob without bytes": async (stage) => {
    const blob = await contentOf("");
    await stage.client.uploadBlob("oci/app", await uploadOf(stage, blob));
    return sameBytes(await collected(stage.client.getBlob("oci/app", blob.digest)), blob.bytes);
  },
  "uploads and pulls a blob under a digest of SHA-512": async (stage) => {
    const blob = await contentOf(noise(MIB), "sha512");
    await stage.client.uploadBlob("oci/app", await uploadOf(stage, blob));
    return sameBytes(await collected(stage.client.getBlob("oci/app", blob.digest)), blob.bytes);
  },
  "goes on with an upload when the answer to a part was lost": async (stage) => {
    const blob = await contentOf(noise(3 * MIB));
    const client = stage.connect({ partBytes: MIB }, (http) => losingSecond("PATCH")(inParts(http)));
    await client.uploadBlob("oci/app", await uploadOf(stage, blob));
    return holds(stage.client, blob);
  },
  "pulls a blob of 20 MiB and verifies it": async ({ client, large }) =>
    sameBytes(await collected(client.getBlob("oci/app", large.digest)), large.bytes),
  "goes on with a pull whose connection broke": async ({ connect, large }) => {
    const methods: string[] = [];
    const client = connect({}, (http) => breaking(5 * MIB)(noting(methods)(http)));
    sameBytes(await collected(client.getBlob("oci/app", large.digest)), large.bytes);
    return same(methods, ["HEAD", "GET", "GET"]);
  },
  "reads ranges of a blob": async ({ client, large: { bytes, digest } }) => {
    const read = async (fromByte: number, lengthBytes: number): Promise<true> =>
      sameBytes(
        await collected(client.getBlobRange("oci/app", digest, { fromByte, lengthBytes })),
        bytes.subarray(fromByte, fromByte + lengthBytes),
      );
    return (await read(0, 1)) && (await read(7 * MIB, 3 * MIB)) && read(bytes.length - 5, 5);
  },
  "leaves a pull early and goes on with others": async ({ client, large: { digest } }) => {
    let bytes = 0;
    for await (const chunk of client.getBlob("oci/app", digest)) {
      bytes = chunk.length;
      break;
    }
    await client.ping();
    return bytes > 0;
  },
};

async function* inOneBuffer(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
  }
}

/** Uploads with another client. @returns which requests that took */
async function methodsOf(stage: OciStage, blob: Content, wire: Wire): Promise<readonly string[]> {
  const methods: string[] = [];
  const client = stage.connect({}, (http) => wire(noting(methods)(http)));
  await client.uploadBlob("oci/app", await uploadOf(stage, blob));
  return methods;
}

async function holds(client: OciClient, { bytes, digest }: Content): Promise<true> {
  return same(await client.headBlob("oci/app", digest), { sizeBytes: bytes.length });
}
