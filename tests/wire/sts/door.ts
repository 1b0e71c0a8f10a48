import assert from "node:assert/strict";
import { MasterKey } from "@stowage/storage";
import { openTestRegistry, Population, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach } from "vitest";
import {
  createAccessKeys,
  rootOwner,
  type AccessKeys,
  type KnownKey,
} from "../../../packages/server/src/auth/access-keys.ts";
import { createSessions } from "../../../packages/server/src/auth/sessions.ts";
import { createSignedAuthenticator } from "../../../packages/server/src/auth/signed.ts";
import { ACCOUNT, OTHER_ACCOUNT, signed, textOf } from "../../../packages/server/src/auth/testing/requests.ts";
import type { Handler, Reply, Request } from "../../../packages/server/src/transport/transport.ts";
import { stsDoor } from "../../../packages/server/src/sts-api/door.ts";

export const ASK = "Action=GetCallerIdentity&Version=2011-06-15";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The door over a registry in memory, with two accounts. */
export class StsUnderTest {
  core!: TestRegistry;
  people!: Population;
  keys!: AccessKeys;
  /** The root's of {@link ACCOUNT}. */
  key!: KnownKey;
  door!: Handler;

  async open(isOpen = false): Promise<void> {
    this.core = await openTestRegistry({ enforce: !isOpen });
    const { metadata, clock, registry } = this.core;
    this.people = new Population(metadata, { account: ACCOUNT, now: () => clock.now() });
    const sealer = new MasterKey(new Uint8Array(32));
    this.keys = createAccessKeys({ metadata, sealer, clock });
    const sessions = createSessions({ metadata, sealer, clock });
    await this.keys.ensureAccount(ACCOUNT);
    await this.keys.ensureAccount(OTHER_ACCOUNT);
    this.key = await this.keys.create(rootOwner(ACCOUNT));
    const defaultRegistry = { registryId: ACCOUNT, region: "us-east-1" };
    const authenticator = createSignedAuthenticator({
      keys: this.keys,
      sessions,
      clock,
      defaultRegistry,
      isOpen,
    });
    this.door = stsDoor({ signed: authenticator, sessions, metadata, access: registry.access });
  }

  form(body: string, service = "sts", credentials: Credentials = this.key): Request {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return signed(body, { credentials, service, date: this.core.clock.now(), headers });
  }

  /** A user's key. */
  keyOf(arn: string, account = ACCOUNT): Promise<KnownKey> {
    return this.keys.create({ account, arn });
  }

  ask(action: string, parameters: Readonly<Record<string, string>>, credentials: Credentials): Request {
    const body = new URLSearchParams({ Action: action, Version: "2011-06-15", ...parameters });
    return this.form(body.toString(), "sts", credentials);
  }

  async answered(request: Request): Promise<string> {
    const reply = await this.door(request);
    assert.equal(reply.status, 200, textOf(reply));
    return textOf(reply);
  }

  async refused(request: Request): Promise<[number, string | undefined, string | undefined]> {
    const reply: Reply = await this.door(request);
    const body = textOf(reply);
    assert.ok(body.includes(`<RequestId>${request.id}</RequestId>`));
    return [reply.status, /<Code>(.*)<\/Code>/.exec(body)?.[1], /<Message>(.*)<\/Message>/.exec(body)?.[1]];
  }

  async whoIs(credentials: Credentials): Promise<readonly string[]> {
    const body = await this.answered(this.form(ASK, "sts", credentials));
    return [member(body, "Arn"), member(body, "UserId"), member(body, "Account")];
  }
}

/** The door, opened anew for each test of a file. */
export function openEach(): StsUnderTest {
  const sts = new StsUnderTest();
  beforeEach(() => sts.open());
  afterEach(() => sts.core.close());
  return sts;
}

export function member(body: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? "";
}

export function credentialsIn(body: string): Required<Credentials> {
  return {
    accessKeyId: member(body, "AccessKeyId"),
    secretAccessKey: member(body, "SecretAccessKey"),
    sessionToken: member(body, "SessionToken"),
  };
}
