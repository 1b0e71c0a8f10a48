import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { judge, parse, signedInHeaders, signedInQuery, withHeaders } from "../test/fixture.ts";
import { nodeHasher } from "../test/node-hasher.ts";
import type { VerifyOptions } from "./index.ts";
import {
  MAX_ACCESS_KEY_ID_CHARS,
  MAX_AUTHORIZATION_CHARS,
  MAX_SIGNED_HEADERS,
  MAX_TARGET_CHARS,
  parseAuthorization,
  verify,
} from "./index.ts";

const SCOPE = "20261121/us-east-1/ecr/aws4_request";
const HEX = "0".repeat(64);
const GOOD = `AWS4-HMAC-SHA256 Credential=AKID/${SCOPE}, SignedHeaders=host;x-amz-date, Signature=${HEX}`;
const DATE = "20261121T123600Z";

function parseHeader(authorization: string, extra: Record<string, string> = { "x-amz-date": DATE }) {
  return parseAuthorization({ host: "h", ...extra, authorization }, "/");
}

function incomplete(message: string) {
  return { ok: false, code: "IncompleteSignature", message };
}

function incompleteLike(message: RegExp) {
  return { ok: false, code: "IncompleteSignature", message: expect.stringMatching(message) };
}

describe("parseAuthorization", () => {
  it("reads the claim of an Authorization header", () => {
    expect(parseHeader(GOOD, { "x-amz-date": DATE, "x-amz-security-token": "T" })).toEqual({
      ok: true,
      claim: {
        algorithm: "AWS4-HMAC-SHA256",
        accessKeyId: "AKID",
        scope: { date: "20261121", region: "us-east-1", service: "ecr", terminator: "aws4_request" },
        signedHeaders: ["host", "x-amz-date"],
        signature: HEX,
        amzDate: DATE,
        presigned: false,
        sessionToken: "T",
      },
    });
  });

  it("reads the claim of a presigned query", () => {
    const target = `/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F${SCOPE.replaceAll("/", "%2f")}&X-Amz-Date=${DATE}&X-Amz-Expires=60&X-Amz-SignedHeaders=content-type%3Bhost&X-Amz-Signature=${HEX}&X-Amz-Security-Token=a%2Fb%2Bc%3D`;
    expect(parseAuthorization({ host: "h", authorization: "Basic eDp5" }, target)).toEqual({
      ok: true,
      claim: {
        algorithm: "AWS4-HMAC-SHA256",
        accessKeyId: "AKID",
        scope: { date: "20261121", region: "us-east-1", service: "ecr", terminator: "aws4_request" },
        signedHeaders: ["content-type", "host"],
        signature: HEX,
        amzDate: DATE,
        presigned: true,
        expiresSeconds: 60,
        sessionToken: "a/b+c=",
      },
    });
  });

  it.each([
    ["no space after commas", GOOD.replaceAll(", ", ",")],
    ["more space", `  ${GOOD.replaceAll(" ", "   ").replaceAll(",", " ,\t")} `],
    ["another order", `AWS4-HMAC-SHA256 Signature=${HEX}, Credential=AKID/${SCOPE}, SignedHeaders=host;x-amz-date`],
    ["a parameter that nobody knows", `${GOOD}, Foo=Bar`],
  ])("takes %s", (_, authorization) => {
    expect(parseHeader(authorization)).toEqual(parseHeader(GOOD));
  });

  it("takes the date from a Date header in either form, and from X-Amz-Date first", () => {
    const expected = { ok: true, claim: { amzDate: DATE } };
    expect(parseHeader(GOOD, { date: DATE })).toMatchObject(expected);
    expect(parseHeader(GOOD, { date: "Sat, 21 Nov 2026 12:36:00 GMT" })).toMatchObject(expected);
    expect(parseHeader(GOOD, { "x-amz-date": DATE, date: "nonsense" })).toMatchObject(expected);
  });

  it.each([undefined, "", "Bearer x", "Basic QVdTOng=", "AWS AKID:c2ln"])(
    "says that authentication is missing for %j",
    (authorization) => {
      expect(parseAuthorization({ host: "h", authorization }, "/")).toEqual({
        ok: false,
        code: "MissingAuthenticationTokenException",
        message: "Missing Authentication Token",
      });
    },
  );
});

describe("an incomplete Authorization header", () => {
  const needs = (name: string) => `Authorization header requires '${name}' parameter. `;
  const needsDate = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  const end = "Authorization=AWS4-HMAC-SHA256";

  it.each([
    ["AWS4-HMAC-SHA256", `${needs("Credential")}${needs("Signature")}${needs("SignedHeaders")}${needsDate}${end}`],
    ["AWS4-HMAC-SHA256 Credential=a", `${needs("Signature")}${needs("SignedHeaders")}${needsDate}${end}`],
    ["AWS4-HMAC-SHA256 SignedHeaders=host, Signature=s", `${needs("Credential")}${needsDate}${end}`],
    [GOOD, `${needsDate}${end}`],
    [
      "AWS4-HMAC-SHA256 Credential= AKID/x, b=c",
      "'AKID/x' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 Credential= AKID/x, b=c'.",
    ],
    ["AWS4-HMAC-SHA512 Credential=a", "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'."],
    ["AWS4-ECDSA-P256-SHA256 Credential=a", "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'."],
    [`${GOOD}, Signature=${HEX}`, "Authorization header holds 'Signature' more than once."],
  ])("%s is told what it lacks", (authorization, message) => {
    expect(parseHeader(authorization, {})).toEqual(incomplete(message));
  });

  it.each(["AKID", "AKID/a/b/c", `AKID/${SCOPE}/x`, ""])("with credential %j is told the form", (credential) => {
    expect(parseHeader(GOOD.replace(`AKID/${SCOPE}`, credential))).toEqual(
      incomplete(
        `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      ),
    );
  });

  it.each(["20150830", "2026-11-21T12:36:00Z", "20261321T123600Z", ""])("with date %j is told the format", (date) => {
    expect(parseHeader(GOOD, { "x-amz-date": date })).toEqual(
      incomplete(`Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`),
    );
  });

  it.each(["Host", "host;host", "x-amz-date;host", "host;", ";host", "host;;x-amz-date", "h(st"])(
    "with signed headers %j is refused",
    (names) => {
      expect(parseHeader(GOOD.replace("host;x-amz-date", names))).toEqual(incompleteLike(/^'SignedHeaders' must be/));
    },
  );

  it.each(["", "\u00e9", "A\u0000"])("with access key id %j is refused", (id) => {
    expect(parseHeader(GOOD.replace("AKID", id))).toEqual(incompleteLike(/^The access key id must have/));
  });
});

describe("an incomplete presigned query", () => {
  const query = new Map([
    ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
    ["X-Amz-Credential", `AKID/${SCOPE}`],
    ["X-Amz-Signature", HEX],
    ["X-Amz-SignedHeaders", "host"],
    ["X-Amz-Date", DATE],
    ["X-Amz-Expires", "60"],
  ]);
  const parseQuery = (changes: [string, string | undefined][], tail = "") => {
    const merged = [...new Map<string, string | undefined>([...query, ...changes])];
    const parts = merged.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${value}`);
    return parseAuthorization({ host: "h" }, `/?${parts.join("&")}${tail}`);
  };

  it("is told every parameter that it lacks", () => {
    const missing = (name: string) => `AWS query-string parameters must include '${name}'. `;
    expect(parseAuthorization({ host: "h" }, "/?X-Amz-Algorithm=AWS4-HMAC-SHA256")).toEqual(
      incomplete(
        `${missing("X-Amz-Credential")}${missing("X-Amz-Signature")}${missing("X-Amz-SignedHeaders")}${missing("X-Amz-Date")}Re-examine the query-string parameters.`,
      ),
    );
    expect(parseQuery([["X-Amz-Algorithm", undefined]])).toEqual(
      incomplete(`${missing("X-Amz-Algorithm")}Re-examine the query-string parameters.`),
    );
  });

  it("is refused with another algorithm, date or parameter given twice", () => {
    expect(parseQuery([["X-Amz-Algorithm", "AWS4-HMAC-SHA1"]])).toEqual(incompleteLike(/^Unsupported AWS 'algorithm'/));
    expect(parseQuery([["X-Amz-Date", "now"]])).toEqual(incompleteLike(/^Date must be in ISO-8601/));
    expect(parseQuery([], "&X-Amz-Expires=70")).toEqual(incompleteLike(/'X-Amz-Expires' must appear only once/));
    expect(parseQuery([], "&%58-Amz-Date=1")).toEqual(incompleteLike(/'X-Amz-Date' must appear only once/));
  });

  it("lives from 1 second to 7 days", () => {
    expect(parseQuery([["X-Amz-Expires", "1"]])).toMatchObject({ ok: true, claim: { expiresSeconds: 1 } });
    expect(parseQuery([["X-Amz-Expires", "604800"]])).toMatchObject({ ok: true, claim: { expiresSeconds: 604_800 } });
    expect(parseQuery([["X-Amz-Expires", "0"]])).toEqual(incompleteLike(/^X-Amz-Expires must be at least/));
    expect(parseQuery([["X-Amz-Expires", "604801"]])).toEqual(
      incompleteLike(/^X-Amz-Expires must be less than a week/),
    );
  });

  it.each(["", "-1", "1.5", "1e3", "%201", "0x10", "9999999"])("is refused with a life of %j", (life) => {
    expect(parseQuery([["X-Amz-Expires", life]])).toEqual(incomplete("X-Amz-Expires should be a number"));
  });
});

describe("ambiguous requests", () => {
  it("that sign in the header and in the query are refused", () => {
    const { headers, target } = signedInQuery();
    expect(parseAuthorization({ ...headers, authorization: GOOD, "x-amz-date": DATE }, target)).toEqual(
      incomplete("Only one of 'Authorization' and 'X-Amz-Signature' may be given."),
    );
  });

  it.each([
    "authorization",
    "host",
    "content-type",
    "date",
    "x-amz-date",
    "x-amz-target",
    "x-amz-content-sha256",
    "x-amz-security-token",
  ])("that hold %s twice are refused", (name) => {
    const request = signedInHeaders();
    const value = String(request.headers[name] ?? "x");
    expect(parse(withHeaders(request, { [name]: [value, value] }))).toEqual(
      incomplete(`Header '${name}' must appear only once.`),
    );
  });

  it.each(["", "*", "x", "http://h/", "/a b", "/\u00e9", "/?a=%zz"])("with target %j are refused", (target) => {
    expect(parse({ ...signedInHeaders(), target })).toEqual(incompleteLike(/^The (request target|query) must be/));
  });
});

describe("limits", () => {
  it("of the Authorization header's length are kept", () => {
    const padded = `${GOOD},a=`.padEnd(MAX_AUTHORIZATION_CHARS, "x");
    expect(parseHeader(padded)).toMatchObject({ ok: true });
    expect(parseHeader(`${padded}x`)).toEqual(incompleteLike(/^The Authorization header may have at most 4096/));
  });

  it("of the target's length are kept", () => {
    const request = signedInHeaders();
    const target = "/".padEnd(MAX_TARGET_CHARS, "x");
    expect(parse({ ...request, target })).toMatchObject({ ok: true });
    expect(parse({ ...request, target: `${target}x` })).toEqual(incompleteLike(/^The request target must be/));
  });

  it("of the access key id's length are kept", () => {
    const id = "A".repeat(MAX_ACCESS_KEY_ID_CHARS);
    expect(parseHeader(GOOD.replace("AKID", id))).toMatchObject({ ok: true, claim: { accessKeyId: id } });
    expect(parseHeader(GOOD.replace("AKID", `${id}A`))).toEqual(incompleteLike(/^The access key id must have/));
  });

  it("of the number of signed headers are kept", () => {
    const names = Array.from({ length: MAX_SIGNED_HEADERS + 1 }, (_, i) => `a${String(i).padStart(3, "0")}`);
    const sign = (count: number) => parseHeader(GOOD.replace("host;x-amz-date", names.slice(0, count).join(";")));
    expect(sign(MAX_SIGNED_HEADERS)).toMatchObject({ ok: true });
    expect(sign(MAX_SIGNED_HEADERS + 1)).toEqual(incompleteLike(/^'SignedHeaders' must be at most 64/));
  });
});

describe("hostile input", () => {
  const junk = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.string({ maxLength: 200 }));
  const pieces = fc
    .array(
      fc.oneof(
        fc.constantFrom("AWS4-HMAC-SHA256", " ", ",", "=", "/", ";", "Credential=", "SignedHeaders=", "Signature="),
        fc.constantFrom(`AKID/${SCOPE}`, "host", "x-amz-date", HEX, "__proto__", "constructor", "%", "%2", "&", "?"),
        junk,
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(""));
  const header = fc.oneof(
    pieces,
    pieces.map((text) => `AWS4-HMAC-SHA256 ${text}`),
    fc.array(pieces, { maxLength: 3 }),
  );
  const headers = fc.record(
    {
      authorization: header,
      host: header,
      "x-amz-date": fc.oneof(fc.constant(DATE), header),
      "x-amz-security-token": header,
      ["__proto__"]: header,
    },
    { requiredKeys: [] },
  );
  const target = fc.oneof(
    pieces,
    pieces.map((text) => `/?${text}`),
    fc
      .array(fc.tuple(fc.constantFrom("Algorithm", "Credential", "Date", "Expires", "SignedHeaders"), pieces))
      .map((pairs) => `/?X-Amz-Signature=${HEX}${pairs.map(([name, value]) => `&X-Amz-${name}=${value}`).join("")}`),
  );

  const receiver: VerifyOptions = {
    secretAccessKey: "s",
    now: new Date("2026-11-21T12:36:00Z"),
    expectedServices: ["ecr"],
    payloadHash: HEX,
    hasher: nodeHasher,
  };

  it("never throws and never passes", () => {
    fc.assert(
      fc.property(headers, target, junk, (given, where, method) => {
        const parsed = parseAuthorization(given, where);
        const verdict = parsed.ok ? verify(parsed.claim, { method, target: where, headers: given }, receiver) : parsed;
        expect(verdict.ok).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  const REPLACEMENTS = ["", "0", "a", ";", "&", "/", "=", "%41", "\u0000"];
  const edits = (text: string) =>
    Array.from(text).flatMap((_, i) => REPLACEMENTS.map((other) => text.slice(0, i) + other + text.slice(i + 1)));

  it("made by changing one character of a good Authorization header never passes", () => {
    const good = signedInHeaders();
    const text = String(good.headers["authorization"]);
    expect(judge(good)).toEqual({ ok: true });
    // Of a comma and a space one may go missing.
    const means = (header: string) => header.replaceAll(/[, ]+/g, " ");
    const passed = edits(text).filter((edit) => judge(withHeaders(good, { authorization: edit })).ok);
    expect(passed.filter((edit) => means(edit) !== means(text))).toEqual([]);
  });

  it("made by changing one character of a good presigned target never passes", () => {
    const good = signedInQuery({ target: "/layers/app?part=1%2F2&x=y" });
    expect(judge(good)).toEqual({ ok: true });
    // The letter A and its escape are the same in a query.
    const means = (target: string) => target.replaceAll("%41", "A");
    const passed = edits(good.target).filter((target) => judge({ ...good, target }).ok);
    expect(passed.filter((target) => means(target) !== good.target)).toEqual([]);
  });
});
