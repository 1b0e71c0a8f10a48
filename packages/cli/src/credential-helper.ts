import { Argument, type Command } from "commander";
import { connect } from "./connection.ts";
import { addText } from "./ecr-command.ts";
import { Failure, UsageError } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { findLoginHost, forgetLoginHost, hostOf, readLoginHosts, type LoginHost } from "./login-hosts.ts";
import { mintToken } from "./registry-token.ts";

/** What docker takes for "this host has none", and then goes on without credentials. */
const NOT_FOUND = "credentials not found in native keychain";
const AWS_HOST = /^([0-9]{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./;
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?=:|$)/;

/** The protocol of docker's credential helpers: a word, text on standard input, JSON or a message on standard output. */
export function addCredentialHelper(program: Command, io: Io): void {
  const command = program
    .command("credential-helper")
    .addArgument(new Argument("<action>", "what docker asks for").choices(["get", "list", "store", "erase"]));
  addText(command, {
    usage: "credential-helper",
    summary: "give docker a fresh token whenever it asks",
    details:
      "docker runs it as docker-credential-stowage, for the hosts that its settings name under credHelpers; " +
      "stowage login --helper writes that. It answers for hosts of such logins, for the host of the registry that the " +
      "environment or the local installation has, and for hosts in AWS's form of a registry that it can reach. No token is stored.",
    examples: ["echo localhost:5100 | stowage credential-helper get", "stowage credential-helper list"],
  }).action(async (action: "get" | "list" | "store" | "erase") => {
    try {
      io.stdout.write(await answer(io, action));
    } catch (error) {
      // docker shows what stands on standard output.
      io.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
      throw error;
    }
  });
}

async function answer(io: Io, action: "get" | "list" | "store" | "erase"): Promise<string> {
  if (action === "list") {
    const hosts = Object.keys(await readLoginHosts(io));
    return `${JSON.stringify(Object.fromEntries(hosts.map((host) => [host, "AWS"])))}\n`;
  }
  const text = (await io.readInput?.()) ?? "";
  if (action === "get") return `${JSON.stringify(await credentialsFor(io, text.trim()))}\n`;
  if (action === "erase") await forgetLoginHost(io, hostOf(text));
  else await accept(io, serverOf(text));
  return "";
}

interface HelperCredentials {
  readonly ServerURL: string;
  readonly Username: string;
  readonly Secret: string;
}

/** Makes a token for a host. @throws Failure the host belongs to no registry that is known here */
export async function credentialsFor(io: Io, server: string): Promise<HelperCredentials> {
  const host = hostOf(server);
  const told = await findLoginHost(io, host);
  const { registryId, ...options } = told ?? impliedBy(host);
  const { ecr, endpoint } = await connect(io, options).catch((error: unknown) => {
    // Without a login nothing ties the host to the registry that is missing here.
    if (told === undefined && error instanceof Failure)
      throw new Failure(NOT_FOUND, { hints: [error.message, ...error.hints], cause: error });
    throw error;
  });
  const token = await mintToken(ecr, registryId);
  const isOurs =
    told !== undefined || [token.host, endpoint === undefined ? "" : hostOf(endpoint)].some(isSameAs(host));
  // A token is shown to no other host than those of its own registry.
  if (!isOurs) throw new Failure(NOT_FOUND, {});
  return { ServerURL: server, Username: token.username, Secret: token.password };
}

/** Account and Region stand in a host as AWS writes them. */
function impliedBy(host: string): LoginHost {
  const [, registryId, region] = AWS_HOST.exec(host) ?? [];
  return registryId === undefined || region === undefined ? {} : { registryId, region };
}

function isSameAs(host: string): (other: string) => boolean {
  const plain = host.replace(LOOPBACK, "localhost");
  return (other) => other.toLowerCase().replace(LOOPBACK, "localhost") === plain;
}

/** After `docker login` there is nothing to keep: the next get makes a token. @throws Failure the host is another's */
async function accept(io: Io, server: string): Promise<void> {
  try {
    await credentialsFor(io, server);
  } catch (cause) {
    throw new Failure(`stowage keeps no credentials, and makes none for ${hostOf(server)}`, {
      hints: [`Take ${hostOf(server)} out of credHelpers in docker's config.json.`],
      cause,
    });
  }
}

function serverOf(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "ServerURL" in value && typeof value.ServerURL === "string") {
      return value.ServerURL;
    }
  } catch (cause) {
    throw new UsageError("store takes JSON with ServerURL, Username and Secret.", { cause });
  }
  throw new UsageError("store takes JSON with ServerURL, Username and Secret.");
}
