import type { RegistryKey } from "./repository-rows.ts";

/** Settings of a registry by name, as PutAccountSetting stores them. */
export interface SettingRows {
  find(key: RegistryKey, name: string): Promise<string | undefined>;
  list(key: RegistryKey): Promise<readonly { readonly name: string; readonly value: string }[]>;
  put(key: RegistryKey, name: string, value: string): Promise<void>;
}
