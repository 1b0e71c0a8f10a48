import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readFile, readdir, rm, stat, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UploadId } from "@stowage/model";
import { digestOf } from "@stowage/model";
import type { BlobLocation, BlobStore, Bytes } from "@stowage/registry";
import { UploadBytesLost } from "@stowage/registry";
import { blobStoreContract, stream } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDiskBlobs } from "./blob-store.ts";
import { IDLE_UPLOADS_LIMIT } from "./threads.ts";

async function files(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

blobStoreContract("disk", async () => {
  const directory = await mkdtemp(join(tmpdir(), "stowage-blobs-"));
  const opened = [await openDiskBlobs({ directory })];
  return {
    blobs: opened[0]!,
    reopen: async () => {
      const blobs = await openDiskBlobs({ directory });
      opened.push(blobs);
      return blobs;
    },
    close: async () => {
      for (const blobs of opened) await blobs.close();
      const left = await files(directory);
      await rm(directory, { recursive: true });
      return left;
    },
  };
});

describe("blobs on disk", () => {
  let directory: string;
  let blobs: BlobStore;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "stowage-blobs-"));
    blobs = await openDiskBlobs({ directory });
  });

  afterEach(async () => {
    await blobs.close();
    await rm(directory, { recursive: true });
  });

  const bytes = randomBytes(1_500_000);
  const digest = digestOf("sha256", createHash("sha256").update(bytes).digest("hex"));
  const expected = { digest, sizeBytes: bytes.byteLength };

  async function uploaded(part: Bytes = stream(bytes)): Promise<UploadId> {
    const id = randomUUID() as UploadId;
    await blobs.append(id, 0, part, 1e9);
    return id;
  }

  it("are files that a transport can hand to the kernel", async () => {
    const { location } = await blobs.publish(await uploaded(), expected);
    const file = blobs.files?.file(location);
    expect(file?.offsetBytes).toBe(0);
    expect((await readFile(file?.path ?? "")).equals(bytes)).toBe(true);
    expect(file?.path.startsWith(join(directory, "blobs", "sha256", digest.slice(7, 9)))).toBe(true);
  });

  it("are their owner's alone", async () => {
    const { location } = await blobs.publish(await uploaded(), expected);
    expect((await stat(blobs.files?.file(location).path ?? "")).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, "uploads"))).mode & 0o777).toBe(0o700);
  });

  it("are listed without what else lies there", async () => {
    const { location } = await blobs.publish(await uploaded(), expected);
    const folder = join(directory, "blobs", location, "..");
    for (const path of [folder, join(folder, ".."), join(folder, "../..")]) await writeFile(join(path, "stray"), "");
    const found: BlobLocation[] = [];
    for await (const blob of blobs.published()) found.push(blob.location);
    expect(found).toEqual([location]);
  });

  it("that were torn under a name which is published to again are replaced", async () => {
    const id = await uploaded();
    const { location } = await blobs.publish(id, expected);
    await truncate(blobs.files?.file(location).path ?? "", 1000);
    await blobs.append(id, 0, stream(bytes), 1e9);
    expect((await blobs.publish(id, expected)).location).toBe(location);
    expect(await blobs.digest(location, "sha256")).toBe(digest);
  });

  it.each(["torn", "changed"])("that were %s are not taken for a published upload", async (damage) => {
    const id = await uploaded();
    const { location } = await blobs.publish(id, expected);
    const path = blobs.files?.file(location).path ?? "";
    await (damage === "torn" ? truncate(path, 1000) : writeFile(path, randomBytes(bytes.byteLength)));
    await expect(blobs.publish(id, expected)).rejects.toThrow(new UploadBytesLost(0));
    expect(await blobs.stat(location)).toBeUndefined();
  });

  it("that are being published when the driver closes are whole", async () => {
    const id = await uploaded();
    const sha512 = digestOf("sha512", createHash("sha512").update(bytes).digest("hex"));
    const publishing = blobs.publish(id, { digest: sha512, sizeBytes: bytes.byteLength });
    await blobs.close();
    const { location } = await publishing;
    blobs = await openDiskBlobs({ directory });
    expect(await blobs.digest(location, "sha512")).toBe(sha512);
  });

  it("tell of bytes that a power failure took from an upload", async () => {
    const id = await uploaded();
    await blobs.close();
    await truncate(join(directory, "uploads", id), 1_000_000);
    blobs = await openDiskBlobs({ directory });
    await expect(blobs.append(id, bytes.byteLength, stream(Buffer.of(1)), 1e9)).rejects.toThrow(
      new UploadBytesLost(1_000_000),
    );
    await blobs.append(id, 1_000_000, stream(bytes.subarray(1_000_000)), 1e9);
    await blobs.publish(id, expected);
  });

  it("do not publish an upload whose bytes a power failure turned into others", async () => {
    const id = await uploaded();
    await blobs.close();
    await writeFile(join(directory, "uploads", id), Buffer.alloc(bytes.byteLength));
    blobs = await openDiskBlobs({ directory });
    await expect(blobs.publish(id, expected)).rejects.toThrow("digest");
  });

  it.runIf(process.platform === "linux")("keep few idle uploads open, and go on with all of them", async () => {
    const ids: UploadId[] = [];
    const before = await openFiles();
    for (let index = 0; index < IDLE_UPLOADS_LIMIT + 20; index += 1) ids.push(await uploaded(stream(Buffer.of(index))));
    expect((await openFiles()) - before).toBeLessThan(IDLE_UPLOADS_LIMIT + 20);
    for (const [index, id] of ids.entries()) {
      const body = Buffer.of(index, 7);
      expect(await blobs.append(id, 1, stream(body.subarray(1)), 1e9)).toBe(2);
      const hash = createHash("sha256").update(body).digest("hex");
      await blobs.publish(id, { digest: digestOf("sha256", hash), sizeBytes: 2 });
    }
  });

  it.runIf(process.platform === "linux")(
    "surface a full disk, stop the source, and go on when there is room",
    async () => {
      const id = randomUUID() as UploadId;
      await symlink("/dev/full", join(directory, "uploads", id));
      let stopped = false;
      async function* endless(): Bytes {
        try {
          for (;;) yield Buffer.alloc(65_536);
        } finally {
          stopped = true;
        }
      }
      await expect(blobs.append(id, 0, endless(), 1e12)).rejects.toMatchObject({ code: "ENOSPC", syscall: "write" });
      expect(stopped).toBe(true);
      await unlink(join(directory, "uploads", id));
      await blobs.append(id, 0, stream(bytes), 1e9);
      await blobs.publish(id, expected);
    },
  );

  it("surface a failure to publish and keep the upload for another try", async () => {
    const id = await uploaded();
    await rm(join(directory, "blobs"), { recursive: true });
    await writeFile(join(directory, "blobs"), "in the way");
    await expect(blobs.publish(id, expected)).rejects.toMatchObject({ code: "ENOTDIR" });
    await rm(join(directory, "blobs"));
    const { location } = await blobs.publish(id, expected);
    expect(await blobs.digest(location, "sha256")).toBe(digest);
  });

  const uuid = "6980368f-801a-4ca7-ae89-8b6e804136c5";
  it.each([
    "sha256/../../../etc/passwd",
    "sha256/ab/x",
    `sha256/ab/${"cd".repeat(32)}.${uuid}`,
    `sha256/cd/${"cd".repeat(32)}`,
    `sha256/cd/${"cd".repeat(32)}.${uuid}/..`,
    `sha1/cd/${"cd".repeat(32)}.${uuid}`,
  ])("are not looked for at %j", async (text) => {
    const at = text as BlobLocation;
    await expect(blobs.stat(at)).rejects.toThrow("location");
    await expect(blobs.remove(at)).rejects.toThrow("location");
    await expect(blobs.digest(at, "sha256")).rejects.toThrow("location");
    expect(() => blobs.files?.file(at)).toThrow("location");
  });
});

async function openFiles(): Promise<number> {
  return (await readdir("/proc/self/fd")).length;
}
