import * as fc from "fast-check";

import type { OracleRequest } from "./oracles.ts";

const token = fc.string({ unit: fc.constantFrom(...Array.from("abcxyz019-_")), minLength: 1, maxLength: 12 });
const awkward = fc.string({
  unit: fc.constantFrom(
    ...Array.from("aZ09-_.~ +%&=?/#:;,@!$'()*[]{}|^`\"<>\\\t"),
    "é",
    "日",
    "🙂",
    "%2B",
    "%20",
    "&amp;",
  ),
  maxLength: 12,
});
const segment = fc.oneof(
  token,
  fc.constantFrom("", ".", "..", "a%20b", "%41", "~", "a+b", "a:b@c", "(x)", "*", "%E6%97%A5", "a;b=c,d"),
);

const path = fc
  .tuple(fc.array(segment, { maxLength: 5 }), fc.boolean())
  .map(([segments, slash]) => `/${segments.join("/")}${slash ? "/" : ""}`);

const headerValue = fc.oneof(
  token,
  fc
    .array(fc.constantFrom("a", "b;c", '"x  y"', " ", "  ", "\t", "d,e", "=", "text/plain"), { maxLength: 6 })
    .map((words) => words.join("")),
);
/** Headers that every signer signs; what each leaves out differs. */
const extraHeaders = fc.dictionary(
  fc.constantFrom("content-type", "x-amz-target", "x-custom", "accept", "amz-sdk-request", "x-amz-meta-a"),
  headerValue,
  { maxKeys: 4 },
);

const names = fc.oneof(
  token,
  awkward.filter((name) => name !== ""),
);

/** Requests of every shape that all signers agree upon. */
export const requests: fc.Arbitrary<OracleRequest> = fc
  .record({
    method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "HEAD"),
    path,
    query: fc.array(fc.tuple(names, awkward), { maxLength: 5 }),
    extraHeaders,
    body: fc.oneof(fc.constant(""), fc.constant("{}"), fc.string({ unit: "grapheme", maxLength: 40 })),
    accessKeyId: token.map((text) => `AKID${text}`),
    secretAccessKey: fc.string({ minLength: 1, maxLength: 40 }),
    sessionToken: fc.option(awkwardToken(), { nil: undefined }),
    service: fc.constantFrom("ecr", "sts", "stowage"),
    region: fc.constantFrom("us-east-1", "eu-central-1", "us-gov-west-1"),
    date: fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }),
  })
  .map(({ extraHeaders: extra, accessKeyId, secretAccessKey, sessionToken, ...rest }) => ({
    ...rest,
    // aws4 adds a content type of its own beside an empty one.
    headers: { ...extra, "content-type": extra["content-type"] || "application/json", host: "localhost:5100" },
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  }));

function awkwardToken(): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...Array.from("abcXYZ019+/=")), minLength: 1, maxLength: 60 });
}
