import { isRegistryId, type RegistryId } from "@stowage/model";
import type { Metadata, Principal, Registry, RegistryKey } from "@stowage/registry";
import { signRequest } from "@stowage/sigv4";
import { MasterKey, openMemoryBlobs, openSqlite } from "@stowage/storage";
import { FakeClock, Population } from "@stowage/testkit";
import { hasher } from "../../../packages/server/src/auth/hasher.ts";
import { rootOwner } from "../../../packages/server/src/auth/access-keys.ts";
import { createSessions, type SessionGrant } from "../../../packages/server/src/auth/sessions.ts";
import { authorizationToken, createTokens } from "../../../packages/server/src/auth/tokens.ts";
import { configSchema } from "../../../packages/server/src/config/schema.ts";
import { assemble } from "../../../packages/server/src/main.ts";
import { createLog, loggingHooks } from "../../../packages/server/src/telemetry/log.ts";
import { createMetrics } from "../../../packages/server/src/telemetry/metrics.ts";
import { listen } from "../../../packages/server/src/transport/transport.ts";
import { RegistryClient, type Answer } from "../oci/client.ts";

export const HOME = accountOf("123456789012");
export const ELSEWHERE = accountOf("210987654321");
export const REGION = "eu-west-1";
export const HOST = `${HOME}.dkr.ecr.${REGION}.amazonaws.com`;

function accountOf(text: string): RegistryId {
  if (!isRegistryId(text)) throw new TypeError(text);
  return text;
}

export function arnOf(repositoryName: string, region = REGION): string {
  return `arn:aws:ecr:${region}:${HOME}:repository/${repositoryName}`;
}

/** Credentials of a principal: to sign with, and to log in with. */
export interface Login {
  readonly principal: Principal;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Signing {
  readonly region?: string;
  readonly service?: string;
  readonly host?: string;
  readonly targetPrefix?: string;
}

/** An answer of a JSON API. */
export interface ApiAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

/** A server in this process, whose clock and rows a test moves. */
export class Installation {
  readonly endpoint: string;
  readonly clock: FakeClock;
  readonly metadata: Metadata;
  readonly registry: Registry;
  readonly people: Population;
  /** Everything that was logged. */
  readonly log: () => string;
  readonly client: RegistryClient;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.endpoint = parts.endpoint;
    this.clock = parts.clock;
    this.metadata = parts.metadata;
    this.registry = parts.registry;
    this.log = parts.log;
    this.people = new Population(parts.metadata, { account: HOME, now: () => parts.clock.now() });
    this.client = new RegistryClient(parts.endpoint);
    this.#parts = parts;
  }

  /** A key of a user, or of the root of an account. */
  async login(of: Principal | RegistryId): Promise<Login> {
    const owner = typeof of === "string" ? rootOwner(of) : { account: of.accountId, arn: of.arn };
    await this.#parts.keys.ensureAccount(owner.account);
    const { principal, accessKeyId, secretAccessKey } = await this.#parts.keys.create(owner);
    return { principal, accessKeyId, secretAccessKey };
  }

  /** A session of a role, as AssumeRole would give it out. */
  async assume(roleName: string, options: Partial<SessionGrant> = {}): Promise<Login> {
    const role = await this.metadata.identities.findByName(HOME, "role", roleName);
    if (role === undefined) throw new TypeError(roleName);
    const { sessionToken, accessKeyId, secretAccessKey } = await this.#parts.sessions.issue({
      accountId: HOME,
      principalArn: `arn:aws:sts::${HOME}:assumed-role/${roleName}/session`,
      identityArn: role.arn,
      userId: `${role.uniqueId}:session`,
      policies: [],
      policyArns: [],
      tags: [],
      lifeSeconds: 3_600,
      ...options,
    });
    const session = await this.#parts.sessions.find(accessKeyId);
    if (session === undefined) throw new TypeError("the session is not there");
    return { principal: session.principal, accessKeyId, secretAccessKey, sessionToken };
  }

  /** What docker sends after a login now. */
  authorization({ principal }: Login, registry: RegistryKey = { registryId: HOME, region: REGION }): string {
    const now = this.clock.now();
    const call = { requestId: "", principal, registry, host: "", secure: false, access: {}, now };
    return `Basic ${authorizationToken(this.#parts.tokens.mint(call, registry).password)}`;
  }

  /** Calls an operation of a JSON API; without a login unsigned. */
  async api(operation: string, input: object, login?: Login, signing: Signing = {}): Promise<ApiAnswer> {
    const { region = REGION, service = "ecr", host = "localhost" } = signing;
    const { targetPrefix = "AmazonEC2ContainerRegistry_V20150921" } = signing;
    const body = JSON.stringify(input);
    const headers = {
      host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `${targetPrefix}.${operation}`,
    };
    const request = { method: "POST", target: "/", region, service, headers, body, hasher, date: this.clock.now() };
    const signature = login === undefined ? {} : signRequest({ ...request, credentials: login });
    const answer = await this.client.send("POST", "/", { headers: { ...headers, ...signature }, body });
    return { status: answer.status, json: JSON.parse(answer.body.toString()) as Record<string, unknown> };
  }

  /** Sends a request to `/v2/`, to the registry's own host name unless told. */
  oci(
    method: string,
    path: string,
    authorization?: string,
    { host = HOST, body }: { readonly host?: string; readonly body?: string } = {},
  ): Promise<Answer> {
    const headers = { host, ...(authorization !== undefined && { authorization }) };
    return this.client.send(method, path, { headers, ...(body !== undefined && { body }) });
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.#parts.close();
  }
}

export interface InstallationOptions {
  readonly anonymousPull?: boolean;
  readonly open?: boolean;
}

type Parts = Awaited<ReturnType<typeof openParts>>;

export async function openInstallation(options: InstallationOptions = {}): Promise<Installation> {
  return new Installation(await openParts(options));
}

async function openParts({ anonymousPull = false, open = false }: InstallationOptions) {
  const anonymous = { pull: anonymousPull };
  const config = configSchema.parse({ data: "nowhere", account: HOME, region: REGION, open, anonymous });
  const [metadata, blobs, clock] = [await openSqlite({ path: ":memory:" }), await openMemoryBlobs(), new FakeClock()];
  const masterKey = new MasterKey(new Uint8Array(32).fill(9));
  const lines: string[] = [];
  const { logger } = createLog("debug", { write: (line) => void lines.push(line) });
  const hooks = loggingHooks(logger, true);
  const metrics = await createMetrics(metadata);
  const failures: unknown[] = [];
  const { handler, registry, keys } = assemble({
    config,
    metadata,
    blobs,
    clock,
    masterKey,
    installation: () => ({
      version: "0",
      startedAt: clock.now(),
      dataDirectory: "nowhere",
      endpoint: "",
      account: HOME,
      region: REGION,
    }),
    metrics: metrics.handler,
    isReady: () => true,
    onFailure: (failure, requestId) => {
      failures.push(failure);
      hooks.onError?.(failure, requestId);
    },
  });
  await keys.ensureAccount(HOME);
  const onDone: typeof metrics.onDone = (record) => {
    hooks.onDone?.(record);
    metrics.onDone(record);
  };
  const listener = await listen({ host: "127.0.0.1", port: 0, handler, hooks: { ...hooks, onDone } });
  return {
    endpoint: `http://127.0.0.1:${listener.port}`,
    clock,
    metadata,
    registry,
    keys,
    sessions: createSessions({ metadata, sealer: masterKey, clock }),
    tokens: createTokens({ key: masterKey.deriveKey("registry-tokens"), clock }),
    log: () => lines.join(""),
    async close() {
      await listener.close(0);
      await metadata.close();
      await blobs.close();
      if (failures.length > 0) throw new AggregateError(failures, "the server failed while it answered");
    },
  };
}
