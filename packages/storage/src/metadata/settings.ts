import type { RegistryKey, SettingRows } from "@stowage/registry";
import { accessChanged } from "./access-version.ts";
import type { Executor } from "./executor.ts";
import { textOf } from "./executor.ts";

const FIND = `SELECT value FROM setting WHERE registry_id = ?1 AND region = ?2 AND name = ?3`;
const LIST = `SELECT name, value FROM setting WHERE registry_id = ?1 AND region = ?2 ORDER BY name`;
const PUT = `INSERT INTO setting (registry_id, region, name, value) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (registry_id, region, name) DO UPDATE SET value = excluded.value`;

export class SettingStore implements SettingRows {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  async find(key: RegistryKey, name: string): Promise<string | undefined> {
    const row = await this.#db.get(FIND, key.registryId, key.region, name);
    return row && textOf(row, "value");
  }

  async list(key: RegistryKey): Promise<{ name: string; value: string }[]> {
    const rows = await this.#db.all(LIST, key.registryId, key.region);
    return rows.map((row) => ({ name: textOf(row, "name"), value: textOf(row, "value") }));
  }

  /** One of the settings decides what a registry's policy has a say in. */
  async put(key: RegistryKey, name: string, value: string): Promise<void> {
    await this.#db.run(PUT, key.registryId, key.region, name, value);
    await accessChanged(this.#db);
  }
}
