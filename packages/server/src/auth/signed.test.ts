import type { Metadata } from "@stowage/registry";
import { presign } from "@stowage/sigv4";
import { MasterKey, openSqlite } from "@stowage/storage";
import { FakeClock } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasher, MAX_INLINE_HASH_BYTES } from "./hasher.ts";
import { createIdentities, type Identities, type KnownKey } from "./identities.ts";
import { createSignedAuthenticator, type SignedAuthenticator } from "./signed.ts";
import { ACCOUNT, received, REGION, signed } from "./testing/requests.ts";

const defaultRegistry = { registryId: "000000000000" as typeof ACCOUNT, region: "us-east-1" };
const services = ["ecr"];
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
let clock: FakeClock;
let metadata: Metadata;
let identities: Identities;
let key: KnownKey;

beforeEach(async () => {
  clock = new FakeClock();
  metadata = await openSqlite({ path: ":memory:" });
  identities = createIdentities({ metadata, sealer: new MasterKey(new Uint8Array(32)), clock });
  await identities.ensureAccount(ACCOUNT);
  key = await identities.create(ACCOUNT);
});
afterEach(() => metadata.close());

function authenticator(isOpen = false): SignedAuthenticator {
  return createSignedAuthenticator({ identities, clock, defaultRegistry, isOpen });
}

function parts(service = "ecr"): Parameters<typeof signed>[1] {
  return { credentials: key, service, date: clock.now() };
}

describe("a signed request", () => {
  it("tells the caller, the account of the key and the region of the scope", async () => {
    const request = signed("{}", { ...parts(), headers: { "user-agent": "aws-cli" } });
    const call = await authenticator().authenticate(request, encode("{}"), { services });
    expect(call).toEqual({
      requestId: request.id,
      principal: key.principal,
      registry: { registryId: ACCOUNT, region: REGION },
      host: "localhost:5100",
      secure: false,
      access: { sourceIp: "192.0.2.7", secureTransport: false, userAgent: "aws-cli" },
      now: clock.now(),
    });
  });

  it.each([MAX_INLINE_HASH_BYTES, MAX_INLINE_HASH_BYTES + 1])("covers a body of %i bytes", async (length) => {
    const body = "x".repeat(length);
    const request = signed(body, parts());
    await authenticator().authenticate(request, encode(body), { services });
    const changed = encode(`${body.slice(1)}y`);
    await expect(authenticator().authenticate(request, changed, { services })).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
  });

  it("in the query is as good as in the header", async () => {
    const target = `/?Action=GetCallerIdentity&Version=2011-06-15`;
    const headers = { host: "localhost:5100" };
    const signing = { ...parts("sts"), method: "GET", target, region: REGION, headers, hasher };
    const query = presign({ ...signing, expiresSeconds: 60 });
    const call = async (): Promise<string> => {
      const request = received({ target: `/?${query}` });
      return (await authenticator().authenticate(request, encode(""), { services: ["sts"] })).principal.arn;
    };
    expect(await call()).toBe(key.principal.arn);
    clock.advance(60_001);
    await expect(call()).rejects.toMatchObject({ name: "InvalidSignatureException" });
  });

  it("for another service is refused", async () => {
    const request = signed("{}", parts("sts"));
    await expect(authenticator().authenticate(request, encode("{}"), { services })).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: "Credential should be scoped to correct service: 'ecr'.",
    });
  });

  it("may be 15 minutes old and no older", async () => {
    const request = signed("{}", parts());
    clock.advance(15 * 60_000);
    await authenticator().authenticate(request, encode("{}"), { services });
    clock.advance(1000);
    await expect(authenticator().authenticate(request, encode("{}"), { services })).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: expect.stringMatching(
        /^Signature expired: \d{8}T\d{6}Z is now earlier than .* \(\d{8}T\d{6}Z - 15 min\.\)$/,
      ),
    });
  });

  it("of an unknown or inactive key is of no known client", async () => {
    const invalid = {
      name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
    };
    const unknown = signed("{}", { ...parts(), credentials: { ...key, accessKeyId: "AKIANOSUCHKEY" } });
    await expect(authenticator().authenticate(unknown, encode("{}"), { services })).rejects.toMatchObject(invalid);
    const callers = authenticator();
    const request = signed("{}", parts());
    await callers.authenticate(request, encode("{}"), { services });
    await identities.setStatus(ACCOUNT, key.accessKeyId, "Inactive");
    await expect(callers.authenticate(request, encode("{}"), { services })).rejects.toMatchObject(invalid);
  });

  it("with another secret does not match", async () => {
    const request = signed("{}", { ...parts(), credentials: { ...key, secretAccessKey: "guess" } });
    await expect(authenticator().authenticate(request, encode("{}"), { services })).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
  });

  it("with a session token is refused, as there are no sessions", async () => {
    const request = signed("{}", { ...parts(), credentials: { ...key, sessionToken: "FwoGZXIvYXdz" } });
    await expect(authenticator().authenticate(request, encode("{}"), { services })).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
  });

  it("is missing from a plain one", async () => {
    await expect(authenticator().authenticate(received(), encode(""), { services })).rejects.toMatchObject({
      name: "MissingAuthenticationTokenException",
    });
  });
});

describe("under --open", () => {
  const caller = async (accessKeyId: string): Promise<string> => {
    const request = signed("{}", { ...parts(), credentials: { accessKeyId, secretAccessKey: "anything" } });
    const { registry, principal } = await authenticator(true).authenticate(request, encode("other"), { services });
    return `${registry.registryId} ${registry.region} ${principal.kind} ${principal.arn}`;
  };

  it("an access key of 12 digits is the account", async () => {
    expect(await caller(ACCOUNT)).toBe(`${ACCOUNT} ${REGION} open arn:aws:iam::${ACCOUNT}:root`);
  });

  it("any other access key belongs to the default account", async () => {
    expect(await caller("test")).toBe(`000000000000 ${REGION} open arn:aws:iam::000000000000:root`);
    expect(await caller("1234567890123")).toBe(`000000000000 ${REGION} open arn:aws:iam::000000000000:root`);
  });

  it("a request without a signature is the default account's", async () => {
    const call = await authenticator(true).authenticate(received(), encode(""), { services });
    expect(call.registry).toEqual(defaultRegistry);
  });
});
