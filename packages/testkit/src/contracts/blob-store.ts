import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Digest, SupportedAlgorithm, UploadId } from "@stowage/model";
import { digestOf } from "@stowage/model";
import type { BlobLocation, BlobStore, Bytes, PublishedBlob } from "@stowage/registry";
import { AppendInterrupted, DigestMismatch, UploadBytesLost, UploadTooLarge } from "@stowage/registry";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A driver as the suite has it: empty at first. */
export interface BlobStoreUnderTest {
  readonly blobs: BlobStore;
  /** Opens the same bytes anew, with nothing that the driver remembers; the driver before is not used any more. */
  readonly reopen: () => Promise<BlobStore>;
  /** Closes and removes the driver. @returns names of what it kept although all was removed */
  readonly close: () => Promise<readonly string[]>;
}

const NO_LIMIT = Number.MAX_SAFE_INTEGER;
const UUID = "6980368f-801a-4ca7-ae89-8b6e804136c5";
const MIB = 1_048_576;

function newId(): UploadId {
  return randomUUID() as UploadId;
}

function digestBytes(bytes: Uint8Array, algorithm: SupportedAlgorithm = "sha256"): Digest {
  return digestOf(algorithm, createHash(algorithm).update(bytes).digest("hex"));
}

async function* chunks(bytes: Uint8Array, chunkBytes = 65_536): Bytes {
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

async function* breaking(bytes: Uint8Array, error: Error): Bytes {
  yield* chunks(bytes);
  throw error;
}

async function collect(bytes: Bytes): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

/** What every driver of blobs does. It leaves nothing behind, and fails when the driver does. */
export function blobStoreContract(name: string, open: () => Promise<BlobStoreUnderTest>): void {
  describe(`${name} stores blobs`, () => {
    let tested: BlobStoreUnderTest;
    let blobs: BlobStore;
    let published: BlobLocation[];

    beforeEach(async () => {
      tested = await open();
      blobs = tested.blobs;
      published = [];
    });

    afterEach(async () => {
      for (const location of published) {
        await blobs.remove(location);
        expect(await blobs.stat(location)).toBeUndefined();
      }
      for await (const id of blobs.uploads()) await blobs.discard(id);
      expect(await tested.close()).toEqual([]);
    });

    async function publish(id: UploadId, digest: Digest, sizeBytes: number): Promise<PublishedBlob> {
      const blob = await blobs.publish(id, { digest, sizeBytes });
      published.push(blob.location);
      return blob;
    }

    async function push(bytes: Uint8Array, id = newId()): Promise<PublishedBlob> {
      await blobs.append(id, 0, chunks(bytes), NO_LIMIT);
      return publish(id, digestBytes(bytes), bytes.byteLength);
    }

    async function uploads(): Promise<UploadId[]> {
      const ids: UploadId[] = [];
      for await (const id of blobs.uploads()) ids.push(id);
      return ids.sort();
    }

    describe("append and publish", () => {
      it.each([0, 1, 65_536, MIB - 1, MIB, MIB + 1, 5 * MIB + 3])("give back %i bytes as they came", async (length) => {
        const bytes = randomBytes(length);
        const blob = await push(bytes);
        expect(blob).toMatchObject({ sizeBytes: length, digest: digestBytes(bytes) });
        expect(await blobs.stat(blob.location)).toEqual({ sizeBytes: length });
        expect((await collect(blobs.read(blob.location))).equals(bytes)).toBe(true);
        expect(await uploads()).toEqual([]);
      });

      it("take chunks of any size, empty ones and ones over a batch among them", async () => {
        const bytes = randomBytes(3 * MIB + 11);
        async function* uneven(): Bytes {
          yield bytes.subarray(0, 1);
          yield bytes.subarray(1, 1);
          yield bytes.subarray(1, 2 * MIB + 7);
          yield bytes.subarray(2 * MIB + 7);
        }
        const id = newId();
        expect(await blobs.append(id, 0, uneven(), NO_LIMIT)).toBe(bytes.byteLength);
        const blob = await publish(id, digestBytes(bytes), bytes.byteLength);
        expect((await collect(blobs.read(blob.location))).equals(bytes)).toBe(true);
      });

      it("are done with a chunk's memory when they ask for the next", async () => {
        const bytes = randomBytes(3 * MIB + 11);
        async function* reusing(): Bytes {
          const memory = Buffer.alloc(65_536);
          for (let at = 0; at < bytes.byteLength; at += memory.length) {
            yield memory.subarray(0, bytes.copy(memory, 0, at));
          }
          memory.fill(0);
        }
        const id = newId();
        await blobs.append(id, 0, reusing(), NO_LIMIT);
        const blob = await publish(id, digestBytes(bytes), bytes.byteLength);
        expect((await collect(blobs.read(blob.location))).equals(bytes)).toBe(true);
      });

      it("join the parts of an upload", async () => {
        const bytes = randomBytes(2 * MIB + 5);
        const id = newId();
        expect(await blobs.append(id, 0, chunks(bytes.subarray(0, MIB + 1)), NO_LIMIT)).toBe(MIB + 1);
        expect(await blobs.append(id, MIB + 1, chunks(bytes.subarray(MIB + 1)), NO_LIMIT)).toBe(bytes.byteLength);
        expect(await blobs.append(id, bytes.byteLength, chunks(new Uint8Array()), NO_LIMIT)).toBe(bytes.byteLength);
        await publish(id, digestBytes(bytes), bytes.byteLength);
      });

      it("take an upload to which nothing was ever appended as empty", async () => {
        const blob = await publish(newId(), digestBytes(new Uint8Array()), 0);
        expect(await blobs.stat(blob.location)).toEqual({ sizeBytes: 0 });
        expect(await collect(blobs.read(blob.location))).toHaveLength(0);
      });

      it("compute sha512 as well", async () => {
        const bytes = randomBytes(MIB + 1);
        const id = newId();
        await blobs.append(id, 0, chunks(bytes), NO_LIMIT);
        const blob = await publish(id, digestBytes(bytes, "sha512"), bytes.byteLength);
        expect(await blobs.digest(blob.location, "sha512")).toBe(digestBytes(bytes, "sha512"));
        expect(await blobs.digest(blob.location, "sha256")).toBe(digestBytes(bytes));
      });

      it("drop what is held beyond the place where a part begins", async () => {
        const bytes = randomBytes(3000);
        const id = newId();
        await blobs.append(id, 0, chunks(bytes), NO_LIMIT);
        expect(await blobs.append(id, 1000, chunks(bytes.subarray(2000)), NO_LIMIT)).toBe(2000);
        const kept = Buffer.concat([bytes.subarray(0, 1000), bytes.subarray(2000)]);
        await publish(id, digestBytes(kept), 2000);
      });

      it("begin anew at byte 0", async () => {
        const id = newId();
        await blobs.append(id, 0, chunks(randomBytes(3000)), NO_LIMIT);
        const bytes = randomBytes(100);
        expect(await blobs.append(id, 0, chunks(bytes), NO_LIMIT)).toBe(100);
        await publish(id, digestBytes(bytes), 100);
      });

      it("publish the first bytes alone when more are held than the caller counts", async () => {
        const bytes = randomBytes(3000);
        const id = newId();
        await blobs.append(id, 0, chunks(bytes), NO_LIMIT);
        const blob = await publish(id, digestBytes(bytes.subarray(0, 1000)), 1000);
        expect(await blobs.stat(blob.location)).toEqual({ sizeBytes: 1000 });
      });

      it("go on after the driver was opened anew", async () => {
        const bytes = randomBytes(2 * MIB + 9);
        const id = newId();
        await blobs.append(id, 0, chunks(bytes.subarray(0, MIB)), NO_LIMIT);
        blobs = await tested.reopen();
        expect(await uploads()).toEqual([id]);
        await blobs.append(id, MIB, chunks(bytes.subarray(MIB)), NO_LIMIT);
        blobs = await tested.reopen();
        const blob = await publish(id, digestBytes(bytes), bytes.byteLength);
        blobs = await tested.reopen();
        expect((await collect(blobs.read(blob.location))).equals(bytes)).toBe(true);
      });

      it("answer the same when an upload is published again", async () => {
        const bytes = randomBytes(100);
        const id = newId();
        const blob = await push(bytes, id);
        blobs = await tested.reopen();
        expect(await blobs.publish(id, { digest: blob.digest, sizeBytes: 100 })).toEqual(blob);
      });
    });

    describe("two uploads of the same bytes", () => {
      it("have a location each, so that removing one leaves the other", async () => {
        const bytes = randomBytes(MIB + 1);
        const [one, other] = await Promise.all([push(bytes), push(bytes)]);
        expect(one.location).not.toBe(other.location);
        await blobs.remove(one.location);
        expect((await collect(blobs.read(other.location))).equals(bytes)).toBe(true);
      });

      it("are listed with their digest and the upload that brought them", async () => {
        const bytes = randomBytes(100);
        const [id, other] = [newId(), newId()];
        await blobs.append(other, 0, chunks(bytes), NO_LIMIT);
        const one = await push(bytes, id);
        const two = await push(randomBytes(MIB));
        const listed = new Map<BlobLocation, { readonly digest: Digest; readonly upload: UploadId }>();
        for await (const { location, ...what } of blobs.published()) listed.set(location, what);
        expect([...listed.keys()].sort()).toEqual([one.location, two.location].sort());
        expect(listed.get(one.location)).toEqual({ digest: one.digest, upload: id });
      });

      it("and many others at once do not get into each other's way", async () => {
        const bodies = Array.from({ length: 24 }, (_, index) => randomBytes(index * 40_000 + 1));
        const stored = await Promise.all(bodies.map((bytes) => push(bytes)));
        for (const [index, blob] of stored.entries()) {
          expect((await collect(blobs.read(blob.location))).equals(bodies[index] ?? Buffer.of())).toBe(true);
        }
      });
    });

    describe("what goes wrong", () => {
      it("another digest than the bytes have keeps nothing", async () => {
        const bytes = randomBytes(MIB + 1);
        const id = newId();
        await blobs.append(id, 0, chunks(bytes), NO_LIMIT);
        const wrong = digestBytes(randomBytes(1));
        const failure = blobs.publish(id, { digest: wrong, sizeBytes: bytes.byteLength });
        await expect(failure).rejects.toThrow(new DigestMismatch(digestBytes(bytes)));
        expect(await uploads()).toEqual([]);
        await expect(blobs.publish(id, { digest: wrong, sizeBytes: bytes.byteLength })).rejects.toThrow(
          new UploadBytesLost(0),
        );
      });

      it("a source that breaks off leaves what came, and the upload goes on from there", async () => {
        const bytes = randomBytes(MIB + 70_000);
        const id = newId();
        const cause = new Error("the client has gone");
        const failure: unknown = await blobs
          .append(id, 0, breaking(bytes.subarray(0, MIB + 5), cause), NO_LIMIT)
          .catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(AppendInterrupted);
        expect(failure).toMatchObject({ heldBytes: MIB + 5, cause });
        await blobs.append(id, MIB + 5, chunks(bytes.subarray(MIB + 5)), NO_LIMIT);
        await publish(id, digestBytes(bytes), bytes.byteLength);
      });

      it("a source that breaks off at once leaves an upload of no bytes", async () => {
        const id = newId();
        const failure = blobs.append(id, 0, breaking(new Uint8Array(), new Error("gone")), NO_LIMIT);
        await expect(failure).rejects.toMatchObject({ heldBytes: 0 });
        await publish(id, digestBytes(new Uint8Array()), 0);
      });

      it("a limit is kept: a part may reach it and not pass it", async () => {
        const bytes = randomBytes(200_000);
        const id = newId();
        expect(await blobs.append(id, 0, chunks(bytes, 50_000), 200_000)).toBe(200_000);
        await expect(blobs.append(id, 200_000, chunks(Buffer.of(1)), 200_000)).rejects.toThrow(
          new UploadTooLarge(200_000),
        );
        await expect(blobs.append(id, 0, chunks(bytes, 50_000), 199_999)).rejects.toThrow(new UploadTooLarge(150_000));
        await blobs.append(id, 150_000, chunks(bytes.subarray(150_000)), 200_000);
        await publish(id, digestBytes(bytes), 200_000);
      });

      it("a limit stops the source, whose end is not waited for", async () => {
        let stopped = false;
        async function* endless(): Bytes {
          try {
            for (;;) yield Buffer.alloc(65_536);
          } finally {
            stopped = true;
          }
        }
        await expect(blobs.append(newId(), 0, endless(), 3 * MIB)).rejects.toThrow(UploadTooLarge);
        expect(stopped).toBe(true);
      });

      it("a part beyond what is held is refused, and what is held stays", async () => {
        const bytes = randomBytes(100);
        const id = newId();
        await expect(blobs.append(id, 1, chunks(bytes), NO_LIMIT)).rejects.toThrow(new UploadBytesLost(0));
        await blobs.append(id, 0, chunks(bytes), NO_LIMIT);
        await expect(blobs.append(id, 101, chunks(bytes), NO_LIMIT)).rejects.toThrow(new UploadBytesLost(100));
        await expect(blobs.publish(id, { digest: digestBytes(bytes), sizeBytes: 101 })).rejects.toThrow(
          new UploadBytesLost(100),
        );
        await publish(id, digestBytes(bytes), 100);
      });

      it.each(["", "..", "../../etc/passwd", "a/b", `${UUID}/x`, UUID.toUpperCase(), `${UUID}\0`])(
        "the upload id %j is refused",
        async (text) => {
          const id = text as UploadId;
          await expect(blobs.append(id, 0, chunks(Buffer.of(1)), NO_LIMIT)).rejects.toThrow("upload id");
          await expect(blobs.publish(id, { digest: digestBytes(Buffer.of()), sizeBytes: 0 })).rejects.toThrow(
            "upload id",
          );
          await expect(blobs.discard(id)).rejects.toThrow("upload id");
        },
      );
    });

    describe("reading", () => {
      it("gives any range, both ends inclusive", async () => {
        const bytes = randomBytes(600_000);
        const { location } = await push(bytes);
        for (const [fromByte, toByte] of [
          [0, 0],
          [599_999, 599_999],
          [1, 262_144],
          [262_143, 524_289],
          [0, 599_999],
        ] as const) {
          const read = await collect(blobs.read(location, { fromByte, toByte }));
          expect(read.equals(bytes.subarray(fromByte, toByte + 1))).toBe(true);
        }
        const rest = await collect(blobs.read(location, { fromByte: 599_990 }));
        expect(rest.equals(bytes.subarray(599_990))).toBe(true);
      });

      it("fails when the blob ends before the range does", async () => {
        const { location } = await push(randomBytes(100));
        await expect(collect(blobs.read(location, { fromByte: 0, toByte: 100 }))).rejects.toThrow("ends");
      });

      it("may be given up midway", async () => {
        const { location } = await push(randomBytes(600_000));
        for await (const chunk of blobs.read(location)) {
          expect(chunk.byteLength).toBeGreaterThan(0);
          break;
        }
      });

      it("of a removed blob fails, and nothing is told of it", async () => {
        const { location } = await push(randomBytes(100));
        await blobs.remove(location);
        await blobs.remove(location);
        expect(await blobs.stat(location)).toBeUndefined();
        expect(await blobs.digest(location, "sha256")).toBeUndefined();
        await expect(collect(blobs.read(location))).rejects.toThrow(Error);
      });
    });

    it("lists uploads until they are published or discarded", async () => {
      const [one = newId(), two = newId()] = [newId(), newId()].sort();
      await blobs.append(one, 0, chunks(Buffer.of(1)), NO_LIMIT);
      await blobs.append(two, 0, chunks(Buffer.of(2)), NO_LIMIT);
      expect(await uploads()).toEqual([one, two]);
      await blobs.discard(one);
      await blobs.discard(one);
      expect(await uploads()).toEqual([two]);
      await publish(two, digestBytes(Buffer.of(2)), 1);
      expect(await uploads()).toEqual([]);
      await expect(blobs.append(one, 1, chunks(Buffer.of(1)), NO_LIMIT)).rejects.toThrow(new UploadBytesLost(0));
    });
  });
}
