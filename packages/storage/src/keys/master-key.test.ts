import { chmod, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MasterKey, SealBroken, UnusableMasterKey, loadMasterKey } from "./master-key.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stowage-keys-"));
  path = join(folder, "master.key");
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const secret = Buffer.from("wJalrXUtnFEMI");
const key = new MasterKey(new Uint8Array(32).fill(7));

describe("loadMasterKey", () => {
  it("makes a key for its owner alone once, and finds it again", async () => {
    const sealed = (await loadMasterKey({ path })).seal(secret, "key");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["master.key"]);
    expect((await loadMasterKey({ path })).open(sealed, "key")).toEqual(new Uint8Array(secret));
  });

  it("gives all who start at once the same key", async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadMasterKey({ path })));
    expect(new Set(keys.map((made) => Buffer.from(made.deriveKey("x")).toString("hex"))).size).toBe(1);
    expect(await readdir(folder)).toEqual(["master.key"]);
  });

  it("prefers the environment and then leaves the disk alone", async () => {
    const value = Buffer.alloc(32, 7).toString("base64");
    expect((await loadMasterKey({ path, value })).deriveKey("x")).toEqual(key.deriveKey("x"));
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(["", "c2hvcnQ=", Buffer.alloc(33).toString("base64"), "0".repeat(64), "not base64 at all"])(
    "refuses the value %j",
    async (value) => {
      await expect(loadMasterKey({ path, value })).rejects.toThrow(UnusableMasterKey);
    },
  );

  it.each([0o640, 0o604, 0o622])("refuses a file of mode %o", async (mode) => {
    await loadMasterKey({ path });
    await chmod(path, mode);
    await expect(loadMasterKey({ path })).rejects.toThrow("chmod 600");
  });

  it("refuses a torn file and a link", async () => {
    await loadMasterKey({ path });
    await symlink(path, `${path}.link`);
    await expect(loadMasterKey({ path: `${path}.link` })).rejects.toThrow(UnusableMasterKey);
    await writeFile(path, (await readFile(path, "utf8")).slice(0, 20));
    await expect(loadMasterKey({ path })).rejects.toThrow(UnusableMasterKey);
  });
});

describe("a sealed secret", () => {
  it("opens under its key and context alone", () => {
    const sealed = key.seal(secret, "AKIA1");
    expect(key.open(sealed, "AKIA1")).toEqual(new Uint8Array(secret));
    expect(() => key.open(sealed, "AKIA2")).toThrow(SealBroken);
    expect(() => new MasterKey(new Uint8Array(32)).open(sealed, "AKIA1")).toThrow(SealBroken);
  });

  it("does not open when any byte was changed, or when it was cut", () => {
    const sealed = key.seal(secret, "AKIA1");
    for (const index of sealed.keys()) {
      const changed = Uint8Array.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => key.open(changed, "AKIA1")).toThrow(SealBroken);
      expect(() => key.open(sealed.subarray(0, index), "AKIA1")).toThrow(SealBroken);
    }
  });

  it("differs each time, and may be empty", () => {
    expect(key.seal(secret, "a")).not.toEqual(key.seal(secret, "a"));
    expect(key.open(key.seal(new Uint8Array(), "a"), "a")).toEqual(new Uint8Array());
  });
});

describe("a derived key", () => {
  it("is the same for a purpose and another for every other", () => {
    expect(key.deriveKey("tokens")).toEqual(new MasterKey(new Uint8Array(32).fill(7)).deriveKey("tokens"));
    expect(key.deriveKey("tokens")).not.toEqual(key.deriveKey("pages"));
    expect(key.deriveKey("tokens").byteLength).toBe(32);
  });
});
