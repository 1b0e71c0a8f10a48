import { FakeClock } from "@stowage/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Principal } from "@stowage/registry";
import type { Call } from "./call.ts";
import { TokenExpired, TokenForged } from "./failures.ts";
import { rootPrincipal } from "./access-keys.ts";
import { ACCOUNT, OTHER_ACCOUNT, REGION } from "./testing/requests.ts";
import { authorizationToken, createTokens, MAX_PASSWORD_CHARS, TOKEN_LIFE_SECONDS } from "./tokens.ts";

const key = new Uint8Array(32).fill(7);
const registry = { registryId: ACCOUNT, region: REGION };

function call(clock: FakeClock, principal: Principal = rootPrincipal(ACCOUNT, "AKIAEXAMPLE")): Call {
  return { requestId: "1", principal, registry, host: "localhost", secure: false, access: {}, now: clock.now() };
}

describe("a registry token", () => {
  it("says who asked, for which registry, when and for how long", () => {
    const clock = new FakeClock(new Date("2026-11-21T12:00:00.750Z"));
    const tokens = createTokens({ key, clock });
    const { password, expiresAt } = tokens.mint(call(clock), { registryId: OTHER_ACCOUNT, region: "us-east-1" });
    expect(tokens.verify(password)).toEqual({
      principal: rootPrincipal(ACCOUNT, "AKIAEXAMPLE"),
      registry: { registryId: OTHER_ACCOUNT, region: "us-east-1" },
      issuedAt: new Date("2026-11-21T12:00:00.750Z"),
      expiresAt: new Date("2026-11-22T00:00:00Z"),
    });
    expect(expiresAt).toEqual(new Date("2026-11-22T00:00:00Z"));
  });

  it("is good until the second at which it expires", () => {
    const clock = new FakeClock();
    const tokens = createTokens({ key, clock });
    const { password } = tokens.mint(call(clock), registry);
    clock.advance(TOKEN_LIFE_SECONDS * 1000 - 1);
    expect(tokens.verify(password).registry).toEqual(registry);
    clock.advance(1);
    expect(() => tokens.verify(password)).toThrow(TokenExpired);
    expect(tokens.read(password)?.registry).toEqual(registry);
  });

  it("outlives a clock that was set back", () => {
    const clock = new FakeClock();
    const tokens = createTokens({ key, clock });
    const { password } = tokens.mint(call(clock), registry);
    clock.advance(-86_400_000);
    expect(tokens.verify(password).registry).toEqual(registry);
  });

  it("of another key is forged", () => {
    const clock = new FakeClock();
    const { password } = createTokens({ key: new Uint8Array(32), clock }).mint(call(clock), registry);
    expect(() => createTokens({ key, clock }).verify(password)).toThrow(TokenForged);
  });

  it("with any one bit changed is forged", () => {
    const clock = new FakeClock();
    const tokens = createTokens({ key, clock });
    const bytes = Buffer.from(tokens.mint(call(clock), registry).password, "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(tokens.read(changed.toString("base64url"))).toBeUndefined();
    }
  });

  it("has one spelling: other characters, padding and spare bits are refused", () => {
    const clock = new FakeClock();
    const tokens = createTokens({ key, clock });
    for (const user of ["u", "us", "use"]) {
      const { password } = tokens.mint(call(clock, { ...rootPrincipal(ACCOUNT), userId: user }), registry);
      expect(tokens.read(password)).toBeDefined();
      const last = password.at(-1) ?? "";
      const standard = Buffer.from(password, "base64url").toString("base64");
      const others = [
        ...(standard === password ? [] : [standard]),
        `${password}=`,
        ` ${password}`,
        `${password}\n`,
        password.slice(0, -1),
        `${password}A`,
      ];
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
      const neighbour = alphabet.charAt(alphabet.indexOf(last) ^ 1);
      for (const other of [...others, password.slice(0, -1) + neighbour]) expect(tokens.read(other)).toBeUndefined();
    }
  });

  it("is forged when it is anything else", () => {
    const tokens = createTokens({ key, clock: new FakeClock() });
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 600 }), fc.base64String({ maxLength: 600 })), (text) => {
        expect(tokens.read(text)).toBeUndefined();
      }),
    );
    expect(tokens.read("A".repeat(MAX_PASSWORD_CHARS))).toBeUndefined();
    expect(tokens.read("A".repeat(MAX_PASSWORD_CHARS + 1))).toBeUndefined();
    expect(() => tokens.verify("")).toThrow(TokenForged);
  });

  it("decodes under either base64 alphabet, and its password splits at the first colon", () => {
    const clock = new FakeClock();
    const texts = fc.string({ unit: "grapheme", maxLength: 40 });
    fc.assert(
      fc.property(texts, texts, texts, fc.uint8Array({ minLength: 32, maxLength: 32 }), (arn, user, region, secret) => {
        const tokens = createTokens({ key: secret, clock });
        const principal: Principal = {
          kind: "role",
          accountId: ACCOUNT,
          arn,
          userId: user,
          identityArn: arn,
          accessKeyId: "ASIA",
          sessionKeyId: "ASIA",
        };
        const { password } = tokens.mint(call(clock, principal), { registryId: ACCOUNT, region });
        expect(password).toMatch(/^[A-Za-z0-9_-]+$/);
        const token = authorizationToken(password);
        expect(token).toMatch(/^[A-Za-z0-9]+={0,2}$/);
        expect(token.length % 4).toBe(0);
        expect(Buffer.from(token, "base64").toString()).toBe(`AWS:${password}`);
        expect(tokens.verify(password)).toMatchObject({ principal, registry: { region } });
      }),
    );
  });
});
