import { testBlob, openTestRegistry, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BlobLocation } from "../ports/blobs.ts";

let test: TestRegistry;
beforeEach(async () => {
  test = await openTestRegistry();
});
afterEach(() => test.close());

const blob = testBlob("0123456789");
const chunks = async function* (): AsyncGenerator<Uint8Array> {
  yield blob.bytes;
};
const killed = (): Promise<never> => Promise.reject(new Error("killed"));
const finish = (id: Awaited<ReturnType<typeof begin>>): Promise<unknown> =>
  test.registry.uploads.finish(test.key, test.name, test.owner, { id, digest: blob.digest });

async function begin() {
  const { id } = await test.registry.uploads.begin(test.key, test.name, test.owner);
  await test.registry.uploads.append(test.key, test.name, test.owner, { id, bytes: chunks() });
  return id;
}

async function published(): Promise<BlobLocation[]> {
  const found: BlobLocation[] = [];
  for await (const { location } of test.blobs.published()) found.push(location);
  return found;
}

/** Runs `work` with a server that dies as soon as it is to do what `method` of a driver does. */
async function dying<T extends object>(driver: T, method: keyof T, work: () => Promise<unknown>): Promise<void> {
  const whole = driver[method];
  Object.assign(driver, { [method]: killed });
  await expect(work()).rejects.toThrow("killed");
  Object.assign(driver, { [method]: whole });
}

describe("the sweep of bytes that no row names", () => {
  it("leaves alone what is named", async () => {
    await test.pushBlob(test.name, blob);
    expect(await test.registry.collector.dropOrphans()).toBe(0);
    expect(await published()).toHaveLength(1);
  });

  it("leaves alone what an open upload has published, which can be completed afterwards", async () => {
    const id = await begin();
    await dying(test.metadata, "transaction", () =>
      test.blobs.publish(id, { digest: blob.digest, sizeBytes: 10 }).then(() => test.metadata.transaction(killed)),
    );
    expect(await test.registry.collector.dropOrphans()).toBe(0);
    await finish(id);
    expect(await published()).toHaveLength(1);
    expect(await test.metadata.uploads.find(id)).toBeUndefined();
  });

  it("takes what an upload has published that was given up before it was completed", async () => {
    const id = await begin();
    await test.blobs.publish(id, { digest: blob.digest, sizeBytes: 10 });
    await test.registry.uploads.cancel(test.key, test.name, test.owner, id);
    expect(await test.registry.collector.dropOrphans()).toBe(1);
    expect(await published()).toEqual([]);
  });

  it("takes the second copy of a blob that a crash has left, once its upload is over", async () => {
    await test.pushBlob(test.name, blob);
    const id = await begin();
    await dying(test.blobs, "remove", () => finish(id));
    expect(await published()).toHaveLength(2);
    expect(await test.registry.collector.dropOrphans()).toBe(0);
    test.clock.advance(8 * 24 * 3_600_000);
    expect(await test.registry.uploads.sweep(10)).toBe(1);
    expect(await test.registry.collector.dropOrphans()).toBe(1);
    const named = await test.metadata.blobs.findShared(blob.digest, "");
    expect(await published()).toEqual([named?.location]);
  });

  it("finds nothing after two pushes of the same bytes, which leave no upload either", async () => {
    await test.pushBlob(test.name, blob);
    const id = await begin();
    await finish(id);
    expect(await test.metadata.uploads.find(id)).toBeUndefined();
    expect(await published()).toHaveLength(1);
    expect(await test.registry.collector.dropOrphans()).toBe(0);
  });
});

it("an upload that ended while its bytes were published is not found, and leaves none", async () => {
  const id = await begin();
  const { blobs, metadata } = test;
  const publish = blobs.publish.bind(blobs);
  blobs.publish = async (...given) => {
    await metadata.transaction((rows) => rows.uploads.delete(id));
    return publish(...given);
  };
  await expect(finish(id)).rejects.toMatchObject({ name: "UploadNotFoundException" });
  expect(await published()).toEqual([]);
});

it("an upload that another has completed meanwhile keeps the bytes that are named now", async () => {
  const id = await begin();
  const { blobs } = test;
  const publish = blobs.publish.bind(blobs);
  blobs.publish = async (...given) => {
    blobs.publish = publish;
    const first = await publish(...given);
    await test.metadata.transaction(async (rows) => {
      await rows.blobs.putShared({ digest: blob.digest, keyScope: "", sizeBytes: 10, location: first.location });
      await rows.uploads.delete(id);
    });
    return publish(...given);
  };
  await expect(finish(id)).rejects.toMatchObject({ name: "UploadNotFoundException" });
  const named = await test.metadata.blobs.findShared(blob.digest, "");
  expect(await published()).toEqual([named?.location]);
});
