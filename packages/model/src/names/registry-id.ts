import type { Branded } from "./brand.ts";

/** The account that a registry belongs to: 12 digits. */
export type RegistryId = Branded<"RegistryId">;

const REGISTRY_ID = /^[0-9]{12}$/;

export function isRegistryId(text: string): text is RegistryId {
  return REGISTRY_ID.test(text);
}
