import { describe, expect, it } from "vitest";
import type { OpenMetadata } from "./under-test.ts";
import {
  addBlob,
  addImage,
  addRepository,
  at,
  digestFor,
  key,
  nameOf,
  newRepository,
  newUpload,
  openEach,
  otherAccount,
  otherRegion,
  tagNamed,
  uploadNamed,
} from "./under-test.ts";

export function repositoryRowsContract(open: OpenMetadata): void {
  describe("repositories", () => {
    const metadata = openEach(open);

    it("come back as they were stored", async () => {
      const full = newRepository("team/app", {
        tagMutability: "IMMUTABLE_WITH_EXCLUSION",
        exclusionFilters: [{ filterType: "WILDCARD", filter: "latest*" }],
        scanOnPush: true,
        encryption: { encryptionType: "KMS", kmsKey: "arn:aws:kms:us-east-1:000000000000:key/1" },
      });
      const row = await metadata().transaction((rows) => rows.repositories.insert(full));
      expect(await metadata().repositories.find(key, nameOf("team/app"))).toEqual({ ...full, id: row?.id });
      const plain = await addRepository(metadata(), "plain");
      expect(await metadata().repositories.find(key, nameOf("plain"))).toEqual({
        ...newRepository("plain"),
        id: plain.id,
      });
    });

    it("belong to one account and region", async () => {
      const here = await addRepository(metadata(), "app");
      const account = await addRepository(metadata(), "app", otherAccount);
      const region = await addRepository(metadata(), "app", otherRegion);
      expect(new Set([here.id, account.id, region.id]).size).toBe(3);
      expect((await metadata().repositories.find(otherAccount, nameOf("app")))?.id).toBe(account.id);
      expect(await metadata().repositories.count(key)).toBe(1);
      expect(await metadata().repositories.list(otherRegion, { limit: 10 })).toEqual([region]);
      expect(await metadata().totals()).toMatchObject({ registries: 3, repositories: 3 });
    });

    it("have their name once", async () => {
      await addRepository(metadata(), "app");
      const again = await metadata().transaction((rows) => rows.repositories.insert(newRepository("app")));
      expect(again).toBeUndefined();
      expect(await metadata().repositories.count(key)).toBe(1);
    });

    it("are listed by name in byte order, page by page", async () => {
      const names = ["a", "a-b", "a.b", "a/b", "a0", "a_b", "ab", "b"];
      for (const name of names.toReversed()) await addRepository(metadata(), name);
      const seen: string[] = [];
      for (let after: string | undefined; ; after = seen.at(-1)) {
        const page = await metadata().repositories.list(key, { ...(after === undefined ? {} : { after }), limit: 3 });
        seen.push(...page.map(({ name }) => name));
        if (page.length < 3) break;
      }
      expect(seen).toEqual(names);
      const afterGone = await metadata().repositories.list(key, { after: "a1", limit: 2 });
      expect(afterGone.map(({ name }) => name)).toEqual(["a_b", "ab"]);
    });

    it("keep changed settings", async () => {
      const { id } = await addRepository(metadata(), "app");
      await metadata().transaction(async (rows) => {
        await rows.repositories.setTagMutability(id, "MUTABLE_WITH_EXCLUSION", [
          { filterType: "WILDCARD", filter: "v*" },
        ]);
        await rows.repositories.setScanOnPush(id, true);
      });
      expect(await metadata().repositories.find(key, nameOf("app"))).toMatchObject({
        tagMutability: "MUTABLE_WITH_EXCLUSION",
        exclusionFilters: [{ filterType: "WILDCARD", filter: "v*" }],
        scanOnPush: true,
      });
    });

    it("keep resource tags by key in byte order", async () => {
      const { id } = await addRepository(metadata(), "app");
      await metadata().transaction(async (rows) => {
        for (const [tag, value] of [
          ["team", "a"],
          ["Team", "b"],
          ["é", "c"],
          ["team", "d"],
          ["gone", ""],
        ] as const) {
          await rows.repositories.putResourceTag(id, { key: tag, value });
        }
        await rows.repositories.deleteResourceTags(id, ["gone", "never there"]);
      });
      expect(await metadata().repositories.resourceTags(id)).toEqual([
        { key: "Team", value: "b" },
        { key: "team", value: "d" },
        { key: "é", value: "c" },
      ]);
    });

    it("take everything along when they go, and leave others alone", async () => {
      const gone = await addRepository(metadata(), "gone");
      const kept = await addRepository(metadata(), "kept");
      for (const { id } of [gone, kept]) {
        const blob = await addBlob(metadata(), id, "layer");
        await addImage(metadata(), id, "one", { tags: ["v1", "latest"], blobs: ["config", "layer"] });
        await addImage(metadata(), id, "index", { kind: "index", children: [digestFor("one")] });
        await metadata().transaction(async (rows) => {
          await rows.repositories.putResourceTag(id, { key: "a", value: "b" });
          await rows.uploads.insert(newUpload(`upload-${id}`, id));
        });
        expect(blob.state).toBe("ready");
      }
      await metadata().transaction((rows) => rows.repositories.delete(gone.id));

      expect(await metadata().repositories.find(key, nameOf("gone"))).toBeUndefined();
      expect(await metadata().repositories.count(key)).toBe(1);
      expect(await metadata().images.list(gone.id, { limit: 10 })).toEqual([]);
      expect(await metadata().images.listTags(gone.id, { limit: 10 })).toEqual([]);
      expect(await metadata().blobs.find(gone.id, digestFor("layer"))).toBeUndefined();
      expect(await metadata().uploads.find(uploadNamed(`upload-${gone.id}`))).toBeUndefined();
      expect(await metadata().repositories.resourceTags(gone.id)).toEqual([]);

      expect(await metadata().images.count(kept.id)).toBe(2);
      expect(await metadata().images.listTags(kept.id, { limit: 10 })).toEqual(["latest", "v1"].map(tagNamed));
      expect(await metadata().blobs.find(kept.id, digestFor("layer"))).toBeDefined();
      expect(await metadata().uploads.find(uploadNamed(`upload-${kept.id}`))).toBeDefined();
      expect(await metadata().totals()).toEqual({
        registries: 1,
        repositories: 1,
        images: 2,
        blobs: 1,
        blobBytes: 5,
        openUploads: 1,
      });
    });

    it("are hidden at once however large, and the rest of them goes in batches", async () => {
      const { id } = await addRepository(metadata(), "large");
      const blob = await addBlob(metadata(), id, "layer", at(1_000));
      for (let n = 0; n < 250; n += 1) {
        await addImage(metadata(), id, `image ${n}`, { tags: [`v${n}`], blobs: ["layer"] });
      }
      await metadata().transaction((rows) => rows.repositories.delete(id));
      expect(await metadata().repositories.find(key, nameOf("large"))).toBeUndefined();
      expect(await metadata().repositories.list(key, { limit: 10 })).toEqual([]);
      expect(await metadata().totals()).toMatchObject({ registries: 0, repositories: 0, images: 0 });
      const anew = await addRepository(metadata(), "large");
      expect(await metadata().images.count(anew.id)).toBe(0);

      const purge = () => metadata().transaction((rows) => rows.repositories.purge(30));
      const batches: number[] = [];
      for (let purged = await purge(); purged > 0; purged = await purge()) batches.push(purged);
      expect(batches).toEqual([30, 21]);
      expect(await metadata().images.list(id, { limit: 10 })).toEqual([]);
      expect(await metadata().totals()).toMatchObject({ repositories: 1, images: 0 });
      const claimed = await metadata().transaction((rows) => rows.blobs.claimUnlinked(10));
      expect(claimed).toEqual([{ ...blob, state: "deleting" }]);
    });

    it("made anew under an old name share nothing with the one before", async () => {
      const before = await addRepository(metadata(), "app");
      await addBlob(metadata(), before.id, "layer");
      await metadata().transaction((rows) => rows.repositories.delete(before.id));
      const after = await addRepository(metadata(), "app");
      expect(after.id).toBeGreaterThan(before.id);
      expect(await metadata().blobs.find(after.id, digestFor("layer"))).toBeUndefined();
    });

    it("leave the blobs that nobody else sees to the collector", async () => {
      const { id } = await addRepository(metadata(), "app");
      const blob = await addBlob(metadata(), id, "layer", at(1_000));
      await metadata().transaction((rows) => rows.repositories.delete(id));
      const claimed = await metadata().transaction((rows) => rows.blobs.claimUnlinked(10));
      expect(claimed).toEqual([{ ...blob, state: "deleting" }]);
    });
  });
}
