import { describe, expect, it } from "vitest";

import { judge, signedInHeaders, SIGNING, withAuthorization, withOptions } from "../test/fixture.ts";
import { nodeHasher } from "../test/node-hasher.ts";
import { DEFAULT_CACHED_SIGNING_KEYS, signRequest, SigningKeyCache } from "./index.ts";
import { deriveSigningKey } from "./signing-key.ts";

const scope = { date: "20150830", region: "us-east-1", service: "iam" };
const key = new Uint8Array(32);

describe("deriveSigningKey", () => {
  it("gives the key of the IAM User Guide's example", () => {
    const derived = deriveSigningKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope, nodeHasher);
    expect(Buffer.from(derived).toString("hex")).toBe(
      "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9",
    );
  });
});

describe("SigningKeyCache", () => {
  it("finds a key by its access key, date, region, service and secret, and by nothing less", () => {
    const cache = new SigningKeyCache();
    cache.keep("AKID", scope, { fingerprint: "f", key });
    expect(cache.find("AKID", { ...scope }, "f")).toBe(key);
    expect(cache.find("OTHER", scope, "f")).toBeUndefined();
    expect(cache.find("AKID", { ...scope, date: "20150831" }, "f")).toBeUndefined();
    expect(cache.find("AKID", { ...scope, region: "us-east-2" }, "f")).toBeUndefined();
    expect(cache.find("AKID", { ...scope, service: "ecr" }, "f")).toBeUndefined();
    expect(cache.find("AKID", scope, "rotated")).toBeUndefined();
  });

  it("holds as many keys as its capacity and drops the one used longest ago", () => {
    const cache = new SigningKeyCache(2);
    cache.keep("A", scope, { fingerprint: "f", key });
    cache.keep("B", scope, { fingerprint: "f", key });
    expect(cache.find("A", scope, "f")).toBe(key);
    cache.keep("C", scope, { fingerprint: "f", key });
    expect(cache.size).toBe(2);
    expect(cache.find("B", scope, "f")).toBeUndefined();
    expect(cache.find("A", scope, "f")).toBe(key);
    expect(cache.find("C", scope, "f")).toBe(key);
  });

  it("holds a bounded number of keys unless told otherwise", () => {
    const cache = new SigningKeyCache();
    for (let i = 0; i <= DEFAULT_CACHED_SIGNING_KEYS; i++) cache.keep(`A${i}`, scope, { fingerprint: "f", key });
    expect(cache.size).toBe(DEFAULT_CACHED_SIGNING_KEYS);
  });

  it("replaces a rotated secret's key in place", () => {
    const cache = new SigningKeyCache();
    cache.keep("A", scope, { fingerprint: "old", key });
    cache.keep("A", scope, { fingerprint: "new", key: new Uint8Array(1) });
    expect(cache.size).toBe(1);
    expect(cache.find("A", scope, "old")).toBeUndefined();
    expect(cache.find("A", scope, "new")).toHaveLength(1);
  });
});

describe("verify with a cache", () => {
  it("never accepts a signature of a secret that was rotated", () => {
    const keyCache = new SigningKeyCache();
    const old = withOptions(signedInHeaders(), { keyCache });
    expect(judge(old)).toEqual({ ok: true });
    const rotated = { ...SIGNING.credentials, secretAccessKey: "rotated" };
    expect(judge(withOptions(old, { secretAccessKey: rotated.secretAccessKey }))).toMatchObject({ ok: false });
    const renewed = signRequest({ ...SIGNING, credentials: rotated, keyCache });
    const request = withOptions(old, { secretAccessKey: rotated.secretAccessKey });
    expect(judge({ ...request, headers: { ...request.headers, ...renewed } })).toEqual({ ok: true });
    expect(judge(old)).toEqual({ ok: true });
  });

  it("keeps no key for a forged scope", () => {
    const keyCache = new SigningKeyCache();
    const forged = withAuthorization(signedInHeaders(), (text) => text.replace("us-east-1", "eu-west-1"));
    expect(judge(withOptions(forged, { keyCache }))).toMatchObject({ ok: false });
    expect(keyCache.size).toBe(0);
  });
});
