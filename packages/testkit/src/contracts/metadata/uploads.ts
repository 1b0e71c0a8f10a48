import { beforeEach, describe, expect, it } from "vitest";
import type { OpenMetadata } from "./under-test.ts";
import { addRepository, at, newUpload, openEach, uploadNamed } from "./under-test.ts";

export function uploadRowsContract(open: OpenMetadata): void {
  describe("uploads", () => {
    const metadata = openEach(open);
    const id = uploadNamed("upload");
    let repository: number;

    beforeEach(async () => {
      repository = (await addRepository(metadata(), "app")).id;
      await metadata().transaction((rows) => rows.uploads.insert(newUpload("upload", repository)));
    });

    function lease(owner: string, hours: number, now: number): Promise<boolean> {
      return metadata().transaction((rows) => rows.uploads.lease(id, { owner, until: at(hours) }, at(now)));
    }

    it("come back as they were stored", async () => {
      expect(await metadata().uploads.find(id)).toEqual(newUpload("upload", repository));
      const leased = newUpload("leased", repository, {
        receivedBytes: 9_000_000_000,
        partCount: 3,
        lastPartBytes: 17,
        hasSmallPart: true,
        lease: { owner: "a", until: at(1) },
      });
      await metadata().transaction((rows) => rows.uploads.insert(leased));
      expect(await metadata().uploads.find(leased.id)).toEqual(leased);
      expect((await metadata().totals()).openUploads).toBe(2);
    });

    it("are free again when all leases are taken back", async () => {
      expect(await lease("gone", 2, 0)).toBe(true);
      expect(await metadata().transaction((rows) => rows.uploads.releaseLeases())).toBeGreaterThanOrEqual(1);
      expect(await metadata().transaction((rows) => rows.uploads.releaseLeases())).toBe(0);
      expect(await lease("b", 2, 1)).toBe(true);
    });

    it("are leased to one owner at a time, until it gives the lease back or it passes", async () => {
      expect(await lease("a", 2, 0)).toBe(true);
      expect(await lease("b", 2, 1)).toBe(false);
      expect(await lease("a", 3, 1)).toBe(true);
      expect(await lease("b", 9, 2)).toBe(false);
      expect(await lease("b", 9, 3)).toBe(true);
      expect((await metadata().uploads.find(id))?.lease).toEqual({ owner: "b", until: at(9) });
      expect(
        await metadata().transaction((rows) =>
          rows.uploads.lease(uploadNamed("no"), { owner: "a", until: at(1) }, at(0)),
        ),
      ).toBe(false);
    });

    it("advance for the lease's owner alone, and lose the lease by it", async () => {
      const progress = { receivedBytes: 10, partCount: 1, lastPartBytes: 10, hasSmallPart: true };
      const advance = (owner: string): Promise<boolean> =>
        metadata().transaction((rows) => rows.uploads.advance(id, owner, progress));
      expect(await advance("a")).toBe(false);
      await lease("a", 1, 0);
      expect(await advance("b")).toBe(false);
      expect(await advance("a")).toBe(true);
      expect(await metadata().uploads.find(id)).toEqual(newUpload("upload", repository, progress));
      expect(await advance("a")).toBe(false);
    });

    it("expire in batches, except while somebody writes", async () => {
      await metadata().transaction(async (rows) => {
        await rows.uploads.insert(newUpload("old", repository, { expiresAt: at(1) }));
        await rows.uploads.insert(newUpload("older", repository, { expiresAt: at(0) }));
        const busy = { owner: "a", until: at(3) };
        await rows.uploads.insert(newUpload("busy", repository, { expiresAt: at(0), lease: busy }));
      });
      const expired = (hours: number, limit: number): Promise<readonly string[]> =>
        metadata().transaction((rows) => rows.uploads.deleteExpired(at(hours), limit));
      expect(await expired(1, 1)).toEqual(["older"]);
      expect(await expired(1, 10)).toEqual(["old"]);
      expect(await expired(2, 10)).toEqual([]);
      expect(await expired(3, 10)).toEqual(["busy"]);
      expect(await metadata().uploads.find(id)).toBeDefined();
    });

    it("may be deleted twice", async () => {
      await metadata().transaction((rows) => rows.uploads.delete(id));
      await metadata().transaction((rows) => rows.uploads.delete(id));
      expect(await metadata().uploads.find(id)).toBeUndefined();
    });
  });
}
