import { createHash, createHmac } from "node:crypto";
import { join } from "node:path";
import { type Credentials, type Hasher, signRequest, SigningKeyCache } from "@stowage/sigv4";
import { Agent, request } from "undici";
import { run } from "../../tests/interop/process.ts";
import type { RunningRegistry } from "./distribution.ts";
import { startProcess } from "./server-process.ts";
import { inherited } from "./tools.ts";

export const CHECKOUT = join(import.meta.dirname, "../..");
export const LAUNCHER = join(CHECKOUT, "packages/cli/bin/stowage.js");
const START_TIMEOUT_MS = 30_000;
const TARGET_PREFIX = "AmazonEC2ContainerRegistry_V20150921";

export interface RunningStowage extends RunningRegistry {
  readonly authorization: string;
  readonly account: Account;
  readonly api: EcrApi;
  /** From the start of the process to the line that says it listens. */
  readonly readyAfterMs: number;
}

export interface StowageOptions {
  readonly data: string;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The caller, when an earlier start of the same data has told it; otherwise `stowage env` is asked. */
  readonly account?: Account;
}

/** Starts a server of this checkout in a process of its own, whose id is the server's. */
export async function startStowage({
  data,
  flags = [],
  environment = {},
  ...known
}: StowageOptions): Promise<RunningStowage> {
  const command = [process.execPath, LAUNCHER, "serve", "--data", data, "--listen", "127.0.0.1:0", ...flags];
  const env = { ...inherited(), STOWAGE_LOG_LEVEL: "warn", ...environment };
  const server = startProcess({ command, cwd: CHECKOUT, env });
  try {
    const [, origin = ""] = await server.printed(/^Listening on (http:\/\/\S+)$/m, START_TIMEOUT_MS);
    const readyAfterMs = performance.now() - server.startedAtMs;
    const account = known.account ?? (await readAccount(data));
    const api = new EcrApi(origin, account);
    const authorization = await api.registryAuthorization();
    return { process: server, origin, account, api, authorization, readyAfterMs };
  } catch (error) {
    await server.kill();
    throw error;
  }
}

export interface Account extends Credentials {
  readonly region: string;
}

async function readAccount(data: string): Promise<Account> {
  const command = [process.execPath, LAUNCHER, "env", "--data", data, "--format", "json"];
  const { stdout } = await run(command, { cwd: CHECKOUT, env: inherited() });
  const variables = JSON.parse(stdout) as Readonly<Record<string, string | undefined>>;
  const value = (name: string): string => {
    const found = variables[name];
    if (found === undefined) throw new Error(`stowage env does not tell ${name}`);
    return found;
  };
  return {
    accessKeyId: value("AWS_ACCESS_KEY_ID"),
    secretAccessKey: value("AWS_SECRET_ACCESS_KEY"),
    region: value("AWS_REGION"),
  };
}

/** ECR refused a call, or the server could not serve it. */
export class EcrFailure extends Error {
  override readonly name = "EcrFailure";
  readonly status: number;
  readonly code: string;
  constructor(operation: string, status: number, body: string) {
    const code = /"__type"\s*:\s*"(?:[^"]*#)?([^"]+)"/.exec(body)?.[1] ?? "";
    super(`${operation}: ${status} ${code}: ${body.slice(0, 500)}`);
    this.status = status;
    this.code = code;
  }
}

const nodeHasher: Hasher = {
  sha256: (data) => createHash("sha256").update(data).digest(),
  hmacSha256: (key, data) => createHmac("sha256", key).update(data).digest(),
};

/** Calls ECR's API as an SDK does: JSON in and out, each call signed over its body. */
export class EcrApi {
  readonly origin: string;
  readonly #account: Account;
  readonly #keys = new SigningKeyCache();
  readonly #agent: Agent;

  constructor(origin: string, account: Account, connections = 64) {
    this.origin = origin;
    this.#account = account;
    this.#agent = new Agent({ connections, pipelining: 1, bodyTimeout: 120_000, headersTimeout: 120_000 });
  }

  /** @throws EcrFailure */
  async call(operation: string, input: object): Promise<Record<string, unknown>> {
    return JSON.parse(await this.callText(operation, JSON.stringify(input))) as Record<string, unknown>;
  }

  /** The same without JSON on this side. @throws EcrFailure */
  async callText(operation: string, body: string): Promise<string> {
    const answer = await request(`${this.origin}/`, {
      method: "POST",
      headers: this.signedHeaders(operation, body),
      body,
      dispatcher: this.#agent,
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new EcrFailure(operation, answer.statusCode, text);
    return text;
  }

  signedHeaders(operation: string, body: string): Record<string, string> {
    const headers = {
      host: new URL(this.origin).host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `${TARGET_PREFIX}.${operation}`,
    };
    const signature = signRequest({
      method: "POST",
      target: "/",
      headers,
      body,
      credentials: this.#account,
      service: "ecr",
      region: this.#account.region,
      date: new Date(),
      hasher: nodeHasher,
      keyCache: this.#keys,
    });
    return { ...headers, ...signature };
  }

  /** What docker sends after logging in with the answer of GetAuthorizationToken. */
  async registryAuthorization(): Promise<string> {
    const answer = await this.call("GetAuthorizationToken", {});
    const [first] = answer["authorizationData"] as readonly { readonly authorizationToken: string }[];
    if (first === undefined) throw new Error("GetAuthorizationToken gave no token");
    return `Basic ${first.authorizationToken}`;
  }

  createRepository(repositoryName: string): Promise<unknown> {
    return this.call("CreateRepository", { repositoryName });
  }

  /** The same caller with a single connection of its own. */
  another(): EcrApi {
    return new EcrApi(this.origin, this.#account, 1);
  }

  /** Ends its connections, whatever is under way on them. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }
}
