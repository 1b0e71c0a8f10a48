import type { BlobRow } from "@stowage/registry";
import { beforeEach, describe, expect, it } from "vitest";
import type { OpenMetadata } from "./under-test.ts";
import { addBlob, addImage, addRepository, at, digestFor, locationNamed, newBlob, openEach } from "./under-test.ts";

export function blobRowsContract(open: OpenMetadata): void {
  describe("blobs", () => {
    const metadata = openEach(open);
    let repository: number;

    beforeEach(async () => {
      repository = (await addRepository(metadata(), "app")).id;
    });

    function unlinkExpired(hours: number, limit = 100): Promise<number> {
      return metadata().transaction((rows) => rows.blobs.unlinkExpired(at(hours), limit));
    }

    function claimUnlinked(limit = 100): Promise<readonly BlobRow[]> {
      return metadata().transaction((rows) => rows.blobs.claimUnlinked(limit));
    }

    it("are seen by the repositories that they are linked in alone", async () => {
      const other = await addRepository(metadata(), "other");
      const blob = await addBlob(metadata(), repository, "layer", at(24));
      const { blobs } = metadata();
      expect(await blobs.find(repository, blob.digest)).toEqual({ ...blob, heldUntil: at(24) });
      expect(await blobs.find(other.id, blob.digest)).toBeUndefined();
      expect(await blobs.present(other.id, [blob.digest])).toEqual([]);
      const missing = Array.from({ length: 1_100 }, (_, index) => digestFor(`missing ${index}`));
      expect(await blobs.present(repository, [...missing, blob.digest])).toEqual([{ ...blob, heldUntil: at(24) }]);
      expect(await blobs.findShared(blob.digest, "")).toEqual(blob);
      expect(await blobs.findShared(blob.digest, "key")).toBeUndefined();
    });

    it("are named where one of their rows says, in whichever state", async () => {
      const blob = await addBlob(metadata(), repository, "layer", at(0));
      const { blobs } = metadata();
      expect(await blobs.isNamed(blob.digest, blob.location)).toBe(true);
      expect(await blobs.isNamed(blob.digest, locationNamed("elsewhere"))).toBe(false);
      expect(await blobs.isNamed(digestFor("other"), blob.location)).toBe(false);
      await unlinkExpired(1);
      expect(await claimUnlinked()).toMatchObject([{ state: "deleting" }]);
      expect(await blobs.isNamed(blob.digest, blob.location)).toBe(true);
    });

    it("are stored once for a key scope, where they were stored first", async () => {
      const rows = await metadata().transaction(async ({ blobs }) => [
        await blobs.putShared(newBlob("layer")),
        await blobs.putShared(newBlob("layer", { location: locationNamed("elsewhere") })),
        await blobs.putShared(newBlob("layer", { keyScope: "key" })),
      ]);
      expect(rows[1]).toEqual(rows[0]);
      expect(rows[2]?.id).not.toBe(rows[0]?.id);
      expect(await metadata().totals()).toMatchObject({ blobs: 2, blobBytes: 10 });
    });

    it("of one digest have one size", async () => {
      await addBlob(metadata(), repository, "layer");
      const wrong = metadata().transaction((rows) => rows.blobs.putShared(newBlob("layer", { sizeBytes: 6 })));
      await expect(wrong).rejects.toThrow("5 bytes");
    });

    it("can be pointed at other bytes", async () => {
      const blob = await addBlob(metadata(), repository, "layer");
      await metadata().transaction((rows) => rows.blobs.relocateShared(blob.id, locationNamed("new")));
      expect((await metadata().blobs.find(repository, blob.digest))?.location).toBe("new");
    });

    it("are held longer by a link or a hold, never shorter", async () => {
      const blob = await addBlob(metadata(), repository, "layer", at(10));
      const heldUntil = async (): Promise<Date | undefined> =>
        (await metadata().blobs.find(repository, blob.digest))?.heldUntil;
      await metadata().transaction((rows) => rows.blobs.link(repository, blob.id, at(5)));
      expect(await heldUntil()).toEqual(at(10));
      await metadata().transaction((rows) => rows.blobs.link(repository, blob.id, at(15)));
      expect(await heldUntil()).toEqual(at(15));
      const digests = [digestFor("unknown"), blob.digest];
      await metadata().transaction((rows) => rows.blobs.hold(repository, digests, at(20)));
      expect(await heldUntil()).toEqual(at(20));
      await metadata().transaction((rows) => rows.blobs.hold(repository, digests, at(1)));
      expect(await heldUntil()).toEqual(at(20));
      expect(await metadata().blobs.find(repository, digestFor("unknown"))).toBeUndefined();
    });

    it("stay while their hold stands, and no longer", async () => {
      await addBlob(metadata(), repository, "layer", at(24));
      expect(await unlinkExpired(23)).toBe(0);
      expect(await claimUnlinked()).toEqual([]);
      expect(await unlinkExpired(24)).toBe(1);
      expect(await metadata().blobs.find(repository, digestFor("layer"))).toBeUndefined();
      expect(await claimUnlinked()).toHaveLength(1);
    });

    it("stay while an image of their repository names them", async () => {
      await addBlob(metadata(), repository, "layer", at(1));
      const one = await addImage(metadata(), repository, "one", { blobs: ["layer", "layer"] });
      const two = await addImage(metadata(), repository, "two", { blobs: ["layer"] });
      expect(await unlinkExpired(100)).toBe(0);
      await metadata().transaction((rows) => rows.images.delete(one));
      expect(await unlinkExpired(100)).toBe(0);
      await metadata().transaction((rows) => rows.images.delete(two));
      expect(await unlinkExpired(100)).toBe(1);
    });

    it("stay when they were linked after the image that names them", async () => {
      const image = await addImage(metadata(), repository, "one", { blobs: ["layer"] });
      await addBlob(metadata(), repository, "layer", at(1));
      expect(await unlinkExpired(100)).toBe(0);
      await metadata().transaction((rows) => rows.images.delete(image));
      expect(await unlinkExpired(100)).toBe(1);
    });

    it("are not kept by images of other repositories, but by their links", async () => {
      const other = await addRepository(metadata(), "other");
      await addBlob(metadata(), repository, "layer", at(1));
      await addBlob(metadata(), other.id, "layer", at(1));
      await addImage(metadata(), other.id, "one", { blobs: ["layer"] });
      expect(await unlinkExpired(100)).toBe(1);
      expect(await metadata().blobs.find(repository, digestFor("layer"))).toBeUndefined();
      expect(await metadata().blobs.find(other.id, digestFor("layer"))).toBeDefined();
      expect(await claimUnlinked()).toEqual([]);
    });

    it("go in batches, those whose hold passed first before others", async () => {
      for (const [index, text] of ["c", "a", "b"].entries()) await addBlob(metadata(), repository, text, at(index));
      expect(await unlinkExpired(100, 2)).toBe(2);
      expect(await metadata().blobs.find(repository, digestFor("b"))).toBeDefined();
      expect(await claimUnlinked(1)).toHaveLength(1);
      expect(await claimUnlinked(1)).toHaveLength(1);
      expect(await claimUnlinked(2)).toHaveLength(2);
    });

    it("that are being deleted are seen by nobody and linked by nobody", async () => {
      const blob = await addBlob(metadata(), repository, "layer", at(1));
      await unlinkExpired(2);
      expect(await claimUnlinked()).toEqual([{ ...blob, state: "deleting" }]);
      const link = metadata().transaction((rows) => rows.blobs.link(repository, blob.id, at(9)));
      await expect(link).rejects.toThrow("ready");
    });

    it("that are being deleted come again until they are gone", async () => {
      const blob = await addBlob(metadata(), repository, "layer", at(1));
      await unlinkExpired(2);
      expect(await claimUnlinked()).toHaveLength(1);
      expect(await claimUnlinked()).toHaveLength(1);
      await metadata().transaction((rows) => rows.blobs.deleteShared(blob.id));
      await metadata().transaction((rows) => rows.blobs.deleteShared(blob.id));
      expect(await claimUnlinked()).toEqual([]);
      expect(await metadata().blobs.findShared(blob.digest, "")).toBeUndefined();
      expect(await metadata().totals()).toMatchObject({ blobs: 0, blobBytes: 0 });
    });

    it("that are needed again while they are being deleted live on in other bytes", async () => {
      const blob = await addBlob(metadata(), repository, "layer", at(1));
      await unlinkExpired(2);
      await claimUnlinked();
      const location = locationNamed("new bytes");
      const revived = await metadata().transaction(async (rows) => {
        const row = await rows.blobs.putShared(newBlob("layer", { location }));
        await rows.blobs.link(repository, row.id, at(24));
        return row;
      });
      expect(revived).toEqual({ ...blob, state: "ready", location });
      await metadata().transaction((rows) => rows.blobs.deleteShared(blob.id));
      expect(await metadata().blobs.find(repository, blob.digest)).toMatchObject({ location, state: "ready" });
      expect(await claimUnlinked()).toEqual([]);
      expect(await metadata().totals()).toMatchObject({ blobs: 1, blobBytes: 5 });
    });
  });
}
