import { AdminClient, AdminMethods } from "@stowage/client/admin";
import type { AdminOperationName, AdminOperations } from "@stowage/model";
import { openOffline, type OfflineAdmin } from "@stowage/server";
import type { Command } from "commander";
import { UsageError } from "./exit-codes.ts";
import { nodeHasher, nodeHttp } from "./http.ts";
import type { Io } from "./io.ts";

/** Which installation a command is about. */
export interface TargetOptions {
  readonly data?: string;
  readonly config?: string;
  readonly account?: string;
  readonly endpoint?: string;
}

/** The administration's operations, wherever they are served. */
export type Administration = AdminMethods;

/** Performs them in this process. */
class OwnAdministration extends AdminMethods {
  readonly #perform: OfflineAdmin;

  constructor(perform: OfflineAdmin) {
    super();
    this.#perform = perform;
  }

  protected override call<N extends AdminOperationName>(
    operation: N,
    input: AdminOperations[N]["input"],
  ): Promise<AdminOperations[N]["output"]> {
    return this.#perform(operation, input);
  }
}

export function addTargetOptions(command: Command): Command {
  return command
    .option("--data <dir>", "data directory; a server that runs there is asked, otherwise it is opened")
    .option("--config <file>", "configuration file")
    .option("--account <id>", "account of 12 digits, of those in the data directory")
    .option("--endpoint <url>", "server to ask, with the credentials of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
}

/** Runs `work` against a server by its address, against the one that holds the data directory, or against the directory. */
export async function withAdministration<T>(
  io: Io,
  { endpoint, data, config, account }: TargetOptions,
  work: (administration: Administration, isRunning: boolean) => Promise<T>,
): Promise<T> {
  if (endpoint !== undefined) return work(remote(io, endpoint), true);
  const installation = await openOffline({ flags: { data, config, account }, environment: io.environment });
  try {
    if (!installation.isRunning) return await work(new OwnAdministration(installation.admin), false);
    const { endpoint: found, region } = installation;
    const credentials = await installation.credentials();
    return await work(client({ endpoint: found, region, credentials }), true);
  } finally {
    await installation.close();
  }
}

function remote({ environment }: Io, endpoint: string): AdminClient {
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"];
  if (!accessKeyId || !secretAccessKey) {
    throw new UsageError("--endpoint needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.");
  }
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  const region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "us-east-1";
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  return client({ endpoint, region, credentials });
}

function client(
  options: Pick<ConstructorParameters<typeof AdminClient>[0], "endpoint" | "region" | "credentials">,
): AdminClient {
  try {
    return new AdminClient({ ...options, http: nodeHttp, hasher: nodeHasher });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
