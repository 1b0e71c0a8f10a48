import { digestOf, type Digest, type UploadId } from "@stowage/model";
import { openTestRegistry, stream, testBlob, testImage, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Bytes } from "../ports/blobs.ts";

let test: TestRegistry;
beforeEach(async () => {
  test = await openTestRegistry();
});
afterEach(() => test.close());

const blob = testBlob("0123456789");
const uploads = () => test.registry.uploads;
const begin = async (owner = test.owner): Promise<UploadId> => (await uploads().begin(test.key, test.name, owner)).id;
const append = (id: UploadId, text: string, fromByte?: number) =>
  uploads().append(test.key, test.name, test.owner, {
    id,
    bytes: stream(new TextEncoder().encode(text)),
    ...(fromByte !== undefined && { fromByte }),
  });
const finish = (id: UploadId, digest: Digest = blob.digest, text?: string) =>
  uploads().finish(test.key, test.name, test.owner, {
    id,
    digest,
    ...(text !== undefined && { bytes: stream(new TextEncoder().encode(text)) }),
  });
const status = (id: UploadId) => uploads().status(test.key, test.name, test.owner, id);
const held = async (digest: Digest): Promise<string> => {
  const found = await test.registry.layers.find(test.key, test.name, digest);
  const chunks: Uint8Array[] = [];
  for await (const chunk of test.registry.layers.read(found)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

describe("through /v2/", () => {
  it("joins chunks and the last one into the blob that was named", async () => {
    const id = await begin();
    await append(id, "0123");
    await append(id, "456", 4);
    expect(await finish(id, blob.digest, "789")).toEqual({ digest: blob.digest, sizeBytes: 10 });
    expect(await held(blob.digest)).toBe("0123456789");
  });

  it("shows nothing of a blob before its end", async () => {
    const id = await begin();
    await append(id, "0123456789");
    await expect(held(blob.digest)).rejects.toMatchObject({ name: "LayersNotFoundException" });
    await finish(id);
    expect(await held(blob.digest)).toBe("0123456789");
  });

  it("refuses a chunk that does not continue, and goes on where it was", async () => {
    const id = await begin();
    await append(id, "0123");
    await expect(append(id, "0123", 0)).rejects.toMatchObject({
      name: "InvalidLayerPartException",
      message: "First byte of the layer part is 0 instead of 4",
      lastValidByteReceived: 3,
    });
    await append(id, "456789", 4);
    await finish(id);
  });

  it("keeps what came before a connection broke", async () => {
    const id = await begin();
    const broken = (async function* (): Bytes {
      yield new TextEncoder().encode("01234");
      throw new Error("the connection broke");
    })();
    const act = uploads().append(test.key, test.name, test.owner, { id, bytes: broken });
    await expect(act).rejects.toThrow();
    expect((await status(id)).receivedBytes).toBe(5);
    await append(id, "56789", 5);
    await finish(id);
  });

  it("forgets the upload when the digest is another", async () => {
    const id = await begin();
    await append(id, "something else");
    await expect(finish(id)).rejects.toMatchObject({ name: "InvalidLayerException" });
    await expect(status(id)).rejects.toMatchObject({ name: "UploadNotFoundException" });
    await expect(held(blob.digest)).rejects.toMatchObject({ name: "LayersNotFoundException" });
  });

  it("lets one request at a time write", async () => {
    const id = await begin();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const slow = (async function* (): Bytes {
      started.resolve();
      await gate;
      yield new TextEncoder().encode("0123456789");
    })();
    const first = uploads().append(test.key, test.name, test.owner, { id, bytes: slow });
    await started.promise;
    await expect(append(id, "x")).rejects.toThrow("Another request is writing to this upload");
    open();
    expect((await first).receivedBytes).toBe(10);
    await finish(id);
  });

  it("is nobody else's and no other repository's", async () => {
    const id = await begin();
    const other = await test.repository("team/other");
    const notFound = { name: "UploadNotFoundException" };
    await expect(uploads().status(test.key, test.name, "arn:aws:iam::123456789012:user/x", id)).rejects.toMatchObject(
      notFound,
    );
    await expect(uploads().status(test.key, other, test.owner, id)).rejects.toMatchObject(notFound);
    await expect(uploads().cancel(test.key, other, test.owner, id)).rejects.toMatchObject(notFound);
    expect((await status(id)).receivedBytes).toBe(0);
  });

  it("is gone once cancelled, and once it expired", async () => {
    const cancelled = await begin();
    await uploads().cancel(test.key, test.name, test.owner, cancelled);
    await expect(status(cancelled)).rejects.toMatchObject({ name: "UploadNotFoundException" });
    const old = await begin();
    test.clock.advance(7 * 24 * 3_600_000 - 1);
    await status(old);
    test.clock.advance(1);
    await expect(status(old)).rejects.toMatchObject({ name: "UploadNotFoundException" });
    expect(await uploads().sweep(10)).toBe(1);
    expect(await test.metadata.uploads.find(old)).toBeUndefined();
  });

  it("takes a layer at its limit and not one byte more, whether or not the length was said", async () => {
    await test.close();
    test = await openTestRegistry({ quotas: { maxLayerBytes: 10 } });
    const id = await begin();
    await append(id, "01234567890".slice(0, 10));
    await expect(append(id, "0")).rejects.toMatchObject({ name: "LimitExceededException" });
    const said = uploads().append(test.key, test.name, test.owner, {
      id,
      lengthBytes: 1,
      bytes: stream(new Uint8Array(1)),
    });
    await expect(said).rejects.toMatchObject({ name: "LimitExceededException" });
    await finish(id);
  });

  it("stores sha512 under its own digest", async () => {
    const big = testBlob("0123456789", "sha512");
    const id = await begin();
    await append(id, "0123456789");
    await finish(id, big.digest);
    expect(await held(big.digest)).toBe("0123456789");
  });

  it("refuses an algorithm that it does not know and keeps the upload", async () => {
    const id = await begin();
    expect(() => finish(id, `blake3:${"a".repeat(64)}` as Digest)).toThrow("layerDigest");
    await status(id);
  });
});

describe("through UploadLayerPart", () => {
  const part = (id: UploadId, firstByte: number, bytes: Uint8Array, lastByte = firstByte + bytes.length - 1) =>
    uploads().appendPart(test.key, test.name, test.owner, { id, firstByte, lastByte, bytes });
  const complete = (id: UploadId, ...digests: string[]) =>
    uploads().completeLayer(test.key, test.name, test.owner, { id, digests });
  const small = { minPartBytes: 4, maxPartBytes: 8, maxParts: 3 };
  const text = (value: string) => new TextEncoder().encode(value);

  beforeEach(async () => {
    await test.close();
    test = await openTestRegistry({ quotas: small });
  });

  it("takes parts at the minimum and a smaller last one", async () => {
    const id = await begin();
    await part(id, 0, text("0123"));
    await part(id, 4, text("4567"));
    await part(id, 8, text("89"));
    expect(await complete(id, blob.digest)).toEqual({ digest: blob.digest, sizeBytes: 10 });
  });

  it("refuses at the end a layer with a smaller part before the last", async () => {
    const id = await begin();
    await part(id, 0, text("012"));
    await part(id, 3, text("3456789"));
    await expect(complete(id, blob.digest)).rejects.toMatchObject({ name: "LayerPartTooSmallException" });
  });

  it("takes a part at the maximum and refuses one byte more", async () => {
    const id = await begin();
    await expect(part(id, 0, text("012345678"))).rejects.toMatchObject({ name: "LimitExceededException" });
    await part(id, 0, text("01234567"));
  });

  it("takes as many parts as the quota and no more", async () => {
    const id = await begin();
    for (let at = 0; at < 12; at += 4) await part(id, at, text("0123"));
    await expect(part(id, 12, text("0123"))).rejects.toMatchObject({ name: "LimitExceededException" });
  });

  it("refuses positions that do not fit the bytes", async () => {
    const id = await begin();
    await expect(part(id, 0, text("0123"), 4)).rejects.toMatchObject({ name: "InvalidLayerPartException" });
    await expect(part(id, 1, text("0123"))).rejects.toMatchObject({ lastValidByteReceived: -1, uploadId: id });
  });

  it("refuses an upload without bytes", async () => {
    await expect(complete(await begin(), blob.digest)).rejects.toMatchObject({ name: "EmptyUploadException" });
  });

  it("says that a layer was there already, once its bytes were checked", async () => {
    const [first, second] = [await begin(), await begin()];
    for (const id of [first, second]) {
      await part(id, 0, text("01234567"));
      await part(id, 8, text("89"));
    }
    await complete(first, blob.digest);
    await expect(complete(second, blob.digest)).rejects.toMatchObject({ name: "LayerAlreadyExistsException" });
    const wrong = await begin();
    await part(wrong, 0, text("wrong"));
    await expect(complete(wrong, blob.digest)).rejects.toMatchObject({ name: "InvalidLayerException" });
  });

  it("finishes through one door what the other began", async () => {
    const id = await begin();
    await part(id, 0, text("01234"));
    await append(id, "56789", 5);
    expect(await complete(id, blob.digest)).toMatchObject({ sizeBytes: 10 });
    const other = await begin();
    await append(other, "01234");
    await part(other, 5, text("56789"));
    expect(await finish(other)).toMatchObject({ sizeBytes: 10 });
  });
});

describe("a blob whose bytes were lost", () => {
  it("is whole again after the next push of it, in every repository that sees it", async () => {
    const other = await test.repository("team/other");
    await test.pushBlob(other, blob);
    const before = await test.metadata.blobs.findShared(blob.digest, "");
    if (before === undefined) throw new Error("the push left no row");
    await test.blobs.remove(before.location);
    await test.pushBlob(test.name, blob);
    expect(await held(blob.digest)).toBe("0123456789");
    const seen = await test.registry.layers.find(test.key, other, blob.digest);
    expect(await test.blobs.stat(seen.location)).toEqual({ sizeBytes: 10 });
  });

  it("leaves one copy of bytes that were pushed twice", async () => {
    await test.pushBlob(await test.repository("team/other"), blob);
    const before = await test.metadata.blobs.findShared(blob.digest, "");
    await test.pushBlob(test.name, blob);
    expect(await test.metadata.blobs.findShared(blob.digest, "")).toEqual(before);
  });
});

describe("mounting", () => {
  const mount = async () =>
    uploads().mount(test.key, test.name, { digest: blob.digest, from: await test.repository("team/source") });

  it("is off by default", async () => {
    const from = await test.repository("team/base");
    await test.pushBlob(from, blob);
    expect(await uploads().mount(test.key, test.name, { digest: blob.digest, from })).toBe(false);
  });

  it("shows the same bytes in another repository once the account mounts", async () => {
    await test.registry.settings.put(test.key, "BLOB_MOUNTING", "ENABLED");
    const from = await test.repository("team/base");
    await test.pushBlob(from, blob);
    expect(await uploads().mount(test.key, test.name, { digest: blob.digest, from })).toBe(true);
    expect(await held(blob.digest)).toBe("0123456789");
  });

  it("does not mount what the source does not have", async () => {
    await test.registry.settings.put(test.key, "BLOB_MOUNTING", "ENABLED");
    expect(await mount()).toBe(false);
  });
});

describe("collection", () => {
  const day = 24 * 3_600_000;
  const collect = () => test.registry.collector.run(100);
  const shared = () => test.metadata.blobs.findShared(blob.digest, "");

  it("leaves a blob alone while its hold lasts, and takes it when it passed", async () => {
    await test.pushBlob(test.name, blob);
    test.clock.advance(day - 1);
    await collect();
    expect(await shared()).toBeDefined();
    test.clock.advance(2);
    await collect();
    expect(await shared()).toBeUndefined();
    await expect(held(blob.digest)).rejects.toMatchObject({ name: "LayersNotFoundException" });
  });

  it("leaves what a manifest names, however old", async () => {
    const image = testImage();
    await test.push(test.name, image);
    test.clock.advance(400 * day);
    await collect();
    for (const { digest } of image.blobs) expect(await test.metadata.blobs.findShared(digest, "")).toBeDefined();
  });

  it("leaves what was just told to be here", async () => {
    await test.pushBlob(test.name, blob);
    test.clock.advance(day - 1);
    await test.registry.layers.stat(test.key, test.name, blob.digest);
    test.clock.advance(day - 1);
    await collect();
    expect(await held(blob.digest)).toBe("0123456789");
  });

  it("takes the bytes only when no repository sees them", async () => {
    const other = await test.repository("team/other");
    await test.pushBlob(test.name, blob);
    test.clock.advance(day / 2);
    await test.pushBlob(other, blob);
    test.clock.advance(day / 2 + 1);
    await collect();
    await expect(held(blob.digest)).rejects.toMatchObject({ name: "LayersNotFoundException" });
    expect(await test.registry.layers.find(test.key, other, blob.digest)).toMatchObject({ sizeBytes: 10 });
  });

  it("lets a push bring back what is being taken", async () => {
    await test.pushBlob(test.name, blob);
    test.clock.advance(day + 1);
    await test.metadata.transaction((rows) => rows.blobs.unlinkExpired(test.clock.now(), 10));
    const marked = await test.metadata.transaction((rows) => rows.blobs.claimUnlinked(10));
    await test.pushBlob(test.name, blob);
    for (const row of marked) {
      await test.blobs.remove(row.location);
      await test.metadata.transaction((rows) => rows.blobs.deleteShared(row.id));
    }
    expect(await held(digestOf("sha256", blob.digest.slice(7)))).toBe("0123456789");
  });

  it("drops bytes of uploads that have no row", async () => {
    const id = await begin();
    await append(id, "0123");
    await test.metadata.transaction((rows) => rows.uploads.delete(id));
    expect(await test.registry.collector.dropOrphans()).toBe(1);
    expect(await test.registry.collector.dropOrphans()).toBe(0);
  });
});
