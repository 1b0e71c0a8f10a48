import { describe, expect, it } from "vitest";

import type { Received } from "../test/fixture.ts";
import {
  claimOf,
  hashOf,
  judge,
  MISMATCH,
  SIGNED_AT,
  signedInHeaders,
  signedInQuery,
  SIGNING,
  TOKEN,
  withAuthorization,
  withHeaders,
  withOptions,
} from "../test/fixture.ts";
import { nodeHasher } from "../test/node-hasher.ts";
import { checkClaim, EMPTY_PAYLOAD_HASH, UNSIGNED_PAYLOAD, verify } from "./index.ts";

const mismatch = invalid(MISMATCH);
const unrecognized = {
  ok: false,
  code: "UnrecognizedClientException",
  message: "The security token included in the request is invalid.",
};

function invalid(message: string) {
  return { ok: false, code: "InvalidSignatureException", message };
}

const temporary = { ...SIGNING.credentials, sessionToken: TOKEN };
const inHeaders = signedInHeaders({ target: "/a/b?x=1&y=%20" });
const withToken = signedInHeaders({ credentials: temporary });
const withHash = signedInHeaders({ headers: { ...SIGNING.headers, "x-amz-content-sha256": hashOf("{}") } });
const inQuery = signedInQuery({ target: "/a/b?x=1&y=%20" });
const inQueryWithToken = signedInQuery({ credentials: temporary });

function rewriteTarget(request: Received, from: string, to: string): Received {
  const target = request.target.replace(from, to);
  expect(target).not.toBe(request.target);
  return { ...request, target };
}

function rewriteAuthorization(request: Received, from: string | RegExp, to: string): Received {
  return withAuthorization(request, (text) => {
    const rewritten = text.replace(from, to);
    expect(rewritten).not.toBe(text);
    return rewritten;
  });
}

describe("verify accepts", () => {
  it.each([
    ["a signature in headers", inHeaders],
    ["a signature in headers with a session token", withToken],
    ["a signature in headers that declares its payload hash", withHash],
    ["a signature in the query", inQuery],
    ["a signature in the query with a session token", inQueryWithToken],
    ["a query that escapes more than it must", rewriteTarget(inHeaders, "x=1", "%78=%31")],
    ["a plus sign for a space", rewriteTarget(inHeaders, "%20", "+")],
    ["parameters in another order", rewriteTarget(inHeaders, "x=1&y=%20", "y=%20&x=1")],
    ["headers added underway", withHeaders(inHeaders, { "x-forwarded-for": "1.2.3.4", "x-amzn-trace-id": "r" })],
    ["an x-amz header of a proxy", withHeaders(inHeaders, { "x-amz-cf-id": "z" })],
    ["a basic password beside a presigned query", withHeaders(inQuery, { authorization: "Basic eDp5" })],
    ["any of several services", withOptions(inHeaders, { expectedServices: ["sts", "ecr"] })],
  ])("%s", (_, request) => {
    expect(judge(request)).toEqual({ ok: true });
  });

  it("a body left unsigned, where the receiver says so", () => {
    const headers = { ...SIGNING.headers, "x-amz-content-sha256": UNSIGNED_PAYLOAD };
    const request = signedInHeaders({ headers });
    const options = { ...request.options, payloadHash: UNSIGNED_PAYLOAD, hasher: nodeHasher };
    expect(verify(claimOf(request), request, options)).toEqual({ ok: true });
    expect(judge(request)).toEqual(mismatch);
  });

  it("a signed header that is absent like one that is empty", () => {
    const request = signedInHeaders({ headers: { ...SIGNING.headers, "x-custom": "" } });
    expect(judge(withHeaders(request, { "x-custom": undefined }))).toEqual({ ok: true });
  });

  it("a signed header of several values, in their order", () => {
    const request = signedInHeaders({ headers: { ...SIGNING.headers, accept: "a,b  c" } });
    expect(judge(withHeaders(request, { accept: ["a", " b c "] }))).toEqual({ ok: true });
    expect(judge(withHeaders(request, { accept: ["b c", "a"] }))).toEqual(mismatch);
  });
});

describe("verify refuses a changed", () => {
  it.each<[string, Received]>([
    ["method", { ...inHeaders, method: "GET" }],
    ["case of the method", { ...inHeaders, method: "post" }],
    ["method with a line break", { ...inHeaders, method: "POST\n/a/b" }],
    ["path", rewriteTarget(inHeaders, "/a/b", "/a/c")],
    ["case of the path", rewriteTarget(inHeaders, "/a/b", "/A/b")],
    ["escape in the path", rewriteTarget(inHeaders, "/a/b", "/%61/b")],
    ["depth of the path", rewriteTarget(inHeaders, "/a/b", "/a/b/")],
    ["query value", rewriteTarget(inHeaders, "x=1", "x=2")],
    ["query name", rewriteTarget(inHeaders, "x=1", "z=1")],
    ["query with more", rewriteTarget(inHeaders, "x=1", "x=1&x=1")],
    ["query with an empty name", rewriteTarget(inHeaders, "x=1", "x=1&=")],
    ["query with less", rewriteTarget(inHeaders, "x=1&", "")],
    ["query with a plus for a literal plus", rewriteTarget(inHeaders, "%20", "%2B")],
    ["signed header", withHeaders(inHeaders, { "x-amz-target": "Stowage_V1.CreateKey" })],
    ["host", withHeaders(inHeaders, { host: "localhost:5101" })],
    ["content type", withHeaders(inHeaders, { "content-type": "application/json" })],
    ["content type, removed", withHeaders(inHeaders, { "content-type": undefined })],
    ["body", { ...inHeaders, body: "{} " }],
    ["body with its hash declared", { ...withHash, body: "{}\n" }],
    ["declared hash", withHeaders(withHash, { "x-amz-content-sha256": EMPTY_PAYLOAD_HASH })],
    ["declared hash, made unsigned", withHeaders(withHash, { "x-amz-content-sha256": UNSIGNED_PAYLOAD })],
    ["time of the same day", withHeaders(inHeaders, { "x-amz-date": "20261121T123601Z" })],
    ["region", rewriteAuthorization(inHeaders, "us-east-1", "us-east-2")],
    ["region under a session", rewriteAuthorization(withToken, "us-east-1", "eu-west-1")],
    ["list of signed headers", rewriteAuthorization(inHeaders, "content-type;", "")],
    ["signature", rewriteAuthorization(inHeaders, /.$/, "x")],
    ["signature, cut short", rewriteAuthorization(inHeaders, /.$/, "")],
    ["signature, drawn out", rewriteAuthorization(inHeaders, /$/, "0")],
    ["signature, in capitals", withAuthorization(inHeaders, (text) => text.replace(/[0-9a-f]{64}$/, upperCase))],
    ["signature, emptied", rewriteAuthorization(inHeaders, /[0-9a-f]{64}$/, "")],
    ["secret", withOptions(inHeaders, { secretAccessKey: "another" })],
    ["token under the same secret", withHeaders(withToken, { "x-amz-security-token": "other" })],
    ["token, removed from a request that signed it", withHeaders(withToken, { "x-amz-security-token": undefined })],
    ["presigned method", { ...inQuery, method: "PUT" }],
    ["presigned path", rewriteTarget(inQuery, "/a/b", "/a/c")],
    ["presigned query", rewriteTarget(inQuery, "x=1", "x=2")],
    ["presigned query with more", rewriteTarget(inQuery, "x=1", "x=1&response=z")],
    ["presigned host", withHeaders(inQuery, { host: "other" })],
    ["presigned body", { ...inQuery, body: "x" }],
    ["presigned life", rewriteTarget(inQuery, "Expires=60", "Expires=600")],
    ["presigned life, removed", rewriteTarget(inQuery, "&X-Amz-Expires=60", "")],
    ["presigned time", rewriteTarget(inQuery, "T123600Z", "T123559Z")],
    ["presigned region", rewriteTarget(inQuery, "us-east-1", "us-west-1")],
    ["presigned signed headers", rewriteTarget(inQuery, "SignedHeaders=host", "SignedHeaders=accept%3Bhost")],
    ["presigned signature", { ...inQuery, target: inQuery.target.replace(/.$/, "x") }],
    ["presigned token", rewriteTarget(inQueryWithToken, "Token=Fwo", "Token=Gwo")],
    [
      "presigned token, removed",
      { ...inQueryWithToken, target: inQueryWithToken.target.replace(/&X-Amz-Sec[^&]*/, "") },
    ],
    ["presigned token, added", { ...inQuery, target: `${inQuery.target}&X-Amz-Security-Token=t` }],
  ])("%s", (_, request) => {
    expect(judge(request)).toEqual(mismatch);
  });

  it("day in the scope", () => {
    expect(judge(rewriteAuthorization(inHeaders, "/20261121/", "/20261120/"))).toEqual(
      invalid(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261120' != '20261121', from '20261121T123600Z'.",
      ),
    );
  });

  it("service in the scope", () => {
    const wrong = invalid("Credential should be scoped to correct service: 'ecr'.");
    expect(judge(rewriteAuthorization(inHeaders, "/ecr/", "/sts/"))).toEqual(wrong);
    expect(judge(rewriteTarget(inQuery, "%2Fecr%2F", "%2FECR%2F"))).toEqual(wrong);
    expect(judge(signedInHeaders({ service: "sts" }))).toEqual(wrong);
  });

  it.each(["", "US-EAST-1", "us_east_1", "a".repeat(65)])("region in the scope to %j", (region) => {
    expect(judge(rewriteAuthorization(inHeaders, "us-east-1", region))).toEqual(
      invalid(`Credential should be scoped to a valid region, not '${region}'.`),
    );
  });

  it("scope in all its parts, naming each", () => {
    expect(judge(rewriteAuthorization(inHeaders, "20261121/us-east-1/ecr/aws4_request", "today/HERE/s3/aws5"))).toEqual(
      invalid(
        "Credential should be scoped to a valid region, not 'HERE'. Credential should be scoped to correct service: 'ecr'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'today' != '20261121', from '20261121T123600Z'.",
      ),
    );
  });
});

describe("verify refuses headers left unsigned:", () => {
  const mustBeSigned = (name: string) => invalid(`${name} must be a 'SignedHeader' in the AWS Authorization.`);

  it("a host that is not signed, or not there", () => {
    const expected = mustBeSigned("'Host' or ':authority'");
    expect(judge(rewriteAuthorization(inHeaders, "host;", ""))).toEqual(expected);
    expect(judge(rewriteAuthorization(inHeaders, /SignedHeaders=[^,]*/, "SignedHeaders="))).toEqual(expected);
    expect(judge(withHeaders(inHeaders, { host: undefined }))).toEqual(expected);
    expect(judge(rewriteTarget(inQuery, "SignedHeaders=host", "SignedHeaders=accept"))).toEqual(expected);
  });

  it.each(["x-amz-date", "x-amz-target"])("%s taken out of the list", (name) => {
    expect(judge(rewriteAuthorization(inHeaders, `;${name}`, ""))).toEqual(mustBeSigned(`'${name}'`));
  });

  it.each(["x-amz-date", "x-amz-target", "x-amz-security-token", "x-amz-content-sha256"])(
    "%s added to a presigned request",
    (name) => {
      expect(judge(withHeaders(inQuery, { [name]: "20261121T123600Z" }))).toEqual(mustBeSigned(`'${name}'`));
    },
  );

  it.each(["x-amz-security-token", "x-amz-content-sha256"])("%s added to a signed request", (name) => {
    expect(judge(withHeaders(inHeaders, { [name]: "x" }))).toEqual(mustBeSigned(`'${name}'`));
  });
});

describe("verify knows keys and tokens:", () => {
  it("an access key that does not exist is not recognised", () => {
    expect(judge(rewriteAuthorization(inHeaders, "AKIDEXAMPLE", "AKIDEXAMPLF"))).toEqual(unrecognized);
    expect(judge(withOptions(inHeaders, { secretAccessKey: undefined }))).toEqual(unrecognized);
  });

  it("a session's key without its token, with another's, or a long-term key with a token is not recognised", () => {
    expect(judge(withOptions(inHeaders, { sessionToken: TOKEN }))).toEqual(unrecognized);
    expect(judge(withOptions(withToken, { sessionToken: `${TOKEN}x` }))).toEqual(unrecognized);
    expect(judge(withOptions(withToken, { sessionToken: undefined }))).toEqual(unrecognized);
    expect(judge(withOptions(inQueryWithToken, { sessionToken: TOKEN.toLowerCase() }))).toEqual(unrecognized);
  });

  it("time and scope come before the key, the signature before the token", () => {
    const late = new Date(SIGNED_AT.getTime() + 3_600_000);
    const unknown = withOptions(inHeaders, { secretAccessKey: undefined, now: late });
    expect(judge(unknown)).toMatchObject({ message: expect.stringMatching(/^Signature expired/) });
    expect(judge(withOptions(withToken, { secretAccessKey: "x", sessionToken: "y" }))).toEqual(mismatch);
  });
});

describe("verify keeps time:", () => {
  const at = (request: Received, offsetMs: number, maxSkewMs?: number) =>
    judge(
      withOptions(request, {
        now: new Date(SIGNED_AT.getTime() + offsetMs),
        ...(maxSkewMs === undefined ? {} : { maxSkewMs }),
      }),
    );
  const minutes = 60_000;

  it("a signature of exactly 15 minutes ago passes, one past that has expired", () => {
    expect(at(inHeaders, 15 * minutes)).toEqual({ ok: true });
    expect(at(inHeaders, 15 * minutes + 1)).toMatchObject({ ok: false, code: "InvalidSignatureException" });
    expect(at(inHeaders, 15 * minutes + 1000)).toEqual(
      invalid("Signature expired: 20261121T123600Z is now earlier than 20261121T123601Z (20261121T125101Z - 15 min.)"),
    );
  });

  it("a signature of exactly 15 minutes ahead passes, one past that is not yet current", () => {
    expect(at(inHeaders, -15 * minutes)).toEqual({ ok: true });
    expect(at(inHeaders, -15 * minutes - 1)).toMatchObject({ ok: false, code: "InvalidSignatureException" });
    expect(at(inHeaders, -15 * minutes - 1000)).toEqual(
      invalid(
        "Signature not yet current: 20261121T123600Z is still later than 20261121T123559Z (20261121T122059Z + 15 min.)",
      ),
    );
  });

  it("another tolerance is kept as well", () => {
    expect(at(inHeaders, 90_000, 90_000)).toEqual({ ok: true });
    expect(at(inHeaders, 91_000, 90_000)).toEqual(
      invalid("Signature expired: 20261121T123600Z is now earlier than 20261121T123601Z (20261121T123731Z - 90 sec.)"),
    );
  });

  it("a presigned request lives as long as it says, counted from its signing", () => {
    const week = signedInQuery({ expiresSeconds: 604_800 });
    expect(at(week, 604_800_000)).toEqual({ ok: true });
    expect(at(week, 604_801_000)).toMatchObject({ message: expect.stringMatching(/^Signature expired: .* 10080 min/) });
    expect(at(inQuery, 60_000)).toEqual({ ok: true });
    expect(at(inQuery, 61_000)).toEqual(
      invalid("Signature expired: 20261121T123600Z is now earlier than 20261121T123601Z (20261121T123701Z - 1 min.)"),
    );
  });

  it("a presigned request from the future has the same tolerance as any", () => {
    expect(at(inQuery, -15 * minutes)).toEqual({ ok: true });
    expect(at(inQuery, -15 * minutes - 1000)).toMatchObject({
      message: expect.stringMatching(/^Signature not yet current/),
    });
  });

  it("a presigned request without a life has 15 minutes", () => {
    const [path, query = ""] = inQuery.target.split("?");
    const claim = claimOf({ ...inQuery, target: `${path}?${query.replace("&X-Amz-Expires=60", "")}` });
    const rules = (offsetMs: number) => ({
      now: new Date(SIGNED_AT.getTime() + offsetMs),
      expectedServices: ["ecr"] as const,
    });
    expect(checkClaim(claim, inQuery.headers, rules(15 * minutes))).toBeUndefined();
    expect(checkClaim(claim, inQuery.headers, rules(15 * minutes + 1))).toMatchObject({ ok: false });
  });
});

function upperCase(text: string): string {
  return text.toUpperCase();
}
