import { adminCodec, type AdminOperationName, type AdminOperations } from "@stowage/model";
import { MasterKey } from "@stowage/storage";
import { openTestRegistry, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createIdentities, type Identities, type KnownKey } from "../auth/identities.ts";
import { createSignedAuthenticator } from "../auth/signed.ts";
import { ACCOUNT, OTHER_ACCOUNT, signed, textOf } from "../auth/testing/requests.ts";
import type { Handler } from "../transport/transport.ts";
import { adminDoor, MAX_ADMIN_BODY_BYTES } from "./door.ts";
import { adminOperations } from "./operations.ts";

let core: TestRegistry;
let identities: Identities;
let key: KnownKey;
let door: Handler;

beforeEach(async () => {
  core = await openTestRegistry();
  const { metadata, clock } = core;
  identities = createIdentities({ metadata, sealer: new MasterKey(new Uint8Array(32)), clock });
  await identities.ensureAccount(ACCOUNT);
  key = await identities.create(ACCOUNT);
  const about = { version: "1.2.3", startedAt: clock.now(), dataDirectory: "/d", endpoint: "http://h", region: "r" };
  const installation = (): typeof about & { account: typeof ACCOUNT } => ({ ...about, account: ACCOUNT });
  const operations = adminOperations({ identities, metadata, installation });
  const defaultRegistry = { registryId: ACCOUNT, region: "us-east-1" };
  const authenticator = createSignedAuthenticator({ identities, clock, defaultRegistry, isOpen: false });
  door = adminDoor({ operations, access: core.registry.access, signed: authenticator, installation });
});
afterEach(() => core.close());

async function send(target: string, body: string, credentials = key): Promise<{ status: number; json: unknown }> {
  const headers = { "x-amz-target": target };
  const reply = await door(signed(body, { credentials, service: "stowage", date: core.clock.now(), headers }));
  expect(reply.headers).toEqual({ "content-type": "application/x-amz-json-1.1" });
  return { status: reply.status, json: JSON.parse(textOf(reply)) };
}

async function call<N extends AdminOperationName>(
  name: N,
  input: AdminOperations[N]["input"],
  credentials = key,
): Promise<AdminOperations[N]["output"]> {
  const { status, json } = await send(`Stowage_V1.${name}`, JSON.stringify(input), credentials);
  if (status !== 200) throw adminCodec.decodeError(json, status);
  return adminCodec.decodeOutput(name, json);
}

describe("access keys", () => {
  it("are made, listed, deactivated, activated and deleted", async () => {
    const made = await call("CreateAccessKey", {});
    expect(made.secretAccessKey).toHaveLength(40);
    expect(await identities.find(made.accessKeyId)).toMatchObject({ secretAccessKey: made.secretAccessKey });
    const list = async (): Promise<string[]> =>
      (await call("ListAccessKeys", {})).accessKeys.map(({ accessKeyId, status }) => `${accessKeyId} ${status}`);
    expect(await list()).toContain(`${made.accessKeyId} Active`);
    expect(await call("UpdateAccessKey", { accessKeyId: made.accessKeyId, status: "Inactive" })).toEqual({});
    expect(await list()).toContain(`${made.accessKeyId} Inactive`);
    await expect(call("ListAccessKeys", {}, { ...key, ...made })).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
    await call("UpdateAccessKey", { accessKeyId: made.accessKeyId, status: "Active" });
    expect(await call("ListAccessKeys", {}, { ...key, ...made })).toBeDefined();
    expect(await call("DeleteAccessKey", { accessKeyId: made.accessKeyId })).toEqual({});
    expect((await list()).join()).not.toContain(made.accessKeyId);
  });

  it("are listed without their secrets", async () => {
    const { json } = await send("Stowage_V1.ListAccessKeys", "{}");
    expect(JSON.stringify(json)).not.toContain(key.secretAccessKey);
  });

  it("of other accounts are out of reach", async () => {
    await identities.ensureAccount(OTHER_ACCOUNT);
    const other = await identities.create(OTHER_ACCOUNT);
    const seen = (await call("ListAccessKeys", {}, other)).accessKeys.map(({ accessKeyId }) => accessKeyId);
    expect(seen).not.toContain(key.accessKeyId);
    await expect(call("DeleteAccessKey", { accessKeyId: key.accessKeyId }, other)).rejects.toMatchObject({
      name: "AccessKeyNotFoundException",
    });
  });
});

describe("the status", () => {
  it("tells what runs and what it holds", async () => {
    expect(await call("GetStatus", {})).toEqual({
      version: "1.2.3",
      startedAt: core.clock.now(),
      dataDirectory: "/d",
      endpoint: "http://h",
      region: "r",
      account: ACCOUNT,
      counts: { registries: 1, repositories: 1, images: 0, blobs: 0, blobBytes: 0, openUploads: 0 },
    });
  });

  it("is the installation's own account's alone", async () => {
    await identities.ensureAccount(OTHER_ACCOUNT);
    const other = await identities.create(OTHER_ACCOUNT);
    await expect(call("GetStatus", {}, other)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(
        "is not authorized to perform: stowage:GetStatus on resource: arn:aws:stowage::",
      ),
    });
  });
});

describe("what is refused", () => {
  it.each([
    ["Stowage_V1.Nonsense", "{}", "UnknownOperationException"],
    ["Stowage_V1.toString", "{}", "UnknownOperationException"],
    ["Stowage_V1.", "{}", "UnknownOperationException"],
    ["Stowage_V1.UpdateAccessKey", "{}", "InvalidParameterException"],
    ["Stowage_V1.UpdateAccessKey", '{"accessKeyId":"AKIAEXAMPLEKEY000","status":"Gone"}', "InvalidParameterException"],
    ["Stowage_V1.DeleteAccessKey", '{"accessKeyId":"AKIAEXAMPLEKEY000"}', "AccessKeyNotFoundException"],
    ["Stowage_V1.DeleteAccessKey", '{"accessKeyId":1}', "SerializationException"],
    ["Stowage_V1.GetStatus", "{", "SerializationException"],
    ["Stowage_V1.GetStatus", "[]", "SerializationException"],
  ])("%s %s as %s", async (target, body, name) => {
    const { status, json } = await send(target, body);
    expect([status, json]).toEqual([400, { __type: name, message: expect.any(String) }]);
  });

  it("a signature for another service", async () => {
    const headers = { "x-amz-target": "Stowage_V1.GetStatus" };
    const request = signed("{}", { credentials: key, service: "ecr", date: core.clock.now(), headers });
    const reply = await door(request);
    expect(JSON.parse(textOf(reply))).toMatchObject({ __type: "InvalidSignatureException" });
  });

  it("a body over 1 MiB", async () => {
    const fits = `{"x":"${"y".repeat(MAX_ADMIN_BODY_BYTES - 8)}"}`;
    expect((await send("Stowage_V1.GetStatus", fits)).status).toBe(200);
    expect((await send("Stowage_V1.GetStatus", `${fits} `)).status).toBe(413);
  });

  it("an empty body is none", async () => {
    expect((await send("Stowage_V1.GetStatus", "")).status).toBe(200);
  });
});
