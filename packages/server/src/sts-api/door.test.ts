import { MasterKey } from "@stowage/storage";
import { openTestRegistry, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAccessKeys, rootOwner, type KnownKey } from "../auth/access-keys.ts";
import { createSessions } from "../auth/sessions.ts";
import { createSignedAuthenticator } from "../auth/signed.ts";
import { ACCOUNT, received, signed, textOf } from "../auth/testing/requests.ts";
import type { Handler, Reply, Request } from "../transport/transport.ts";
import { MAX_STS_BODY_BYTES, stsDoor } from "./door.ts";

const ASK = "Action=GetCallerIdentity&Version=2011-06-15";
let core: TestRegistry;
let key: KnownKey;
let door: Handler;

beforeEach(async () => {
  core = await openTestRegistry();
  const { metadata, clock, registry } = core;
  const sealer = new MasterKey(new Uint8Array(32));
  const keys = createAccessKeys({ metadata, sealer, clock });
  const sessions = createSessions({ metadata, sealer, clock });
  await keys.ensureAccount(ACCOUNT);
  key = await keys.create(rootOwner(ACCOUNT));
  const defaultRegistry = { registryId: ACCOUNT, region: "us-east-1" };
  const authenticator = createSignedAuthenticator({ keys, sessions, clock, defaultRegistry, isOpen: false });
  door = stsDoor({ signed: authenticator, sessions, metadata, access: registry.access });
});
afterEach(() => core.close());

function form(body: string, service = "sts"): Request {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return signed(body, { credentials: key, service, date: core.clock.now(), headers });
}

async function refused(request: Request): Promise<[number, string | undefined, string | undefined]> {
  const reply: Reply = await door(request);
  const body = textOf(reply);
  expect(body).toContain(`<RequestId>${request.id}</RequestId>`);
  return [reply.status, /<Code>(.*)<\/Code>/.exec(body)?.[1], /<Message>(.*)<\/Message>/.exec(body)?.[1]];
}

describe("GetCallerIdentity", () => {
  it("answers in AWS's XML", async () => {
    const request = form(ASK);
    const reply = await door(request);
    expect(reply).toEqual({
      status: 200,
      headers: { "content-type": "text/xml" },
      body:
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        `<Arn>arn:aws:iam::${ACCOUNT}:root</Arn><UserId>${ACCOUNT}</UserId><Account>${ACCOUNT}</Account>` +
        `</GetCallerIdentityResult><ResponseMetadata><RequestId>${request.id}</RequestId></ResponseMetadata>` +
        "</GetCallerIdentityResponse>\n",
    });
  });

  it("may be asked by GET", async () => {
    const request = signed("", {
      credentials: key,
      service: "sts",
      date: core.clock.now(),
      method: "GET",
      target: `/?${ASK}`,
    });
    expect((await door(request)).status).toBe(200);
  });
});

describe("what cannot be answered", () => {
  it.each(["GetFederationToken", "Nonsense", "", "constructor"])(
    "the action %j is refused as unknown",
    async (action) => {
      expect(await refused(form(`Action=${action}&Version=2011-06-15`))).toEqual([
        400,
        "InvalidAction",
        `Could not find operation ${action} for version 2011-06-15`,
      ]);
    },
  );

  it("is told in XML that nobody can break out of", async () => {
    const [, , message] = await refused(form("Action=%3C%2FMessage%3E%00%26"));
    expect(message).toBe("Could not find operation &lt;/Message&gt;\ufffd&amp; for version 2011-06-15");
  });

  it("another version is refused", async () => {
    expect((await refused(form("Action=GetCallerIdentity&Version=2010-01-01")))[1]).toBe("InvalidParameterValue");
  });

  it("a stranger gets the query protocol's codes", async () => {
    expect(await refused(received({ method: "POST" }))).toEqual([
      403,
      "MissingAuthenticationToken",
      "Missing Authentication Token",
    ]);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const unknown = { ...key, accessKeyId: "AKIANOSUCHKEY" };
    const request = signed(ASK, { credentials: unknown, service: "sts", date: core.clock.now(), headers });
    expect((await refused(request)).slice(0, 2)).toEqual([403, "InvalidClientTokenId"]);
    expect((await refused(form(ASK, "ecr"))).slice(0, 2)).toEqual([403, "SignatureDoesNotMatch"]);
  });

  it("a body may have 64 KiB and no more", async () => {
    const padding = "&Padding=".padEnd(MAX_STS_BODY_BYTES - ASK.length, "x");
    expect((await door(form(ASK + padding))).status).toBe(200);
    expect((await refused(form(`${ASK}${padding}x`))).slice(0, 2)).toEqual([413, "RequestEntityTooLarge"]);
  });
});
