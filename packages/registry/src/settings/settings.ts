import { InvalidParameter } from "../errors.ts";
import type { Metadata } from "../ports/metadata.ts";
import type { RegistryKey } from "../ports/repository-rows.ts";

/** Account settings with their values, the default first. Source: Amazon ECR API reference, PutAccountSetting. */
const ACCOUNT_SETTINGS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  BASIC_SCAN_TYPE_VERSION: ["AWS_NATIVE", "CLAIR"],
  BLOB_MOUNTING: ["DISABLED", "ENABLED"],
  REGISTRY_POLICY_SCOPE: ["V2", "V1"],
};

export interface AccountSetting {
  readonly name: string;
  readonly value: string;
}

/** What an account sets for one of its registries. */
export class Settings {
  readonly #metadata: Metadata;

  constructor(metadata: Metadata) {
    this.#metadata = metadata;
  }

  /** @throws InvalidParameter there is no setting of this name */
  async get(key: RegistryKey, name: string): Promise<AccountSetting> {
    const [standard] = valuesOf(name);
    return { name, value: (await this.#metadata.settings.find(key, name)) ?? standard };
  }

  /** @throws InvalidParameter there is no setting of this name, or it does not take this value */
  async put(key: RegistryKey, name: string, value: string): Promise<AccountSetting> {
    const values = valuesOf(name);
    if (!values.includes(value)) {
      throw new InvalidParameter("value", `Member must satisfy enum value set: [${values.join(", ")}]`);
    }
    await this.#metadata.transaction((rows) => rows.settings.put(key, name, value));
    return { name, value };
  }

  async mountsBlobs(key: RegistryKey): Promise<boolean> {
    return (await this.get(key, "BLOB_MOUNTING")).value === "ENABLED";
  }
}

function valuesOf(name: string): readonly [string, ...string[]] {
  const values = Object.hasOwn(ACCOUNT_SETTINGS, name) ? ACCOUNT_SETTINGS[name] : undefined;
  if (values !== undefined) return values;
  throw new InvalidParameter(
    "name",
    `Member must satisfy enum value set: [${Object.keys(ACCOUNT_SETTINGS).join(", ")}]`,
  );
}
