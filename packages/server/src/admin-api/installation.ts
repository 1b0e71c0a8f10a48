import type { RegistryId } from "@stowage/model";

/** What the status tells besides counts. */
export interface Installation {
  readonly version: string;
  readonly startedAt: Date;
  readonly dataDirectory: string;
  /** Empty when no server runs. */
  readonly endpoint: string;
  readonly account: RegistryId;
  readonly region: string;
}
