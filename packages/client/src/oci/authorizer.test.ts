import { expect, it } from "vitest";
import { memoryPlatform, ORIGIN } from "../testing/memory-registry.ts";
import { Authorizer } from "./authorizer.ts";

it("tokens of 1000 scopes are kept, and one more takes the place of the oldest", async () => {
  let asked = 0;
  const platform = memoryPlatform(() => {
    asked += 1;
    return { body: '{"token":"t","expires_in":3600}' };
  });
  const { http } = platform;
  const authorizer = new Authorizer({
    endpoint: new URL(ORIGIN),
    login: undefined,
    tokenHosts: [],
    http,
    platform,
    timeoutMs: 1000,
  });
  authorizer.learn(`Bearer realm="${ORIGIN}/token"`, [], undefined);
  const use = async (...scopes: readonly number[]): Promise<number> => {
    const before = asked;
    for (const scope of scopes) expect(await authorizer.header([`repository:r${scope}:pull`])).toBe("Bearer t");
    return asked - before;
  };
  const all = Array.from({ length: 1000 }, (_, at) => at);
  expect(await use(...all)).toBe(1000);
  expect(await use(...all)).toBe(0);
  expect(await use(1000)).toBe(1);
  expect(await use(...all.slice(1), 1000)).toBe(0);
  expect(await use(0)).toBe(1);
});
