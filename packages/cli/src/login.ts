import type { Command } from "commander";
import { formatAge } from "./cells.ts";
import { addConnectionOptions, type ConnectionOptions } from "./connection.ts";
import { dockerConfigPath, helperOf, readDockerConfig, writeJsonFile, type DockerConfig } from "./docker-config.ts";
import { runDockerStore } from "./docker-store.ts";
import { addText, withEcr } from "./ecr-command.ts";
import { UsageError } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { forgetLoginHost, hostOf, rememberLoginHost } from "./login-hosts.ts";
import { mintToken, type RegistryToken } from "./registry-token.ts";

const HELPER = "stowage";

interface LoginOptions extends ConnectionOptions {
  readonly helper?: boolean;
  readonly registryId?: string;
}

export function addLogin(program: Command, io: Io): void {
  const login = addText(program.command("login [host]"), {
    usage: "login [host]",
    summary: "let docker, podman, skopeo and others push to and pull from the registry",
    details:
      "Writes a token of 12 hours to docker's config.json, or to the store that docker keeps its credentials in. With " +
      "--helper docker asks for a fresh token each time instead; docker-credential-stowage must then be on the PATH. " +
      "The host is the registry's own unless another name of it is given.",
    examples: [
      "stowage login",
      "stowage login --helper",
      "stowage login 127.0.0.1:5100 --data ./registry",
      "stowage login --profile prod --region eu-west-1",
    ],
  });
  addConnectionOptions(login)
    .option("--registry-id <account>", "account of the registry, 12 digits; the caller's own otherwise")
    .optionsGroup("Options:")
    .option("--helper", "have docker ask docker-credential-stowage; nothing secret is written")
    .action((host: string | undefined, options: LoginOptions) => logIn(io, host, options));

  addText(program.command("logout [host]"), {
    usage: "logout [host]",
    summary: "take back what login wrote",
    details: "Tokens that were written stay valid until they end.",
    examples: ["stowage logout localhost:5100", "stowage logout --data ./registry"],
  })
    .option("--data <dir>", "data directory of the server whose host is meant")
    .action((host: string | undefined, options: ConnectionOptions) => logOut(io, host, options));
}

async function logIn(io: Io, given: string | undefined, options: LoginOptions): Promise<void> {
  const { helper, registryId, ...connection } = options;
  const view = { ...connection, output: "table", ...(registryId === undefined ? {} : { registryId }) } as const;
  await withEcr(io, { options: view }, async (ecr, { origin }) => {
    const token = await mintToken(ecr, registryId);
    const host = given === undefined ? token.host : hostOf(given);
    if (host === "") throw new UsageError(`${given ?? ""} names no host: write HOST or HOST:PORT.`);
    const config = await readDockerConfig(io);
    const present = helperOf(config, host);
    if (helper === true || present === HELPER) {
      await rememberLoginHost(io, host, { ...origin, ...(registryId === undefined ? {} : { registryId }) });
      await writeJsonFile(dockerConfigPath(io), withHelper(config, host));
      io.stdout.write(`docker now asks stowage for a token of ${host} whenever it needs one.\n`);
      return;
    }
    const { username: Username, password: Secret } = token;
    if (present !== undefined) {
      await runDockerStore(io, present, {
        action: "store",
        input: JSON.stringify({ ServerURL: host, Username, Secret }),
      });
    }
    const auth = present === undefined ? { auth: token.encoded } : {};
    await writeJsonFile(dockerConfigPath(io), { ...config, auths: { ...config.auths, [host]: auth } });
    io.stdout.write(`Logged in to ${host}${endOf(io, token)}.\n`);
  });
}

/** What an earlier login stored is taken out: it would only grow old. */
function withHelper(config: DockerConfig, host: string): DockerConfig {
  const { auths, credHelpers } = config;
  return {
    ...config,
    ...(auths === undefined ? {} : { auths: without(auths, host) }),
    credHelpers: { ...credHelpers, [host]: HELPER },
  };
}

function endOf(io: Io, { expiresAt }: RegistryToken): string {
  if (expiresAt === undefined) return "";
  return `; the token ends ${formatAge(expiresAt, io.now?.() ?? new Date())}, at ${expiresAt.toISOString()}`;
}

async function logOut(io: Io, given: string | undefined, options: ConnectionOptions): Promise<void> {
  const host = given === undefined ? await ownHost(io, options) : hostOf(given);
  const config = await readDockerConfig(io);
  const present = helperOf(config, host);
  const isKnown = Object.hasOwn(config.auths ?? {}, host) || config.credHelpers?.[host] === HELPER;
  await forgetLoginHost(io, host);
  if (!isKnown) {
    io.stdout.write(`There was no login to ${host}.\n`);
    return;
  }
  if (present !== undefined && present !== HELPER) await runDockerStore(io, present, { action: "erase", input: host });
  const { auths, credHelpers, ...rest } = config;
  const left = {
    ...rest,
    ...(auths === undefined ? {} : { auths: without(auths, host) }),
    ...(credHelpers === undefined
      ? {}
      : { credHelpers: credHelpers[host] === HELPER ? without(credHelpers, host) : credHelpers }),
  };
  await writeJsonFile(dockerConfigPath(io), left);
  io.stdout.write(`Logged out of ${host}.\n`);
}

async function ownHost(io: Io, options: ConnectionOptions): Promise<string> {
  return withEcr(
    io,
    { options: { ...options, output: "table" } },
    async (ecr) => (await mintToken(ecr, undefined)).host,
  );
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
