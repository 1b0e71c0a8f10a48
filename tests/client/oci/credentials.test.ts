import { ecrLogin, OciError, UnsafeAddressError } from "@stowage/client";
import { describe, expect, it } from "vitest";
import { answer, FakeRegistry } from "./fake-registry.ts";

const credentials = { username: "user", password: "secret" };
const BASIC = `Basic ${Buffer.from("user:secret").toString("base64")}`;
const DIGEST = `sha256:${"a".repeat(64)}` as const;

describe("credentials", () => {
  it("are sent when the registry asks for them, and from then on at once", async () => {
    await using registry = await FakeRegistry.open(({ headers }, response) => {
      if (headers.authorization === BASIC) answer(response, 200, { body: '{"tags":["a"]}' });
      else answer(response, 401, { headers: { "www-authenticate": 'Basic realm="x",service="ecr"' } });
    });
    const client = registry.client({ credentials });
    await client.ping();
    await client.ping();
    expect(registry.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, BASIC, BASIC]);
  });

  it("of ECR are sent at once, as its registries take nothing but Basic", async () => {
    await using registry = await FakeRegistry.open((_, response) => answer(response, 200, { body: '{"tags":["a"]}' }));
    await registry.client({ credentials: { username: "AWS", password: "token" } }).ping();
    expect(registry.seen.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from("AWS:token").toString("base64")}`,
    ]);
  });

  it("of ECR are not asked for anew by a registry that takes tokens of a service alone", async () => {
    await using registry = await FakeRegistry.open(({ url, headers }, response) => {
      if (url?.startsWith("/token") === true) answer(response, 200, { body: '{"token":"t"}' });
      else if (headers.authorization === "Bearer t") answer(response, 200, { body: "{}" });
      else answer(response, 401, { headers: { "www-authenticate": `Bearer realm="${registry.origin}/token"` } });
    });
    let asked = 0;
    const login = async (): Promise<{ username: string; password: string }> => {
      asked += 1;
      return { username: "AWS", password: "token" };
    };
    await registry.client({ credentials: login }).ping();
    expect(asked).toBe(1);
  });

  it("that are wrong are told as such after one attempt", async () => {
    await using registry = await FakeRegistry.open((_, response) => {
      const body = '{"errors":[{"code":"UNAUTHORIZED","message":"no"}]}';
      answer(response, 401, { headers: { "www-authenticate": 'Basic realm="x"' }, body });
    });
    const failure = registry.client({ credentials }).ping();
    await expect(failure).rejects.toThrow(OciError);
    await expect(failure).rejects.toMatchObject({ status: 401, code: "UNAUTHORIZED" });
    expect(registry.seen).toHaveLength(2);
  });

  it("never go to the host that a redirect leads to", async () => {
    await using store = await FakeRegistry.open((_, response) => answer(response, 200, { body: "bytes" }));
    await using registry = await FakeRegistry.open(({ headers }, response) => {
      if (headers.authorization === undefined) {
        answer(response, 401, { headers: { "www-authenticate": "Basic" } });
      } else answer(response, 307, { headers: { location: `${store.origin}/elsewhere?signed=1` } });
    });
    const client = registry.client({ credentials });
    const part = client.getBlobRange("a/b", DIGEST as never, { fromByte: 0, lengthBytes: 5 });
    await expect(
      (async () => {
        for await (const chunk of part) expect(String(chunk)).toBe("bytes");
      })(),
    ).resolves.toBeUndefined();
    expect(store.lines).toEqual(["GET /elsewhere?signed=1"]);
    expect(store.seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each([
    ["https://tokens.example/token", "to be sent to tokens.example"],
    ["http://tokens.example/token", "without TLS"],
    ["file:///etc/passwd", "without TLS"],
    ["nonsense", "unusable realm"],
    ["https://user:pass@127.0.0.1/", "unusable realm"],
  ])("never go to the realm %s", async (realm, complaint) => {
    await using registry = await FakeRegistry.open((_, response) => {
      answer(response, 401, { headers: { "www-authenticate": `Bearer realm="${realm}",service="s"` } });
    });
    const failure = registry.client({ credentials }).ping();
    await expect(failure).rejects.toThrow(UnsafeAddressError);
    await expect(failure).rejects.toThrow(complaint);
  });

  it("buy a token for each scope, once, from the registry's own token service", async () => {
    await using registry = await FakeRegistry.open(({ url = "", headers }, response) => {
      if (url.startsWith("/token")) {
        const scope = new URL(url, "http://x").searchParams.get("scope");
        answer(response, 200, { body: JSON.stringify({ token: `for-${scope}`, expires_in: 300 }) });
      } else if (headers.authorization === "Bearer for-repository:a/b:pull") {
        answer(response, 200, { body: '{"tags":["one","two"]}' });
      } else {
        const realm = `http://${headers.host ?? ""}/token`;
        answer(response, 401, { headers: { "www-authenticate": `Bearer realm="${realm}",service="reg"` } });
      }
    });
    const client = registry.client({ credentials });
    for (const _ of [1, 2]) {
      const tags: string[] = [];
      for await (const tag of client.tags("a/b")) tags.push(tag);
      expect(tags).toEqual(["one", "two"]);
    }
    expect(registry.lines).toEqual([
      "GET /v2/a/b/tags/list",
      "GET /token?service=reg&scope=repository%3Aa%2Fb%3Apull",
      "GET /v2/a/b/tags/list",
      "GET /v2/a/b/tags/list",
    ]);
    expect(registry.seen[1]?.headers.authorization).toBe(BASIC);
  });

  it("of ECR are kept until shortly before they end", async () => {
    let asked = 0;
    const ecr = {
      getAuthorizationToken: () => {
        asked += 1;
        const expiresAt = new Date(Date.now() + (asked === 1 ? 4 : 60) * 60_000);
        const authorizationToken = Buffer.from(`AWS:token:${asked}`).toString("base64");
        return Promise.resolve({ authorizationData: [{ authorizationToken, expiresAt }] });
      },
    };
    await using registry = await FakeRegistry.open(({ headers }, response) => {
      answer(response, headers.authorization === undefined ? 401 : 200, { headers: { "www-authenticate": "Basic" } });
    });
    const client = registry.client({ credentials: ecrLogin(ecr) });
    for (const _ of [1, 2, 3]) await client.ping();
    const sent = registry.seen.at(-1)?.headers.authorization;
    expect(Buffer.from(sent?.slice(6) ?? "", "base64").toString()).toBe("AWS:token:2");
    expect(asked).toBe(2);
  });
});
