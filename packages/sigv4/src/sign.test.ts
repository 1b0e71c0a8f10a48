import { describe, expect, it } from "vitest";

import { SIGNING } from "../test/fixture.ts";
import { nodeHasher } from "../test/node-hasher.ts";
import { MAX_TARGET_CHARS, presign, signRequest, SigningKeyCache, UNSIGNED_PAYLOAD } from "./index.ts";

const EXAMPLE = {
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
  region: "us-east-1",
  date: new Date("2015-08-30T12:36:00Z"),
  hasher: nodeHasher,
};

describe("signRequest", () => {
  it("makes the signature of the IAM User Guide's example", () => {
    const signed = signRequest({
      ...EXAMPLE,
      method: "GET",
      target: "/?Action=ListUsers&Version=2010-05-08",
      headers: { host: "iam.amazonaws.com", "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      service: "iam",
    });
    expect(signed).toEqual({
      "x-amz-date": "20150830T123600Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    });
  });

  it("makes the signature of AWS's test suite for a bare request", () => {
    const headers = { Host: "example.amazonaws.com" };
    const signed = signRequest({ ...EXAMPLE, method: "GET", target: "/", headers, service: "service" });
    expect(signed.authorization).toContain("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  });

  it("leaves out headers that runtimes and proxies write, and signs the rest in lower case", () => {
    const headers = {
      ...SIGNING.headers,
      "User-Agent": "x",
      Connection: "close",
      "X-Amzn-Trace-Id": "1",
      "Sec-Fetch-Mode": "cors",
      "Proxy-Authorization": "x",
      "X-Custom": "y",
      "x-absent": undefined,
    };
    expect(signRequest({ ...SIGNING, headers }).authorization).toContain(
      "SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-custom,",
    );
  });

  it("replaces a date and a token that the headers already hold, in any case", () => {
    const stale = { ...SIGNING.headers, "X-Amz-Date": "20000101T000000Z", "X-Amz-Security-Token": "old" };
    const credentials = { ...SIGNING.credentials, sessionToken: "new" };
    expect(signRequest({ ...SIGNING, headers: stale, credentials })).toEqual(signRequest({ ...SIGNING, credentials }));
  });

  it("takes the payload hash from payloadHash, then from the header, then from the body", () => {
    const declared = { ...SIGNING, headers: { ...SIGNING.headers, "x-amz-content-sha256": UNSIGNED_PAYLOAD } };
    expect(signRequest(declared)).toEqual(signRequest({ ...declared, body: "other" }));
    expect(signRequest({ ...SIGNING, payloadHash: UNSIGNED_PAYLOAD })).not.toEqual(signRequest(SIGNING));
    expect(signRequest({ ...SIGNING, body: new TextEncoder().encode("{}") })).toEqual(signRequest(SIGNING));
  });

  it("makes the same signatures with a cache of keys as without one", () => {
    const keyCache = new SigningKeyCache();
    expect(signRequest({ ...SIGNING, keyCache })).toEqual(signRequest(SIGNING));
    expect(signRequest({ ...SIGNING, keyCache })).toEqual(signRequest(SIGNING));
    expect(keyCache.size).toBe(1);
  });

  it.each(["", "a", "http://localhost/", "/a b", "/é", "/\n", "/?a=%zz", "/?%", "/?a=%4"])(
    "throws for a target that no wire carries: %j",
    (target) => {
      expect(() => signRequest({ ...SIGNING, target })).toThrow(TypeError);
    },
  );

  it("takes the longest target that a receiver reads and throws for a longer one", () => {
    const target = `/${"a".repeat(MAX_TARGET_CHARS - 1)}`;
    expect(signRequest({ ...SIGNING, target }).authorization).toContain("Signature=");
    expect(() => signRequest({ ...SIGNING, target: `${target}a` })).toThrow(TypeError);
  });

  it("throws without a host header", () => {
    expect(() => signRequest({ ...SIGNING, headers: {} })).toThrow(TypeError);
  });

  it("signs header values as the bytes that runtimes put on the wire", () => {
    const { authorization } = signRequest({ ...SIGNING, headers: { ...SIGNING.headers, "x-custom": "\u00e9" } });
    // Computed with Python's hmac over a canonical request that holds the single byte 0xE9.
    expect(authorization).toContain("f9baca014766f77d6b4be47ac9f2540ec0806a04dd5c978302601256b6265836");
  });
});

describe("presign", () => {
  const download = {
    ...EXAMPLE,
    method: "GET",
    target: "/test.txt",
    headers: { host: "examplebucket.s3.amazonaws.com" },
    service: "s3",
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
    date: new Date("2013-05-24T00:00:00Z"),
    expiresSeconds: 86_400,
    payloadHash: UNSIGNED_PAYLOAD,
  };

  it("makes the signature of the S3 API reference's example", () => {
    expect(presign(download)).toBe(
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    );
  });

  it("keeps the parameters of the target and replaces those of an earlier signature", () => {
    const once = presign({ ...download, target: "/test.txt?b=2&a=1+1" });
    expect(once).toMatch(/^X-Amz-.*&a=1%201&b=2&X-Amz-Signature=/);
    const temporary = { ...download.credentials, sessionToken: "t" };
    expect(presign({ ...download, target: `/test.txt?${once}` })).toBe(once);
    expect(presign({ ...download, target: `/?${presign({ ...download, credentials: temporary })}` })).toBe(
      presign({ ...download, target: "/" }),
    );
  });

  it.each([1, 604_800])("takes a life of %i seconds", (expiresSeconds) => {
    expect(presign({ ...download, expiresSeconds })).toContain(`X-Amz-Expires=${expiresSeconds}&`);
  });

  it.each([0, 604_801, -1, 1.5, Number.NaN])("throws for a life of %d seconds", (expiresSeconds) => {
    expect(() => presign({ ...download, expiresSeconds })).toThrow(RangeError);
  });
});
