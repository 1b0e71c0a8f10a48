import { setTimeout as delay } from "node:timers/promises";
import type { MetadataTransaction } from "@stowage/registry";
import { describe, expect, it } from "vitest";
import type { OpenMetadata } from "./under-test.ts";
import {
  addBlob,
  addImage,
  addRepository,
  digestFor,
  key,
  nameOf,
  newRepository,
  openEach,
  putImage,
} from "./under-test.ts";

export function transactionsContract(open: OpenMetadata): void {
  describe("transactions", () => {
    const metadata = openEach(open);

    it("that fail leave nothing, counts included", async () => {
      const { id } = await addRepository(metadata(), "app");
      await addBlob(metadata(), id, "layer");
      await addImage(metadata(), id, "one", { tags: ["v1"], blobs: ["layer"] });
      const before = await metadata().totals();
      const cause = new Error("changed my mind");
      const failing = metadata().transaction(async (rows) => {
        await rows.repositories.insert(newRepository("other"));
        await putImage(rows, id, "two", { tags: ["v1", "v2"] });
        await rows.blobs.claimUnlinked(10);
        throw cause;
      });
      await expect(failing).rejects.toBe(cause);
      expect(await metadata().totals()).toEqual(before);
      expect(await metadata().repositories.find(key, nameOf("other"))).toBeUndefined();
      expect(await metadata().repositories.count(key)).toBe(1);
      expect(await metadata().images.listTags(id, { limit: 10 })).toEqual(["v1"]);
      expect(await metadata().images.count(id)).toBe(1);
      expect(await metadata().images.find(id, digestFor("two"))).toBeUndefined();
    });

    it("see their own changes, which others see after the commit alone", async () => {
      const name = nameOf("app");
      let inside: unknown;
      let outside: Promise<unknown> | undefined;
      const failing = metadata().transaction(async (rows) => {
        await rows.repositories.insert(newRepository("app"));
        inside = await rows.repositories.find(key, name);
        outside = metadata().repositories.find(key, name);
        for (let turn = 0; turn < 50; turn += 1) await rows.repositories.count(key);
        throw new Error("never happened");
      });
      await expect(failing).rejects.toThrow("never happened");
      expect(inside).toBeDefined();
      expect(await outside).toBeUndefined();
      await addRepository(metadata(), "app");
      expect(await metadata().repositories.find(key, name)).toBeDefined();
    });

    it("run one after another, in the order in which they were asked for", async () => {
      const order: string[] = [];
      const step =
        (text: string) =>
        async (rows: MetadataTransaction): Promise<void> => {
          order.push(`${text} begins`);
          for (let turn = 0; turn < 20; turn += 1) await rows.repositories.count(key);
          order.push(`${text} ends`);
        };
      await Promise.all(["a", "b", "c"].map((text) => metadata().transaction(step(text))));
      expect(order).toEqual(["a", "b", "c"].flatMap((text) => [`${text} begins`, `${text} ends`]));
    });

    it("lose no update when many change the same row", async () => {
      const { id } = await addRepository(metadata(), "app");
      await Promise.all(
        Array.from({ length: 200 }, () =>
          metadata().transaction(async (rows) => {
            const count = Number((await rows.repositories.resourceTags(id))[0]?.value ?? 0);
            await rows.repositories.putResourceTag(id, { key: "count", value: String(count + 1) });
          }),
        ),
      );
      expect(await metadata().repositories.resourceTags(id)).toEqual([{ key: "count", value: "200" }]);
    });

    it("may leave durability to later ones", async () => {
      await metadata().transaction((rows) => rows.repositories.insert(newRepository("app")), { durable: false });
      expect(await metadata().repositories.find(key, nameOf("app"))).toBeDefined();
    });

    it("can't be used after they have ended", async () => {
      let escaped: MetadataTransaction | undefined;
      await metadata().transaction(async (rows) => {
        escaped = rows;
      });
      await expect(escaped?.repositories.insert(newRepository("app"))).rejects.toThrow("ended");
      expect(await metadata().repositories.count(key)).toBe(0);
    });

    it("that wait for anything but their rows fail, and let others go on", async () => {
      const waiting = metadata().transaction(async (rows) => {
        await rows.repositories.insert(newRepository("app"));
        await delay(1);
        await rows.repositories.insert(newRepository("late"));
      });
      const next = metadata().transaction((rows) => rows.repositories.count(key));
      await expect(waiting).rejects.toThrow("awaited something else");
      expect(await next).toBe(0);
      await delay(5);
      expect(await metadata().repositories.count(key)).toBe(0);
    });

    it("inside of transactions fail instead of waiting for ever", async () => {
      const nested = metadata().transaction(() => metadata().transaction((rows) => rows.repositories.count(key)));
      await expect(nested).rejects.toThrow("awaited something else");
    });

    it("are refused after the end", async () => {
      await metadata().close();
      await expect(metadata().transaction((rows) => rows.repositories.count(key))).rejects.toThrow("closed");
    });
  });
}
