import { resolve } from "node:path";
import { create, type EcrClient, type EcrClientOptions } from "@stowage/client";
import { openOffline } from "@stowage/server";
import type { Command } from "commander";
import { Failure, UsageError, exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** Which registry a command talks to. */
export interface ConnectionOptions {
  readonly data?: string;
  readonly config?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
}

export interface Connection {
  readonly ecr: EcrClient;
  /** Where the API is, where that was said; otherwise AWS's own. */
  readonly endpoint: string | undefined;
  /** Finds the same registry from any folder; secrets are not in it. */
  readonly origin: ConnectionOptions;
}

/** Any of them means that the registry is the one that AWS clients would use. */
const AWS_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ENDPOINT_URL_ECR", "AWS_ENDPOINT_URL"];

export function addConnectionOptions(command: Command): Command {
  return command
    .optionsGroup("Registry:")
    .option("--data <dir>", "use the server that runs on this data directory, with its own key")
    .option("--config <file>", "configuration file of that server")
    .option("--profile <name>", "use the keys, region and endpoint of this profile of ~/.aws")
    .option("--region <name>", "region of the registry")
    .option("--endpoint <url>", "address of the API, such as http://localhost:5100");
}

/**
 * Finds the registry: `--data`, then what the options and variables of AWS clients say, then the server on the default data
 * directory. The default profile of ~/.aws counts only when named: nobody deletes from AWS because a server is down.
 * @throws UsageError options exclude each other
 * @throws Failure no server runs there
 */
export async function connect(io: Io, options: ConnectionOptions): Promise<Connection> {
  const { data, config, profile, region, endpoint } = options;
  if (profile !== undefined && (data !== undefined || config !== undefined)) {
    throw new UsageError("--profile names a registry, and --data and --config name another: give one.");
  }
  const isLocal = data !== undefined || config !== undefined;
  const isNamed = profile !== undefined || AWS_VARIABLES.some((name) => io.environment[name]);
  if (!isLocal && isNamed) {
    const found = endpoint ?? announced(io);
    const known = { profile, region: region ?? regionOf(io), endpoint: profile === undefined ? found : endpoint };
    return { ecr: open(io, { profile, region, endpoint }), endpoint: found, origin: given(known) };
  }
  const { dataDirectory, ...server } = await findServer(io, options);
  return {
    ecr: open(io, { ...server, ...given({ region }) }),
    endpoint: server.endpoint,
    origin: given({ data: dataDirectory, config: config && resolve(config), region, endpoint }),
  };
}

function open(io: Io, options: EcrClientOptions): EcrClient {
  return (io.createEcr ?? create)(options);
}

function announced({ environment }: Io): string | undefined {
  return environment["AWS_ENDPOINT_URL_ECR"] || environment["AWS_ENDPOINT_URL"] || undefined;
}

function regionOf({ environment }: Io): string | undefined {
  return environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] || undefined;
}

/** What has a value. */
function given(options: { readonly [K in keyof ConnectionOptions]: string | undefined }): ConnectionOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

type Server = Required<Pick<EcrClientOptions, "credentials" | "region">> & {
  readonly endpoint: string;
  readonly dataDirectory: string;
};

async function findServer(io: Io, { data, config, endpoint }: ConnectionOptions): Promise<Server> {
  const installation = await openOffline({ flags: { data, config }, environment: io.environment }).catch(
    (error: unknown) => {
      if (error instanceof Error && error.name === "NoInstallation") throw noServer(error.message, data, error);
      throw error;
    },
  );
  try {
    const { isRunning, dataDirectory, region } = installation;
    if (!isRunning) throw noServer(`No server runs on ${dataDirectory}.`, data);
    const credentials = await installation.credentials();
    return { credentials, region, endpoint: endpoint ?? installation.endpoint, dataDirectory: resolve(dataDirectory) };
  } finally {
    await installation.close();
  }
}

function noServer(message: string, data: string | undefined, cause?: Error): Failure {
  const serve = `stowage serve${data === undefined ? "" : ` --data ${data}`}`;
  return new Failure(message, {
    exitCode: exitCodes.notFound,
    hints: [
      `Start one with: ${serve}`,
      ...(data === undefined
        ? [
            "Name another installation with --data DIR.",
            "For a registry elsewhere set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL_ECR, or give --profile NAME.",
          ]
        : []),
    ],
    ...(cause === undefined ? {} : { cause }),
  });
}
