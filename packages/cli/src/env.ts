import { openOffline } from "@stowage/server";
import { Option, type Command } from "commander";
import { ENV_FORMATS, formatVariables, type EnvFormat } from "./env-formats.ts";
import { UsageError } from "./exit-codes.ts";
import type { Io } from "./io.ts";

interface EnvOptions {
  readonly data?: string;
  readonly config?: string;
  readonly account?: string;
  readonly region?: string;
  readonly listen?: string;
  readonly format: EnvFormat;
}

const EXAMPLES = `
Examples:
  eval "$(stowage env)"
  stowage env --format fish | source
  stowage env --format powershell | Out-String | Invoke-Expression
  stowage env --data ./registry --format json`;

export function addEnv(program: Command, io: Io): void {
  program
    .command("env")
    .description("print variables that point AWS clients at the registry; the secret access key is among them")
    .option("--data <dir>", "data directory; an empty one is initialised")
    .option("--config <file>", "configuration file")
    .option("--account <id>", "account of 12 digits whose root key is printed; the default one otherwise")
    .option("--region <name>", "region, when no server runs")
    .option("--listen <host:port>", "where the server will listen, when none runs")
    .addOption(new Option("--format <format>", "for which shell").choices(ENV_FORMATS).default("sh"))
    .addHelpText("after", EXAMPLES)
    .action(async ({ format, ...flags }: EnvOptions) => {
      const installation = await openOffline({ flags, environment: io.environment, create: true });
      try {
        const { endpoint, region } = installation;
        if (endpoint === undefined) {
          throw new UsageError("The server picks its port when it starts: start it first, or give --listen HOST:PORT.");
        }
        const { accessKeyId, secretAccessKey } = await installation.credentials();
        io.stdout.write(formatVariables(format, variables({ accessKeyId, secretAccessKey, region, endpoint })));
      } finally {
        await installation.close();
      }
    });
}

interface Connection {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly endpoint: string;
}

function variables({
  accessKeyId,
  secretAccessKey,
  region,
  endpoint,
}: Connection): Parameters<typeof formatVariables>[1] {
  return {
    set: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      // Version 1 of the AWS CLI reads only the second name, the JavaScript SDK only the first.
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ENDPOINT_URL_ECR: endpoint,
      AWS_ENDPOINT_URL_STS: endpoint,
    },
    unset: ["AWS_SESSION_TOKEN", "AWS_PROFILE"],
  };
}
