import { adminCodec, type AdminOperationName, type AdminOperations, type RegistryId } from "@stowage/model";
import { MasterKey } from "@stowage/storage";
import { openTestRegistry, type TestRegistry } from "@stowage/testkit";
import { createAccessKeys, rootOwner, type AccessKeys } from "../auth/access-keys.ts";
import { createSessions, type Sessions } from "../auth/sessions.ts";
import { createSignedAuthenticator } from "../auth/signed.ts";
import { ACCOUNT, signed, textOf } from "../auth/testing/requests.ts";
import type { Handler } from "../transport/transport.ts";
import { adminDoor } from "../admin-api/door.ts";
import { adminOperations } from "../admin-api/operations.ts";

export interface TestCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The administration door over a database in memory, as clients call it. */
export interface TestAdminDoor {
  readonly core: TestRegistry;
  readonly keys: AccessKeys;
  readonly sessions: Sessions;
  readonly handler: Handler;
  /** A key of the installation's own root. */
  readonly root: TestCredentials;
  /** A key of the root of another account, which is made. */
  rootOf(account: RegistryId): Promise<TestCredentials>;
  /** A user with a key and, if any are given, inline policies. */
  user(name: string, ...policies: readonly string[]): Promise<TestCredentials>;
  send(
    target: string,
    body: string,
    credentials?: TestCredentials,
  ): Promise<{ readonly status: number; readonly json: unknown }>;
  /** @throws the error that the door answered */
  call<N extends AdminOperationName>(
    name: N,
    input: AdminOperations[N]["input"],
    credentials?: TestCredentials,
  ): Promise<AdminOperations[N]["output"]>;
}

export async function openAdminDoor(): Promise<TestAdminDoor> {
  const core = await openTestRegistry();
  const { metadata, clock, registry } = core;
  const sealer = new MasterKey(new Uint8Array(32));
  const keys = createAccessKeys({ metadata, sealer, clock });
  const sessions = createSessions({ metadata, sealer, clock });
  await keys.ensureAccount(ACCOUNT);
  const root = await keys.create(rootOwner(ACCOUNT));
  const about = { version: "1.2.3", startedAt: clock.now(), dataDirectory: "/d", endpoint: "http://h", region: "r" };
  const installation = (): typeof about & { account: typeof ACCOUNT } => ({ ...about, account: ACCOUNT });
  const operations = adminOperations({ administration: registry, keys, metadata, installation });
  const defaultRegistry = { registryId: ACCOUNT, region: "us-east-1" };
  const authenticator = createSignedAuthenticator({
    keys,
    sessions,
    clock,
    defaultRegistry,
    isOpen: false,
  });
  const handler = adminDoor({ operations, access: registry.access, signed: authenticator });

  const send: TestAdminDoor["send"] = async (target, body, credentials = root) => {
    const headers = { "x-amz-target": target };
    const reply = await handler(signed(body, { credentials, service: "stowage", date: clock.now(), headers }));
    return { status: reply.status, json: JSON.parse(textOf(reply)) };
  };
  const call: TestAdminDoor["call"] = async (name, input, credentials) => {
    const body = JSON.stringify(adminCodec.encodeInput(name, input));
    const { status, json } = await send(`Stowage_V1.${name}`, body, credentials);
    if (status !== 200) throw adminCodec.decodeError(json, status);
    return adminCodec.decodeOutput(name, json);
  };
  return {
    core,
    keys,
    sessions,
    handler,
    root,
    async rootOf(account) {
      await keys.ensureAccount(account);
      return keys.create(rootOwner(account));
    },
    async user(userName, ...policies) {
      await call("CreateUser", { userName });
      for (const [index, policyDocument] of policies.entries()) {
        await call("PutInlinePolicy", { userName, policyName: `policy-${index}`, policyDocument });
      }
      return call("CreateAccessKey", { userName });
    },
    send,
    call,
  };
}
