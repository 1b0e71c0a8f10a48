import { createHmac } from "node:crypto";
import { isDigest, isRegistryId, isRepositoryName } from "@stowage/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeLayerUrls, URL_LIFE_SECONDS, type SignedLayer } from "./urls.ts";

const hasher = {
  hmacSha256: (key: Uint8Array, bytes: Uint8Array): Uint8Array => createHmac("sha256", key).update(bytes).digest(),
};
const urls = makeLayerUrls(new Uint8Array(32).fill(7), hasher);
const NOW = new Date("2026-11-21T12:00:00Z");
const BASE = "http://localhost:5100";

function layer(name = "team/app"): SignedLayer {
  const registryId = "000000000000";
  const digest = `sha256:${"c".repeat(64)}`;
  if (!isRegistryId(registryId) || !isRepositoryName(name) || !isDigest(digest)) throw new TypeError("not a layer");
  return { key: { registryId, region: "us-east-1" }, repositoryName: name, digest };
}

function signed(): string {
  return urls.sign(layer(), BASE, NOW).slice(BASE.length);
}

function later(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}

describe("download URLs", () => {
  test("name the layer and serve it for an hour", () => {
    expect(urls.verify(signed(), NOW)).toEqual({ kind: "valid", layer: layer() });
    expect(urls.verify(signed(), later(URL_LIFE_SECONDS - 1)).kind).toBe("valid");
    expect(urls.verify(signed(), later(URL_LIFE_SECONDS)).kind).toBe("expired");
  });

  test("begin with the base they were asked for", () => {
    expect(urls.sign(layer(), "https://registry.example", NOW)).toMatch(
      /^https:\/\/registry\.example\/layers\/us-east-1\/000000000000\/team\/app\/sha256:/,
    );
  });

  test("a change of any character makes them invalid", () => {
    const good = signed();
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.constantFrom("0", "a", "/", "z", "&"), (at, character) => {
        fc.pre(good.charAt(at) !== character);
        expect(urls.verify(good.slice(0, at) + character + good.slice(at + 1), NOW).kind).toBe("invalid");
      }),
    );
  });

  test("parts that are added or cut off make them invalid", () => {
    const good = signed();
    for (const bad of [
      `${good}&x=1`,
      `${good}0`,
      good.slice(0, -1),
      `/layers${good}`,
      good.replace("?", "%3F"),
      "/layers/",
      "",
    ]) {
      expect(urls.verify(bad, NOW).kind).toBe("invalid");
    }
  });

  test("signatures in other letters or of another key are invalid", () => {
    const other = makeLayerUrls(new Uint8Array(32).fill(8), hasher);
    expect(other.verify(signed(), NOW).kind).toBe("invalid");
    expect(urls.verify(`${signed().slice(0, -64)}${"A".repeat(64)}`, NOW).kind).toBe("invalid");
    expect(urls.verify(`${signed().slice(0, -64)}${"é".repeat(64)}`, NOW).kind).toBe("invalid");
  });

  test("no text is taken for valid", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(urls.verify(text, NOW).kind).toBe("invalid");
      }),
    );
  });
});
