import type { ImageRowId, NewImage } from "@stowage/registry";
import { describe, expect, it } from "vitest";
import type { OpenMetadata } from "./under-test.ts";
import { addImage, addRepository, at, digestFor, key, nameOf, openEach, otherAccount, tagNamed } from "./under-test.ts";

export function imageRowsContract(open: OpenMetadata): void {
  describe("images", () => {
    const metadata = openEach(open);

    it("come back as they were stored", async () => {
      const { id: repositoryId } = await addRepository(metadata(), "app");
      const manifest = Buffer.from('{ "kept" : "byte for byte" }\n');
      const full: NewImage = {
        repositoryId,
        digest: digestFor("full"),
        kind: "image",
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        configMediaType: "application/vnd.oci.image.config.v1+json",
        artifactType: "application/spdx+json",
        subject: digestFor("subject"),
        annotations: { "org.example": "ä \u0000 \" '" },
        sizeBytes: 5_000_000_000,
        pushedAt: at(1),
        manifest,
      };
      const id = await metadata().transaction((rows) => rows.images.insert(full, { blobs: [], children: [] }));
      const { manifest: _, annotations, ...rest } = full;
      const row = { ...rest, id, manifestBytes: manifest.byteLength, status: "ACTIVE" };
      expect(await metadata().images.find(repositoryId, full.digest)).toEqual(row);
      expect(await metadata().images.list(repositoryId, { limit: 1 })).toEqual([row]);
      const referrers = await metadata().images.referrers(repositoryId, digestFor("subject"), { limit: 1 });
      expect(referrers).toEqual([{ ...row, annotations }]);
      expect(Buffer.from((await metadata().images.manifest(id)) ?? []).equals(manifest)).toBe(true);
      await metadata().transaction((rows) => rows.images.putTag(repositoryId, tagNamed("v1"), id));
      expect(await metadata().images.findByTag(repositoryId, tagNamed("v1"))).toEqual(row);
    });

    it("are found for a pull by tag and by digest, in their registry alone", async () => {
      const { id: repositoryId } = await addRepository(metadata(), "app");
      const imageId = await addImage(metadata(), repositoryId, "one", { tags: ["v1"] });
      const stored = {
        imageId,
        repositoryId,
        digest: digestFor("one"),
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        status: "ACTIVE",
        bytes: new Uint8Array(Buffer.from("one")),
      };
      const { images } = metadata();
      expect(await images.findManifest(key, nameOf("app"), { tag: tagNamed("v1") })).toEqual(stored);
      expect(await images.findManifest(key, nameOf("app"), { digest: digestFor("one") })).toEqual(stored);
      expect(await images.findManifest(key, nameOf("app"), { tag: tagNamed("v2") })).toBeUndefined();
      expect(await images.findManifest(key, nameOf("other"), { tag: tagNamed("v1") })).toBeUndefined();
      expect(await images.findManifest(otherAccount, nameOf("app"), { tag: tagNamed("v1") })).toBeUndefined();
    });

    it("may have a manifest of 4 MiB", async () => {
      const { id: repositoryId } = await addRepository(metadata(), "app");
      const manifest = Buffer.alloc(4 * 1_048_576, 120);
      const id = await addImage(metadata(), repositoryId, "large", { manifest });
      expect(Buffer.from((await metadata().images.manifest(id)) ?? []).equals(manifest)).toBe(true);
    });

    it("have their digest once in a repository, and once in every other", async () => {
      const one = await addRepository(metadata(), "one");
      const two = await addRepository(metadata(), "two");
      await addImage(metadata(), one.id, "image");
      await addImage(metadata(), two.id, "image");
      await expect(addImage(metadata(), one.id, "image")).rejects.toThrow(Error);
      expect(await metadata().images.count(one.id)).toBe(1);
    });

    it("get row ids in the order of their push, none of them twice", async () => {
      const { id } = await addRepository(metadata(), "app");
      const first = await addImage(metadata(), id, "first");
      const second = await addImage(metadata(), id, "second");
      await metadata().transaction((rows) => rows.images.delete(second));
      const third = await addImage(metadata(), id, "third");
      expect(first < second && second < third).toBe(true);
    });

    it("tell which of many digests are there", async () => {
      const { id } = await addRepository(metadata(), "app");
      for (const text of ["a", "b"]) await addImage(metadata(), id, text);
      const missing = Array.from({ length: 1_200 }, (_, index) => digestFor(`missing ${index}`));
      const found = await metadata().images.present(id, [digestFor("b"), ...missing, digestFor("a")]);
      expect(found.toSorted((one, other) => (one.digest < other.digest ? -1 : 1))).toEqual(
        ["a", "b"]
          .map((text) => ({ digest: digestFor(text), sizeBytes: 1234 }))
          .sort((one, other) => (one.digest < other.digest ? -1 : 1)),
      );
      expect(await metadata().images.present(id, [])).toEqual([]);
    });

    it("tell who names a blob and which index lists a child", async () => {
      const { id } = await addRepository(metadata(), "app");
      const other = await addRepository(metadata(), "other");
      await addImage(metadata(), id, "one", { blobs: ["config", "layer", "layer"] });
      await addImage(metadata(), id, "a", { kind: "index", children: [digestFor("one"), digestFor("two")] });
      await addImage(metadata(), id, "b", { kind: "index", children: [digestFor("one")] });
      const { images } = metadata();
      expect(await images.blobUse(id, digestFor("config"))).toEqual({
        mediaType: "application/vnd.oci.image.config.v1+json",
        status: "ACTIVE",
      });
      expect(await images.blobUse(id, digestFor("unknown"))).toBeUndefined();
      expect(await images.blobUse(other.id, digestFor("config"))).toBeUndefined();
      expect(await images.parents(id, digestFor("one"), 10)).toEqual([digestFor("a"), digestFor("b")]);
      expect(await images.parents(id, digestFor("one"), 1)).toEqual([digestFor("a")]);
      expect(await images.parents(other.id, digestFor("one"), 10)).toEqual([]);
    });

    it("go with their tags and all that they named", async () => {
      const { id } = await addRepository(metadata(), "app");
      const gone = await addImage(metadata(), id, "gone", {
        tags: ["a", "b"],
        blobs: ["layer"],
        children: [digestFor("x")],
      });
      const kept = await addImage(metadata(), id, "kept", { tags: ["c"] });
      await metadata().transaction((rows) => rows.images.delete(gone));
      const { images } = metadata();
      expect(await images.find(id, digestFor("gone"))).toBeUndefined();
      expect(await images.manifest(gone)).toBeUndefined();
      expect(await images.listTags(id, { limit: 10 })).toEqual(["c"]);
      expect(await images.blobUse(id, digestFor("layer"))).toBeUndefined();
      expect(await images.parents(id, digestFor("x"), 10)).toEqual([]);
      expect(await images.count(id)).toBe(1);
      expect((await metadata().totals()).images).toBe(1);
      expect((await images.list(id, { limit: 10 })).map((image) => image.id)).toEqual([kept]);
    });

    it("move the time of the last pull forward, never back", async () => {
      const { id } = await addRepository(metadata(), "app");
      const imageId = await addImage(metadata(), id, "one");
      const pulled = async (hours: number): Promise<Date | undefined> => {
        const pulls = [
          { imageId, at: at(hours) },
          { imageId: imageId + 999, at: at(hours) },
        ];
        await metadata().transaction((rows) => rows.images.recordPulls(pulls));
        return (await metadata().images.find(id, digestFor("one")))?.lastPulledAt;
      };
      expect(await pulled(5)).toEqual(at(5));
      expect(await pulled(4)).toEqual(at(5));
      expect(await pulled(6)).toEqual(at(6));
    });

    it("are found by their subject, filtered by type and status, page by page", async () => {
      const { id } = await addRepository(metadata(), "app");
      const subject = digestFor("subject");
      const ids: ImageRowId[] = [];
      for (const [index, artifactType] of ["sbom", "signature", "sbom", "sbom"].entries()) {
        ids.push(await addImage(metadata(), id, `referrer ${index}`, { subject, artifactType }));
      }
      await addImage(metadata(), id, "unrelated", { subject: digestFor("other"), artifactType: "sbom" });
      const referrers = async (...query: [{ after?: number; limit: number }, object?]): Promise<number[]> =>
        (await metadata().images.referrers(id, subject, ...query)).map((image) => image.id);
      expect(await referrers({ limit: 10 })).toEqual(ids);
      expect(await referrers({ limit: 2 })).toEqual(ids.slice(0, 2));
      expect(await referrers({ after: ids[1] ?? 0, limit: 10 })).toEqual(ids.slice(2));
      expect(await referrers({ limit: 10 }, { artifactTypes: ["sbom"] })).toEqual([ids[0], ids[2], ids[3]]);
      expect(await referrers({ limit: 2 }, { artifactTypes: ["sbom", "signature"] })).toEqual(ids.slice(0, 2));
      expect(await referrers({ limit: 10 }, { artifactTypes: [] })).toEqual([]);
      expect(await referrers({ limit: 10 }, { status: "ACTIVE" })).toEqual(ids);
      expect(await referrers({ limit: 10 }, { status: "ARCHIVED" })).toEqual([]);
    });
  });
}
