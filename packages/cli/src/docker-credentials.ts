import type { RegistryCredentials } from "@stowage/client";
import { credentialsFor } from "./credential-helper.ts";
import { helperOf, readDockerConfig } from "./docker-config.ts";
import { runDockerStore } from "./docker-store.ts";
import { Failure } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** Under which docker keeps the login to its own registry. */
const DOCKER_HUB = "https://index.docker.io/v1/";
const OWN_HELPER = "stowage";

/** What docker would send to a host: of its settings or its store. Nothing where there is no login. */
export async function dockerCredentials(io: Io, host: string): Promise<RegistryCredentials | undefined> {
  const server = host === "registry-1.docker.io" ? DOCKER_HUB : host;
  const config = await readDockerConfig(io);
  const helper = helperOf(config, server);
  if (helper === OWN_HELPER) return credentialsFor(io, server).then(toCredentials, ignoreAbsent);
  if (helper !== undefined) {
    const input = { action: "get", input: server } as const;
    return runDockerStore(io, helper, input).then((text) => toCredentials(JSON.parse(text)), ignoreAbsent);
  }
  const auths = config.auths ?? {};
  const entry = [server, `https://${server}`, `http://${server}`].find((name) => Object.hasOwn(auths, name));
  const auth = entry === undefined ? undefined : auths[entry];
  if (auth !== undefined && "auth" in auth && typeof auth.auth === "string") return decode(auth.auth);
  return credentialsFor(io, server).then(toCredentials, ignoreAbsent);
}

/** A registry that needs credentials will say so. */
function ignoreAbsent(error: unknown): undefined {
  if (!(error instanceof Failure)) throw error;
}

function decode(auth: string): RegistryCredentials | undefined {
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function toCredentials(value: unknown): RegistryCredentials | undefined {
  if (typeof value !== "object" || value === null || !("Username" in value) || !("Secret" in value)) return undefined;
  const { Username: username, Secret: password } = value;
  return typeof username === "string" && typeof password === "string" ? { username, password } : undefined;
}
