import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { requests } from "../test/arbitraries.ts";
import { nodeHasher } from "../test/node-hasher.ts";
import type { OracleRequest } from "../test/oracles.ts";
import { presignWithAws4, presignWithSmithy, signWithAws4, signWithSmithy, targetOf } from "../test/oracles.ts";
import type { HeaderMap, Verdict } from "./index.ts";
import { parseAuthorization, presign, signRequest, SigningKeyCache, verify } from "./index.ts";

const RUNS = { numRuns: 500 };
const keyCache = new SigningKeyCache(16);

function payloadHashOf(body: string): string {
  return Buffer.from(nodeHasher.sha256(body)).toString("hex");
}

function judge(request: OracleRequest, target: string, headers: HeaderMap): Verdict {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const parsed = parseAuthorization(lower, target);
  if (!parsed.ok) return parsed;
  return verify(
    parsed.claim,
    { method: request.method, target, headers: lower },
    {
      secretAccessKey: request.credentials.secretAccessKey,
      sessionToken: request.credentials.sessionToken,
      now: request.date,
      expectedServices: ["ecr", "sts", "stowage"],
      payloadHash: payloadHashOf(request.body),
      hasher: nodeHasher,
      keyCache,
    },
  );
}

describe("signatures in headers", () => {
  it("are the ones that the JavaScript SDK's signer makes, whatever path, query, headers and body", async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const theirs = await signWithSmithy(request);
        const ours = signRequest({ ...request, target: targetOf(request), hasher: nodeHasher, keyCache });
        expect(ours.authorization).toBe(theirs["authorization"]);
        expect(ours["x-amz-date"]).toBe(theirs["x-amz-date"]);
        expect(ours["x-amz-security-token"]).toBe(theirs["x-amz-security-token"]);
        expect(judge(request, targetOf(request), theirs)).toEqual({ ok: true });
      }),
      RUNS,
    );
  });

  it("of the JavaScript SDK's signer with a declared payload hash are accepted", async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const theirs = await signWithSmithy(request, true);
        expect(theirs["x-amz-content-sha256"]).toBe(payloadHashOf(request.body));
        expect(judge(request, targetOf(request), theirs)).toEqual({ ok: true });
      }),
      RUNS,
    );
  });

  it("of aws4 are accepted, whatever path, query, headers and body", () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(judge(request, targetOf(request), signWithAws4(request))).toEqual({ ok: true });
      }),
      RUNS,
    );
  });
});

describe("signatures in queries", () => {
  const lives = fc.integer({ min: 1, max: 604_800 });
  /** The SDK's presigner moves these headers into the query; the others leave them where they are. */
  const plain = requests.filter(({ headers }) => !Object.keys(headers).some((name) => name.startsWith("x-amz-")));

  it("are the ones that the JavaScript SDK's presigner makes", async () => {
    await fc.assert(
      fc.asyncProperty(plain, lives, async (request, expiresSeconds) => {
        const theirs = await presignWithSmithy(request, expiresSeconds);
        const ours = presign({ ...request, target: targetOf(request), expiresSeconds, hasher: nodeHasher });
        expect(signatureIn(ours)).toBe(signatureIn(theirs));
        expect(judge(request, theirs, request.headers)).toEqual({ ok: true });
        expect(judge(request, `${request.path}?${ours}`, request.headers)).toEqual({ ok: true });
      }),
      RUNS,
    );
  });

  it("of the JavaScript SDK's presigner are accepted with headers moved into the query", async () => {
    await fc.assert(
      fc.asyncProperty(requests, lives, async (request, expiresSeconds) => {
        const theirs = await presignWithSmithy(request, expiresSeconds);
        const kept = Object.entries(request.headers).filter(([name]) => !name.startsWith("x-amz-"));
        expect(judge(request, theirs, Object.fromEntries(kept))).toEqual({ ok: true });
      }),
      RUNS,
    );
  });

  it("of aws4 are accepted", () => {
    fc.assert(
      fc.property(requests, lives, (request, expiresSeconds) => {
        expect(judge(request, presignWithAws4(request, expiresSeconds), request.headers)).toEqual({ ok: true });
      }),
      RUNS,
    );
  });
});

function signatureIn(target: string): string | undefined {
  return /X-Amz-Signature=([0-9a-f]{64})/.exec(target)?.[1];
}
