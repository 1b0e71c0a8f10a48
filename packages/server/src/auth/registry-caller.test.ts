import { MasterKey, openSqlite } from "@stowage/storage";
import { FakeClock } from "@stowage/testkit";
import type { Metadata } from "@stowage/registry";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAddresses, type UriStyle } from "./addresses.ts";
import { TokenExpired, Unauthenticated } from "./failures.ts";
import { createIdentities, type Identities, type KnownKey } from "./identities.ts";
import { createRegistryAuthenticator, type RegistryAuthenticator } from "./registry-caller.ts";
import { ACCOUNT, OTHER_ACCOUNT, received, REGION } from "./testing/requests.ts";
import { authorizationToken, createTokens, TOKEN_LIFE_SECONDS, type Tokens } from "./tokens.ts";

const defaultRegistry = { registryId: "000000000000" as typeof ACCOUNT, region: "us-east-1" };
let clock: FakeClock;
let metadata: Metadata;
let identities: Identities;
let tokens: Tokens;
let key: KnownKey;

beforeEach(async () => {
  clock = new FakeClock();
  metadata = await openSqlite({ path: ":memory:" });
  identities = createIdentities({ metadata, sealer: new MasterKey(new Uint8Array(32)), clock });
  tokens = createTokens({ key: new Uint8Array(32), clock });
  await identities.ensureAccount(ACCOUNT);
  key = await identities.create(ACCOUNT);
});
afterEach(() => metadata.close());

function authenticator(isOpen = false, style: UriStyle = "local"): RegistryAuthenticator {
  return createRegistryAuthenticator({
    tokens,
    identities,
    addresses: createAddresses(style),
    clock,
    defaultRegistry,
    isOpen,
  });
}

function passwordFor(region = REGION, registryId = ACCOUNT): string {
  const registry = { registryId, region };
  const call = {
    requestId: "",
    principal: key.principal,
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
      access: { sourceIp: "192.0.2.7", secureTransport: false, userAgent: "docker/28" },
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
    await identities.setStatus(ACCOUNT, key.accessKeyId, "Inactive");
    await expect(callers.authenticate(received({ headers }))).rejects.toBeInstanceOf(Unauthenticated);
    await identities.setStatus(ACCOUNT, key.accessKeyId, "Active");
    await callers.authenticate(received({ headers }));
    await identities.delete(ACCOUNT, key.accessKeyId);
    await expect(callers.authenticate(received({ headers }))).rejects.toBeInstanceOf(Unauthenticated);
  });

  it("that was made under --open is worth nothing without it", async () => {
    key = { ...key, principal: { ...key.principal, kind: "open" } };
    const request = received({ headers: basic(passwordFor()) });
    await expect(authenticator().authenticate(request)).rejects.toBeInstanceOf(Unauthenticated);
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
