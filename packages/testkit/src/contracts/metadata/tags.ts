import type { ImageFilter, ImageReads, ImageRowId } from "@stowage/registry";
import { beforeEach, describe, expect, it } from "vitest";
import type { OpenMetadata } from "./under-test.ts";
import { addImage, addRepository, digestFor, openEach, tagNamed } from "./under-test.ts";

type Entry = Awaited<ReturnType<ImageReads["listIds"]>>[number];

export function tagRowsContract(open: OpenMetadata): void {
  describe("tags", () => {
    const metadata = openEach(open);
    let repository: number;
    let one: ImageRowId;
    let two: ImageRowId;

    beforeEach(async () => {
      repository = (await addRepository(metadata(), "app")).id;
      one = await addImage(metadata(), repository, "one");
      two = await addImage(metadata(), repository, "two");
    });

    function putTag(tag: string, image: ImageRowId): Promise<void> {
      return metadata().transaction((rows) => rows.images.putTag(repository, tagNamed(tag), image));
    }

    async function counts(): Promise<number[]> {
      return [await metadata().images.tagCount(one), await metadata().images.tagCount(two)];
    }

    async function tagged(filter: ImageFilter): Promise<number[]> {
      return (await metadata().images.list(repository, { limit: 10 }, filter)).map(({ id }) => id);
    }

    it("move from image to image, and are counted where they are", async () => {
      await putTag("v1", one);
      await putTag("latest", one);
      await putTag("latest", one);
      expect(await counts()).toEqual([2, 0]);
      await putTag("latest", two);
      expect(await counts()).toEqual([1, 1]);
      expect((await metadata().images.findByTag(repository, tagNamed("latest")))?.id).toBe(two);
      const deleted = await metadata().transaction(async (rows) => [
        await rows.images.deleteTag(repository, tagNamed("latest")),
        await rows.images.deleteTag(repository, tagNamed("latest")),
      ]);
      expect(deleted).toEqual([true, false]);
      expect(await counts()).toEqual([1, 0]);
    });

    it("decide which images a list of tagged or untagged ones gives", async () => {
      expect(await tagged({ tagged: true })).toEqual([]);
      await putTag("a", one);
      expect(await tagged({ tagged: true })).toEqual([one]);
      expect(await tagged({ tagged: false })).toEqual([two]);
      await putTag("a", two);
      expect(await tagged({ tagged: true })).toEqual([two]);
      expect(await tagged({ tagged: true, status: "ACTIVE" })).toEqual([two]);
      expect(await tagged({ tagged: true, status: "ARCHIVED" })).toEqual([]);
      expect(await tagged({ status: "ACTIVE" })).toEqual([one, two]);
    });

    it("are listed in byte order, page by page", async () => {
      const names = ["1.0", "1.0-a", "A", "_", "a", "a.b", "z"];
      for (const name of names.toReversed()) await putTag(name, one);
      const { images } = metadata();
      expect(await images.listTags(repository, { limit: 3 })).toEqual(names.slice(0, 3));
      expect(await images.listTags(repository, { after: "A", limit: 3 })).toEqual(names.slice(3, 6));
      expect(await images.listTags(repository, { after: "zz", limit: 3 })).toEqual([]);
      expect(await images.tagsOf([two, one])).toEqual(names.map((tag) => ({ imageId: one, tag })));
      expect(await images.tagsOf([])).toEqual([]);
    });

    it("of many images come by image and then by tag", async () => {
      const ids = await metadata().transaction(async (rows) => {
        const made: ImageRowId[] = [];
        for (let index = 0; index < 600; index += 1) {
          const digest = digestFor(`many ${index}`);
          const image = { repositoryId: repository, digest, kind: "image", mediaType: "m" } as const;
          const rest = { sizeBytes: 0, pushedAt: new Date(0), manifest: Buffer.of() };
          const id = await rows.images.insert({ ...image, ...rest }, { blobs: [], children: [] });
          for (const tag of [`b${index}`, `a${index}`]) await rows.images.putTag(repository, tagNamed(tag), id);
          made.push(id);
        }
        return made;
      });
      const tags = await metadata().images.tagsOf(ids.toReversed());
      expect(tags.map(({ tag }) => tag)).toEqual(ids.flatMap((_, index) => [`a${index}`, `b${index}`]));
    });

    it("can't point at an image of another repository", async () => {
      const other = await addRepository(metadata(), "other");
      const foreign = metadata().transaction((rows) => rows.images.putTag(other.id, tagNamed("v1"), one));
      await expect(foreign).rejects.toThrow(Error);
      const missing = metadata().transaction((rows) => rows.images.putTag(repository, tagNamed("v1"), 12_345));
      await expect(missing).rejects.toThrow(Error);
      expect(await metadata().images.listTags(repository, { limit: 10 })).toEqual([]);
    });

    describe("listed with their images", () => {
      let three: ImageRowId;

      beforeEach(async () => {
        three = await addImage(metadata(), repository, "three", { tags: ["z", "m", "a"] });
        await putTag("b", one);
      });

      async function walk(limit: number, filter?: ImageFilter): Promise<string[]> {
        const seen: Entry[] = [];
        for (let last: Entry | undefined; ; last = seen.at(-1)) {
          const page = await metadata().images.listIds(repository, { ...(last && { after: last }), limit }, filter);
          expect(page.length).toBeLessThanOrEqual(limit);
          seen.push(...page);
          if (page.length < limit) break;
        }
        return seen.map(({ imageId, tag }) => `${imageId} ${tag ?? "-"}`);
      }

      it.each([1, 2, 3, 10])("have an entry each, and untagged images one, in pages of %i", async (limit) => {
        const all = [`${one} b`, `${two} -`, `${three} a`, `${three} m`, `${three} z`];
        expect(await walk(limit)).toEqual(all);
        expect(await walk(limit, { status: "ACTIVE" })).toEqual(all);
        expect(await walk(limit, { tagged: true })).toEqual(all.filter((entry) => !entry.endsWith("-")));
        expect(await walk(limit, { tagged: false })).toEqual([`${two} -`]);
        expect(await walk(limit, { tagged: true, status: "ACTIVE" })).toEqual(
          all.filter((entry) => !entry.endsWith("-")),
        );
        expect(await walk(limit, { status: "ARCHIVED" })).toEqual([]);
      });

      it("go on behind an entry that is gone", async () => {
        const after = { imageId: three, tag: tagNamed("m") };
        await metadata().transaction((rows) => rows.images.deleteTag(repository, tagNamed("m")));
        expect(await metadata().images.listIds(repository, { after, limit: 10 })).toEqual([
          { imageId: three, digest: digestFor("three"), tag: "z" },
        ]);
        await metadata().transaction((rows) => rows.images.delete(three));
        expect(await metadata().images.listIds(repository, { after, limit: 10 })).toEqual([]);
      });
    });
  });
}
