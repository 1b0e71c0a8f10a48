import type { OfflineOptions, OpenedInstallation } from "./open-offline.ts";
import type { RunningServer, StartOptions } from "./start.ts";

export type { OfflineAdmin, OfflineOptions, OpenedInstallation } from "./open-offline.ts";
export type { RunningServer, StartOptions } from "./start.ts";

// Each loads what it needs when it is called: a command that prints a key does not wait for a server's parts.

/** See {@link StartOptions}. @throws ConfigError @throws DirectoryInUse */
export async function start(options?: StartOptions): Promise<RunningServer> {
  const module = await import("./start.ts");
  return module.start(options);
}

/** See {@link OpenedInstallation}. @throws ConfigError @throws NoInstallation @throws DirectoryInUse */
export async function openOffline(options?: OfflineOptions): Promise<OpenedInstallation> {
  const module = await import("./open-offline.ts");
  return module.openOffline(options);
}
