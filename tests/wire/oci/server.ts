import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateRepositoryCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  PutAccountSettingCommand,
  type ImageTagMutability,
} from "@aws-sdk/client-ecr";
import { start, type StartOptions } from "@stowage/server";
import { RegistryClient } from "./client.ts";

/** A registry under test: reached over TCP, with an account that may do everything in it. */
export interface OciServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly ecr: ECRClient;
  /** Value of the Authorization header. */
  readonly authorization: string;
  readonly client: RegistryClient;
  /** Makes a repository. @returns its name */
  createRepository(name: string, tagMutability?: ImageTagMutability): Promise<string>;
  close(): Promise<void>;
}

/** Another server than this checkout's own may be named here; credentials then come as for any AWS client. */
const ENDPOINT = process.env["STOWAGE_ENDPOINT"];

/** Starts a server on a directory of its own, unless one is named to run against. */
export async function openServer(options: Pick<StartOptions, "flags" | "clock" | "limits"> = {}): Promise<OciServer> {
  return ENDPOINT === undefined ? startOwn(options) : connect(ENDPOINT, new ECRClient({ endpoint: ENDPOINT }), []);
}

async function startOwn({ flags, ...options }: Pick<StartOptions, "flags" | "clock" | "limits">): Promise<OciServer> {
  const directory = await mkdtemp(join(tmpdir(), "stowage-oci-"));
  const own = { data: directory, listen: "127.0.0.1:0", "log-level": "error" };
  const server = await start({ ...options, flags: { ...own, ...flags } });
  const ecr = new ECRClient({
    endpoint: server.endpoint,
    region: "us-east-1",
    credentials: await server.credentials(),
  });
  return connect(server.endpoint, ecr, [() => server.close(), () => rm(directory, { recursive: true })]);
}

async function connect(origin: string, ecr: ECRClient, endings: readonly (() => Promise<void>)[]): Promise<OciServer> {
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const token = authorizationData?.[0]?.authorizationToken;
  assert.ok(token, "a registry token was handed out");
  const authorization = `Basic ${token}`;
  const client = new RegistryClient(origin, authorization);
  return {
    origin,
    ecr,
    authorization,
    client,
    async createRepository(name, imageTagMutability = "MUTABLE") {
      await ecr.send(new CreateRepositoryCommand({ repositoryName: name, imageTagMutability }));
      return name;
    },
    async close() {
      await client.close();
      ecr.destroy();
      for (const end of endings) await end();
    },
  };
}

/** Lets repositories mount each other's blobs. */
export async function enableMounting(ecr: ECRClient): Promise<void> {
  await ecr.send(new PutAccountSettingCommand({ name: "BLOB_MOUNTING", value: "ENABLED" }));
}
