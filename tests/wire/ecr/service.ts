import { randomUUID } from "node:crypto";
import { ECR, ECRServiceException } from "@aws-sdk/client-ecr";
import { isRegistryId } from "@stowage/model";
import type { Quotas } from "@stowage/registry";
import { MasterKey, openMemoryBlobs, openSqlite, systemClock } from "@stowage/storage";
import { rootOwner } from "../../../packages/server/src/auth/access-keys.ts";
import { configSchema } from "../../../packages/server/src/config/schema.ts";
import { assemble } from "../../../packages/server/src/main.ts";
import { listen } from "../../../packages/server/src/transport/transport.ts";

/** Who calls, and in which region. */
export interface Caller {
  readonly accountId: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What the cases are pointed at: a server in this process, or the one at `STOWAGE_ENDPOINT`. */
export interface Service {
  readonly endpoint: string;
  readonly caller: Caller;
  /** The root of another account of the same installation; absent on a service that is not ours to arrange. */
  readonly stranger: Caller | undefined;
  readonly ecr: ECR;
  /** Makes an empty repository, gone when the service is closed. */
  repository(settings?: Partial<Parameters<ECR["createRepository"]>[0]>): Promise<string>;
  /** A name that nobody has, removed with the others should a case make it. */
  freshName(): string;
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** Smaller limits, to be reached by a test; has no effect on a service elsewhere. */
  readonly quotas?: Partial<Quotas>;
}

const REMOTE = process.env["STOWAGE_ENDPOINT"];
/** Cases that need what only the server in this process has. */
export const isLocal = REMOTE === undefined;

export async function openService(options: ServiceOptions = {}): Promise<Service> {
  const target = REMOTE === undefined ? await openServer(options) : remote(REMOTE);
  const ecr = clientOf(target.endpoint, target.caller);
  const names = new Set<string>();
  const freshName = (): string => {
    const name = `wire/${randomUUID()}`;
    names.add(name);
    return name;
  };
  return {
    endpoint: target.endpoint,
    caller: target.caller,
    stranger: target.stranger,
    ecr,
    freshName,
    async repository(settings = {}) {
      const repositoryName = settings.repositoryName ?? freshName();
      names.add(repositoryName);
      await ecr.createRepository({ ...settings, repositoryName });
      return repositoryName;
    },
    async close() {
      if (!isLocal)
        for (const repositoryName of names)
          await ecr.deleteRepository({ repositoryName, force: true }).catch(() => undefined);
      ecr.destroy();
      await target.close();
    },
  };
}

interface Target {
  readonly endpoint: string;
  readonly caller: Caller;
  readonly stranger: Caller | undefined;
  close(): Promise<void>;
}

function remote(endpoint: string): Target {
  const { AWS_ACCOUNT_ID, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  const caller: Caller = {
    accountId: AWS_ACCOUNT_ID ?? "000000000000",
    region: AWS_REGION ?? "us-east-1",
    accessKeyId: AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: AWS_SECRET_ACCESS_KEY ?? "",
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  };
  return { endpoint, caller, stranger: undefined, close: () => Promise.resolve() };
}

const ACCOUNT = "123456789012";
const OTHER_ACCOUNT = "999999999999";

async function openServer({ quotas = {} }: ServiceOptions): Promise<Target> {
  const config = configSchema.parse({ data: "nowhere", account: ACCOUNT, region: "eu-west-1", quotas });
  const metadata = await openSqlite({ path: ":memory:" });
  const blobs = await openMemoryBlobs();
  const failures: unknown[] = [];
  const { handler, keys } = assemble({
    config,
    metadata,
    blobs,
    clock: systemClock,
    masterKey: new MasterKey(new Uint8Array(32)),
    installation: () => {
      throw new Error("nobody asks for the status here");
    },
    metrics: undefined,
    isReady: () => true,
    onFailure: (failure) => failures.push(failure),
  });
  const callerOf = async (accountId: string): Promise<Caller> => {
    if (!isRegistryId(accountId)) throw new TypeError(accountId);
    await keys.ensureAccount(accountId);
    const { accessKeyId, secretAccessKey } = await keys.create(rootOwner(accountId));
    return { accountId, region: config.region, accessKeyId, secretAccessKey };
  };
  const listener = await listen({ host: "127.0.0.1", port: 0, handler });
  return {
    endpoint: `http://127.0.0.1:${listener.port}`,
    caller: await callerOf(ACCOUNT),
    stranger: await callerOf(OTHER_ACCOUNT),
    async close() {
      await listener.close(0);
      await metadata.close();
      await blobs.close();
      if (failures.length > 0) throw new AggregateError(failures, "the server failed while it answered");
    },
  };
}

export function clientOf(endpoint: string, caller: Caller): ECR {
  const { region, accessKeyId, secretAccessKey, sessionToken } = caller;
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  return new ECR({ endpoint, region, credentials, maxAttempts: 1 });
}

/** An error as a client sees it. */
export interface Refusal {
  readonly name: string;
  readonly message: string;
}

/** What a call was refused with; fails when it was not. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ECRServiceException)) throw error;
    return { name: error.name, message: error.message };
  }
  throw new Error("the call was not refused");
}

/** ECR's refusal of a parameter. Source: ecr-api C2. */
export function invalid(field: string, constraint: string): Refusal {
  const message = `Invalid parameter at '${field}' failed to satisfy constraint: '${constraint}'`;
  return { name: "InvalidParameterException", message };
}

export function noRepository(service: Service, name: string): Refusal {
  const message = `The repository with name '${name}' does not exist in the registry with id '${service.caller.accountId}'`;
  return { name: "RepositoryNotFoundException", message };
}
