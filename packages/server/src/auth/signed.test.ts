import type { Metadata } from "@stowage/registry";
import { presign } from "@stowage/sigv4";
import { MasterKey, openSqlite } from "@stowage/storage";
import { FakeClock } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasher, MAX_INLINE_HASH_BYTES } from "./hasher.ts";
import { createAccessKeys, rootOwner, type AccessKeys, type KnownKey } from "./access-keys.ts";
import { createSessions, type SessionCredentials, type SessionGrant, type Sessions } from "./sessions.ts";
import { createSignedAuthenticator, type SignedAuthenticator } from "./signed.ts";
import { ACCOUNT, received, REGION, signed } from "./testing/requests.ts";

const defaultRegistry = { registryId: "000000000000" as typeof ACCOUNT, region: "us-east-1" };
const services = ["ecr"];
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
let clock: FakeClock;
let metadata: Metadata;
let keys: AccessKeys;
let sessions: Sessions;
let key: KnownKey;

beforeEach(async () => {
  clock = new FakeClock();
  metadata = await openSqlite({ path: ":memory:" });
  const sealer = new MasterKey(new Uint8Array(32));
  keys = createAccessKeys({ metadata, sealer, clock });
  sessions = createSessions({ metadata, sealer, clock });
  await keys.ensureAccount(ACCOUNT);
  key = await keys.create(rootOwner(ACCOUNT));
});
afterEach(() => metadata.close());

function authenticator(isOpen = false): SignedAuthenticator {
  return createSignedAuthenticator({ keys, sessions, clock, defaultRegistry, isOpen });
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
      access: { sourceIp: "192.0.2.7", secureTransport: false, userAgent: "aws-cli", requestedRegion: REGION },
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
    await keys.setStatus(rootOwner(ACCOUNT), key.accessKeyId, "Inactive");
    await expect(callers.authenticate(request, encode("{}"), { services })).rejects.toMatchObject(invalid);
  });

  it("with another secret does not match", async () => {
    const request = signed("{}", { ...parts(), credentials: { ...key, secretAccessKey: "guess" } });
    await expect(authenticator().authenticate(request, encode("{}"), { services })).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
  });

  it("with a session token that its key does not have is refused", async () => {
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

describe("a session", () => {
  const HOUR_SECONDS = 3_600;
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/ci`;
  const grant: SessionGrant = {
    accountId: ACCOUNT,
    principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/ci/build`,
    identityArn: roleArn,
    userId: "AROA1:build",
    policies: [],
    policyArns: [],
    tags: [],
    lifeSeconds: HOUR_SECONDS,
  };
  let credentials: SessionCredentials;

  beforeEach(async () => {
    credentials = await sessions.issue(grant);
  });

  const ask = (given: Partial<SessionCredentials> = {}, callers = authenticator()) => {
    const { sessionToken, ...others } = { ...credentials, ...given };
    const signing = { ...others, ...(sessionToken !== "" && { sessionToken }) };
    const request = signed("{}", { ...parts(), credentials: signing });
    return callers.authenticate(request, encode("{}"), { services });
  };
  const unknown = {
    name: "UnrecognizedClientException",
    message: "The security token included in the request is invalid.",
  };

  it("acts as its role, under its own name", async () => {
    const { accessKeyId } = credentials;
    expect((await ask()).principal).toEqual({
      kind: "role",
      accountId: ACCOUNT,
      arn: grant.principalArn,
      userId: "AROA1:build",
      identityArn: roleArn,
      accessKeyId,
      sessionKeyId: accessKeyId,
    });
  });

  it.each([
    ["user", `arn:aws:iam::${ACCOUNT}:user/ann`],
    ["root", `arn:aws:iam::${ACCOUNT}:root`],
  ])("of GetSessionToken acts as its %s", async (kind, arn) => {
    credentials = await sessions.issue({ ...grant, principalArn: arn, identityArn: arn });
    expect((await ask()).principal).toMatchObject({ kind, arn, identityArn: arn });
  });

  it("is stored with a sealed secret, and no token but its hash", async () => {
    const row = await metadata.sessions.find(credentials.accessKeyId);
    const stored = Buffer.from(JSON.stringify(row) + Buffer.from(row?.sealedSecret ?? []).toString("latin1"));
    expect(stored.includes(credentials.secretAccessKey)).toBe(false);
    expect(stored.includes(credentials.sessionToken)).toBe(false);
    expect(credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(credentials.secretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(credentials.sessionToken).toMatch(/^[A-Za-z0-9+/]{256}$/);
  });

  it("is unknown without its token, with another one, or under another id", async () => {
    const other = await sessions.issue(grant);
    await expect(ask({ sessionToken: "" })).rejects.toMatchObject(unknown);
    await expect(ask({ sessionToken: other.sessionToken })).rejects.toMatchObject(unknown);
    await expect(ask({ sessionToken: `${credentials.sessionToken}x` })).rejects.toMatchObject(unknown);
    await expect(ask({ accessKeyId: other.accessKeyId })).rejects.toMatchObject(unknown);
    await expect(ask({ accessKeyId: "ASIANOSUCHKEY" })).rejects.toMatchObject(unknown);
    await expect(ask({ secretAccessKey: "guess" })).rejects.toMatchObject({ name: "InvalidSignatureException" });
  });

  it("is good to its last moment, and then told to be over, also when it was used before", async () => {
    const callers = authenticator();
    clock.advance(HOUR_SECONDS * 1000 - 1);
    await ask({}, callers);
    clock.advance(1);
    await expect(ask({}, callers)).rejects.toMatchObject({
      name: "ExpiredTokenException",
      message: "The security token included in the request is expired",
    });
  });

  it.each([
    ["its role", "principal", () => roleArn],
    ["its own name", "principal", () => grant.principalArn],
    ["its key", "accessKey", () => credentials.accessKeyId],
  ] as const)("ends when %s is revoked, also when it was used before; later ones do not", async (_, kind, subject) => {
    const callers = authenticator();
    await ask({}, callers);
    clock.advance(1);
    const [before, expiresAt] = [clock.now(), new Date(clock.now().getTime() + 1e9)];
    const revoke = (of: string) =>
      metadata.transaction(({ access }) => access.putRevocation({ kind, subject: of, before, expiresAt }));
    await revoke("someone else");
    await ask({}, callers);
    await revoke(subject());
    await expect(ask({}, callers)).rejects.toMatchObject(unknown);
    credentials = await sessions.issue(grant);
    await ask({}, callers);
  });

  it("ends with its role", async () => {
    const now = clock.now();
    const role = { arn: roleArn, accountId: ACCOUNT, kind: "role", name: "ci", path: "/", uniqueId: "AROA1" } as const;
    await metadata.transaction((rows) => rows.identities.insert({ ...role, createdAt: now, tags: [] }));
    await ask();
    await metadata.transaction((rows) => rows.identities.delete(roleArn));
    await expect(ask()).rejects.toMatchObject(unknown);
  });

  it("under --open is taken for what it says", async () => {
    expect((await ask({ secretAccessKey: "any" }, authenticator(true))).principal).toMatchObject({
      kind: "open",
      arn: grant.principalArn,
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
