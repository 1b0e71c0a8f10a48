import { join } from "node:path";
import type { ConnectionOptions } from "./connection.ts";
import { dockerFolder, readJsonFile, writeJsonFile } from "./docker-config.ts";
import type { Io } from "./io.ts";

/** How the registry behind a host is found; no secret is among it. */
export type LoginHost = ConnectionOptions & { readonly registryId?: string };

type Hosts = Readonly<Record<string, LoginHost>>;

/** Beside docker's own settings, as it goes with them. */
function pathOf(io: Io): string {
  return join(dockerFolder(io), "stowage-hosts.json");
}

/** Hosts for which the credential helper answers by what a login told. */
export async function readLoginHosts(io: Io): Promise<Hosts> {
  return (await readJsonFile(pathOf(io))) as Hosts;
}

export async function findLoginHost(io: Io, host: string): Promise<LoginHost | undefined> {
  const hosts = await readLoginHosts(io);
  return Object.hasOwn(hosts, host) ? hosts[host] : undefined;
}

export async function rememberLoginHost(io: Io, host: string, how: LoginHost): Promise<void> {
  await writeJsonFile(pathOf(io), { ...(await readLoginHosts(io)), [host]: how });
}

export async function forgetLoginHost(io: Io, host: string): Promise<void> {
  const hosts = await readLoginHosts(io);
  if (!Object.hasOwn(hosts, host)) return;
  await writeJsonFile(pathOf(io), Object.fromEntries(Object.entries(hosts).filter(([name]) => name !== host)));
}

/** `localhost:5100` of `http://localhost:5100/v2/` or `localhost:5100/team/app`. */
export function hostOf(address: string): string {
  return (
    address
      .trim()
      .replace(/^[a-z]+:\/\//i, "")
      .split("/", 1)[0] ?? ""
  ).toLowerCase();
}
