import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AccessKeys } from "../auth/access-keys.ts";
import { OTHER_ACCOUNT, signed, textOf } from "../auth/testing/requests.ts";
import { MAX_ADMIN_BODY_BYTES } from "./door.ts";
import { openAdminDoor, type TestAdminDoor, type TestCredentials } from "../testing/admin-door.ts";

let door: TestAdminDoor;
let keys: AccessKeys;
let key: TestCredentials;
let call: TestAdminDoor["call"];
let send: TestAdminDoor["send"];

beforeEach(async () => {
  door = await openAdminDoor();
  ({ keys, root: key, call, send } = door);
});
afterEach(() => door.core.close());

describe("access keys", () => {
  it("are made, listed, deactivated, activated and deleted", async () => {
    const made = await call("CreateAccessKey", {});
    expect(made.secretAccessKey).toHaveLength(40);
    expect(await keys.find(made.accessKeyId)).toMatchObject({ secretAccessKey: made.secretAccessKey });
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
    const other = await door.rootOf(OTHER_ACCOUNT);
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
      startedAt: door.core.clock.now(),
      dataDirectory: "/d",
      endpoint: "http://h",
      region: "r",
      account: "123456789012",
      counts: { registries: 1, repositories: 1, images: 0, blobs: 0, blobBytes: 0, openUploads: 0 },
    });
  });

  it("is the installation's own account's alone", async () => {
    const other = await door.rootOf(OTHER_ACCOUNT);
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
    const request = signed("{}", { credentials: key, service: "ecr", date: door.core.clock.now(), headers });
    const reply = await door.handler(request);
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
