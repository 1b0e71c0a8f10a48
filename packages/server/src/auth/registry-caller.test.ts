import { MasterKey, openSqlite } from "@stowage/storage";
import { FakeClock } from "@stowage/testkit";
import type { Metadata } from "@stowage/registry";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAddresses, type UriStyle } from "./addresses.ts";
import { TokenExpired, Unauthenticated } from "./failures.ts";
import { createAccessKeys, rootOwner, type AccessKeys, type KnownKey } from "./access-keys.ts";
import { createRegistryAuthenticator, type RegistryAuthenticator } from "./registry-caller.ts";
import { createSessions, hashOf, type SessionCredentials, type Sessions } from "./sessions.ts";
import { ACCOUNT, OTHER_ACCOUNT, received, REGION } from "./testing/requests.ts";
import { authorizationToken, createTokens, TOKEN_LIFE_SECONDS, type Tokens } from "./tokens.ts";

const defaultRegistry = { registryId: "000000000000" as typeof ACCOUNT, region: "us-east-1" };
let clock: FakeClock;
let metadata: Metadata;
let keys: AccessKeys;
let sessions: Sessions;
let tokens: Tokens;
let key: KnownKey;

beforeEach(async () => {
  clock = new FakeClock();
  metadata = await openSqlite({ path: ":memory:" });
  const sealer = new MasterKey(new Uint8Array(32));
  keys = createAccessKeys({ metadata, sealer, clock });
  sessions = createSessions({ metadata, sealer, clock });
  tokens = createTokens({ key: new Uint8Array(32), clock });
  await keys.ensureAccount(ACCOUNT);
  key = await keys.create(rootOwner(ACCOUNT));
});
afterEach(() => metadata.close());

function authenticator(isOpen = false, style: UriStyle = "local", anonymousPull = false): RegistryAuthenticator {
  return createRegistryAuthenticator({
    tokens,
    keys,
    sessions,
    access: metadata.access,
    anonymousPull,
    addresses: createAddresses(style),
    clock,
    defaultRegistry,
    isOpen,
  });
}

function passwordFor(region = REGION, registryId = ACCOUNT, principal = key.principal): string {
  const registry = { registryId, region };
  const call = {
    requestId: "",
    principal,
    registry,
    host: "",
    secure: false,
    access: {},
    now: clock.now(),
  };
  return tokens.mint(call, registry).password;
}

function basic(password: string, user = "AWS"): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("without credentials", () => {
  it("the challenge is ECR's, with the realm of the host that was asked", async () => {
    const error = await failure(authenticator().authenticate(received({ target: "/v2/" })));
    expect(error).toBeInstanceOf(Unauthenticated);
    expect(error).toMatchObject({
      headers: {
        "www-authenticate": 'Basic realm="http://localhost:5100/",service="ecr.amazonaws.com"',
        "docker-distribution-api-version": "registry/2.0",
        sizes: "",
        "content-type": "text/plain; charset=utf-8",
      },
      body: "Not Authorized\n",
    });
  });

  it.each([
    ["local", "localhost:5100", true, "https://localhost:5100/"],
    ["local", "[::1]:5100", false, "http://[::1]:5100/"],
    ["local", 'x" evil="', false, "http://localhost/"],
    ["local", "", false, "http://localhost/"],
    [
      "aws",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
      false,
      "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/",
    ],
    ["aws", "localhost:5100", false, "http://localhost:5100/"],
  ] as const)("in style %s, asked for %s with TLS %s, the realm is %s", async (style, host, secure, realm) => {
    const error = await failure(authenticator(false, style).authenticate(received({ headers: { host }, secure })));
    expect(error).toMatchObject({
      headers: { "www-authenticate": `Basic realm="${realm}",service="ecr.amazonaws.com"` },
    });
  });
});

describe("with a token", () => {
  it("the registry is the token's on a plain host, and the principal its key's", async () => {
    const request = received({ headers: { ...basic(passwordFor()), "user-agent": "docker/28" } });
    const call = await authenticator().authenticate(request);
    expect(call).toEqual({
      requestId: request.id,
      principal: key.principal,
      registry: { registryId: ACCOUNT, region: REGION },
      host: "localhost:5100",
      secure: false,
      access: { sourceIp: "192.0.2.7", secureTransport: false, userAgent: "docker/28", requestedRegion: REGION },
      now: clock.now(),
    });
  });

  it("takes the authorizationToken as it was handed out, and the scheme in any case", async () => {
    const authorization = `basic  ${authorizationToken(passwordFor())}`;
    const call = await authenticator().authenticate(received({ headers: { authorization } }));
    expect(call.registry.registryId).toBe(ACCOUNT);
  });

  it("the registry is the host's where that is AWS-shaped", async () => {
    const headers = { host: `${OTHER_ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`, ...basic(passwordFor()) };
    const call = await authenticator().authenticate(received({ headers }));
    expect(call.registry).toEqual({ registryId: OTHER_ACCOUNT, region: REGION });
    expect(call.principal.accountId).toBe(ACCOUNT);
  });

  it.each([`${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com`, `${ACCOUNT}.dkr-ecr.us-east-1.on.aws`])(
    "for another region than that of %s nobody gets in",
    async (host) => {
      const request = received({ headers: { host, ...basic(passwordFor()) } });
      await expect(authenticator().authenticate(request)).rejects.toBeInstanceOf(Unauthenticated);
    },
  );

  it("counts the region of the operator's own domain", async () => {
    const style = { domain: "registry.example.com" };
    const host = `${ACCOUNT}.dkr.ecr.us-east-1.registry.example.com`;
    const wrong = received({ headers: { host, ...basic(passwordFor()) } });
    await expect(authenticator(false, style).authenticate(wrong)).rejects.toBeInstanceOf(Unauthenticated);
    const right = received({ headers: { host, ...basic(passwordFor("us-east-1")) } });
    expect((await authenticator(false, style).authenticate(right)).registry.region).toBe("us-east-1");
  });

  it.each([
    ["another user", (password: string) => basic(password, "aws")],
    ["no user", (password: string) => basic(password, "")],
    ["a forged token", () => basic("AQIDBA")],
    ["the access key itself", () => basic("secret", "AKIAEXAMPLE")],
    ["another scheme", (password: string) => ({ authorization: `Bearer ${password}` })],
    ["bytes that are no base64", () => ({ authorization: "Basic ***" })],
    ["no colon", () => ({ authorization: `Basic ${Buffer.from("AWS").toString("base64")}` })],
    ["an empty header", () => ({ authorization: "" })],
  ])("%s does not get in", async (_, headersOf) => {
    const request = received({ headers: headersOf(passwordFor()) });
    await expect(authenticator().authenticate(request)).rejects.toBeInstanceOf(Unauthenticated);
  });

  it("expires at its second, also when it was used before", async () => {
    const callers = authenticator();
    const headers = basic(passwordFor());
    await callers.authenticate(received({ headers }));
    clock.advance(TOKEN_LIFE_SECONDS * 1000 - 1);
    await callers.authenticate(received({ headers }));
    clock.advance(1);
    const error = await failure(callers.authenticate(received({ headers })));
    expect(error).toBeInstanceOf(TokenExpired);
    expect(error).toMatchObject({ message: "Your authorization token has expired. Reauthenticate and try again." });
  });

  it("ends with its access key, also when it was used before", async () => {
    const callers = authenticator();
    const headers = basic(passwordFor());
    await callers.authenticate(received({ headers }));
    await keys.setStatus(rootOwner(ACCOUNT), key.accessKeyId, "Inactive");
    await expect(callers.authenticate(received({ headers }))).rejects.toBeInstanceOf(Unauthenticated);
    await keys.setStatus(rootOwner(ACCOUNT), key.accessKeyId, "Active");
    await callers.authenticate(received({ headers }));
    await keys.delete(rootOwner(ACCOUNT), key.accessKeyId);
    await expect(callers.authenticate(received({ headers }))).rejects.toBeInstanceOf(Unauthenticated);
  });

  it("that was made under --open is worth nothing without it", async () => {
    key = { ...key, principal: { ...key.principal, kind: "open" } };
    const request = received({ headers: basic(passwordFor()) });
    await expect(authenticator().authenticate(request)).rejects.toBeInstanceOf(Unauthenticated);
  });
});

describe("a token that was revoked", () => {
  it.each([
    ["by its principal", "principal", () => key.principal.arn],
    ["by its key", "accessKey", () => key.accessKeyId],
    ["by itself", "token", (password: string) => hashOf(password)],
  ] as const)("%s does not get in, also when it was used before; a later one does", async (_, kind, subjectOf) => {
    const callers = authenticator();
    const password = passwordFor();
    const headers = basic(password);
    await callers.authenticate(received({ headers }));
    clock.advance(1);
    const [before, expiresAt] = [clock.now(), new Date(clock.now().getTime() + 1e9)];
    const revoke = (subject: string) =>
      metadata.transaction(({ access }) => access.putRevocation({ kind, subject, before, expiresAt }));
    await revoke("another");
    await callers.authenticate(received({ headers }));
    await revoke(subjectOf(password));
    await expect(callers.authenticate(received({ headers }))).rejects.toBeInstanceOf(Unauthenticated);
    await callers.authenticate(received({ headers: basic(passwordFor()) }));
  });

  it("is none because a name of another kind was revoked", async () => {
    const headers = basic(passwordFor());
    clock.advance(1);
    const [before, expiresAt] = [clock.now(), new Date(clock.now().getTime() + 1e9)];
    await metadata.transaction(async ({ access }) => {
      await access.putRevocation({ kind: "accessKey", subject: key.principal.arn, before, expiresAt });
      await access.putRevocation({ kind: "principal", subject: key.accessKeyId, before, expiresAt });
    });
    expect((await authenticator().authenticate(received({ headers }))).principal).toEqual(key.principal);
  });
});

describe("the token of a session", () => {
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/ci`;
  let issued: SessionCredentials;
  let headers: Record<string, string>;

  beforeEach(async () => {
    const now = clock.now();
    const role = { arn: roleArn, accountId: ACCOUNT, kind: "role", name: "ci", path: "/", uniqueId: "AROA1" } as const;
    await metadata.transaction((rows) => rows.identities.insert({ ...role, createdAt: now, tags: [] }));
    issued = await sessions.issue({
      accountId: ACCOUNT,
      principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/ci/build`,
      identityArn: roleArn,
      userId: "AROA1:build",
      policies: [],
      policyArns: [],
      tags: [],
      lifeSeconds: 900,
    });
    const principal = (await sessions.find(issued.accessKeyId))?.principal;
    headers = basic(passwordFor(REGION, ACCOUNT, principal));
  });

  const authenticate = (callers = authenticator()) => callers.authenticate(received({ headers }));

  it("names the session, and outlives it", async () => {
    const callers = authenticator();
    clock.advance(901_000);
    const { principal } = await authenticate(callers);
    expect(principal).toMatchObject({ kind: "role", identityArn: roleArn, sessionKeyId: issued.accessKeyId });
    clock.advance(TOKEN_LIFE_SECONDS * 1000 - 901_001);
    await authenticate(callers);
    clock.advance(1);
    expect(await failure(authenticate(callers))).toBeInstanceOf(TokenExpired);
  });

  it.each([
    ["session", () => issued.accessKeyId, "accessKey"],
    ["role", () => roleArn, "principal"],
  ] as const)("dies when its %s is revoked", async (_, subjectOf, kind) => {
    const callers = authenticator();
    await authenticate(callers);
    clock.advance(1);
    const [before, expiresAt] = [clock.now(), new Date(clock.now().getTime() + 1e9)];
    await metadata.transaction(({ access }) => access.putRevocation({ kind, subject: subjectOf(), before, expiresAt }));
    await expect(authenticate(callers)).rejects.toBeInstanceOf(Unauthenticated);
  });

  it("dies with its role", async () => {
    const callers = authenticator();
    await authenticate(callers);
    await metadata.transaction((rows) => rows.identities.delete(roleArn));
    await expect(authenticate(callers)).rejects.toBeInstanceOf(Unauthenticated);
  });
});

describe("a caller without credentials", () => {
  const registryOf = async (headers: Record<string, string>, isPull = true): Promise<string> => {
    const callers = authenticator(false, "local", true);
    const { registry, principal, access } = await callers.authenticate(received({ headers }), { isPull });
    expect(access.requestedRegion).toBe(registry.region);
    return `${registry.registryId} ${registry.region} ${principal.kind}`;
  };

  it.each([
    ["none", {}],
    ["an empty user and password", { authorization: "Basic Og==" }],
  ])("may come as far as a pull where the installation says so: %s", async (_, headers) => {
    expect(await registryOf(headers)).toBe("000000000000 us-east-1 anonymous");
    const host = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
    expect(await registryOf({ host, ...headers })).toBe(`${ACCOUNT} ${REGION} anonymous`);
    await expect(registryOf(headers, false)).rejects.toBeInstanceOf(Unauthenticated);
    const strict = authenticator().authenticate(received({ headers }), { isPull: true });
    await expect(strict).rejects.toBeInstanceOf(Unauthenticated);
  });

  it("is not one whose credentials are wrong", async () => {
    await expect(registryOf(basic("guess"))).rejects.toBeInstanceOf(Unauthenticated);
    await expect(registryOf({ authorization: "" })).rejects.toBeInstanceOf(Unauthenticated);
  });
});

describe("under --open", () => {
  const registryOf = async (headers: Record<string, string>): Promise<string> => {
    const { registry, principal } = await authenticator(true).authenticate(received({ headers }));
    return `${registry.registryId} ${registry.region} ${principal.kind}`;
  };

  it("nobody needs credentials: the registry is the default one, or the host's", async () => {
    expect(await registryOf({})).toBe("000000000000 us-east-1 open");
    expect(await registryOf({ host: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com` })).toBe(`${ACCOUNT} ${REGION} open`);
  });

  it("any credentials will do", async () => {
    expect(await registryOf(basic("anything", "anyone"))).toBe("000000000000 us-east-1 open");
    expect(await registryOf({ authorization: "Bearer nonsense" })).toBe("000000000000 us-east-1 open");
  });

  it("a user of 12 digits is the account", async () => {
    expect(await registryOf(basic("anything", ACCOUNT))).toBe(`${ACCOUNT} us-east-1 open`);
  });

  it("a token names its registry, also when it has expired", async () => {
    const headers = basic(passwordFor(REGION, OTHER_ACCOUNT));
    clock.advance(TOKEN_LIFE_SECONDS * 2000);
    expect(await registryOf(headers)).toBe(`${OTHER_ACCOUNT} ${REGION} root`);
  });
});
