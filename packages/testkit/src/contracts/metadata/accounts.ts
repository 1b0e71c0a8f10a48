import type { RegistryId } from "@stowage/model";
import type { AccessKeyRow } from "@stowage/registry";
import { describe, expect, it } from "vitest";
import type { OpenMetadata } from "./under-test.ts";
import { at, key, openEach, otherAccount, otherRegion } from "./under-test.ts";

export function accountRowsContract(open: OpenMetadata): void {
  describe("accounts, access keys and settings", () => {
    const metadata = openEach(open);
    const account = { id: "000000000000" as RegistryId, createdAt: at(0) };
    const principalArn = "arn:aws:iam::000000000000:root";

    function accessKey(accessKeyId: string, createdAt: Date): AccessKeyRow {
      const sealedSecret = new Uint8Array([0, 255, 7]);
      return { accessKeyId, accountId: account.id, principalArn, sealedSecret, status: "Active", createdAt };
    }

    it("store accounts once", async () => {
      const inserted = await metadata().transaction(async (rows) => [
        await rows.accounts.insert({ id: "111111111111" as RegistryId, createdAt: at(1) }),
        await rows.accounts.insert(account),
        await rows.accounts.insert({ ...account, createdAt: at(9) }),
      ]);
      expect(inserted).toEqual([true, true, false]);
      expect(await metadata().accounts.find(account.id)).toEqual(account);
      expect((await metadata().accounts.list()).map(({ id }) => id)).toEqual(["000000000000", "111111111111"]);
      expect(await metadata().accounts.find("222222222222" as RegistryId)).toBeUndefined();
    });

    it("store access keys, oldest first, and change and delete them", async () => {
      await metadata().transaction(async (rows) => {
        await rows.accounts.insert(account);
        await rows.accessKeys.insert(accessKey("AKIA1", at(2)));
        await rows.accessKeys.insert(accessKey("AKIA2", at(1)));
      });
      const { accessKeys } = metadata();
      expect(await accessKeys.find("AKIA1")).toEqual(accessKey("AKIA1", at(2)));
      expect((await accessKeys.list(principalArn)).map(({ accessKeyId }) => accessKeyId)).toEqual(["AKIA2", "AKIA1"]);
      expect(await accessKeys.list("arn:aws:iam::000000000000:user/x")).toEqual([]);
      const changed = await metadata().transaction(async (rows) => [
        await rows.accessKeys.setStatus("AKIA1", "Inactive"),
        await rows.accessKeys.setStatus("AKIA9", "Inactive"),
        await rows.accessKeys.delete("AKIA2"),
        await rows.accessKeys.delete("AKIA2"),
      ]);
      expect(changed).toEqual([true, false, true, false]);
      expect(await accessKeys.find("AKIA1")).toEqual({ ...accessKey("AKIA1", at(2)), status: "Inactive" });
      expect(await accessKeys.find("AKIA2")).toBeUndefined();
    });

    it("refuse a key without its account, and a key twice", async () => {
      const add = (): Promise<void> =>
        metadata().transaction((rows) => rows.accessKeys.insert(accessKey("AKIA1", at(0))));
      await expect(add()).rejects.toThrow(Error);
      await metadata().transaction((rows) => rows.accounts.insert(account));
      await add();
      await expect(add()).rejects.toThrow(Error);
    });

    it("keep settings of each registry by name", async () => {
      await metadata().transaction(async (rows) => {
        await rows.settings.put(key, "b", "1");
        await rows.settings.put(key, "a", "2");
        await rows.settings.put(key, "b", "3");
        await rows.settings.put(otherRegion, "b", "4");
      });
      const { settings } = metadata();
      expect(await settings.find(key, "b")).toBe("3");
      expect(await settings.find(otherAccount, "b")).toBeUndefined();
      expect(await settings.list(key)).toEqual([
        { name: "a", value: "2" },
        { name: "b", value: "3" },
      ]);
    });
  });
}
