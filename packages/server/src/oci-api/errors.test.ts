import { commonErrors, ecrExceptions, type EcrError } from "@stowage/model";
import {
  ImageReferenced,
  InvalidDigest,
  InvalidManifest,
  InvalidPage,
  InvalidTag,
  ManifestTooLarge,
} from "@stowage/registry";
import { describe, expect, test } from "vitest";
import { ociErrors, refusalReply } from "./errors.ts";

type Answer = { readonly status: number; readonly code: string } | undefined;

function answerTo(error: unknown, kind: Parameters<typeof refusalReply>[1] = "blob"): Answer {
  const reply = refusalReply(error, kind);
  if (reply === undefined) return undefined;
  if (typeof reply.body !== "string") throw new TypeError("an error has a text");
  const { errors } = JSON.parse(reply.body) as { errors: [{ code: string; message: string }] };
  expect(errors[0].message).toEqual(expect.any(String));
  return { status: reply.status, code: errors[0].code };
}

const classes: Readonly<Record<string, new (message: string) => EcrError>> = { ...ecrExceptions, ...commonErrors };

describe("every exception of the API has an answer", () => {
  test.each(Object.entries(classes))("%s is a client's fault exactly when its answer is", (_name, ErrorClass) => {
    const error = new ErrorClass("text");
    const status = answerTo(error)?.status ?? 500;
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status < 500).toBe(error.fault === "client");
  });

  test("the table names each exception as it is named on the wire", () => {
    for (const name of Object.keys(ociErrors)) expect(Object.keys(classes)).toContain(name);
  });
});

describe("kinds of refused parameters", () => {
  test.each([
    [new InvalidManifest("Invalid JSON syntax"), 400, "MANIFEST_INVALID"],
    [new ManifestTooLarge(4), 413, "SIZE_INVALID"],
    [new InvalidTag(), 400, "TAG_INVALID"],
    [new InvalidDigest("imageDigest"), 400, "DIGEST_INVALID"],
    [new InvalidPage("nextToken", "no"), 400, "PAGINATION_NUMBER_INVALID"],
    [new ImageReferenced([]), 405, "UNSUPPORTED"],
    [new ecrExceptions.InvalidParameterException("text"), 400, "UNSUPPORTED"],
  ])("%o is %i %s", (error, status, code) => {
    expect(answerTo(error)).toEqual({ status, code });
  });
});

test("a missing layer is one thing to its reader and another to the pusher of a manifest", () => {
  const error = new ecrExceptions.LayersNotFoundException("text");
  expect(answerTo(error, "blob")).toEqual({ status: 404, code: "BLOB_UNKNOWN" });
  expect(answerTo(error, "manifest")).toEqual({ status: 404, code: "MANIFEST_BLOB_UNKNOWN" });
});

test("what nobody expected has no answer of its own", () => {
  expect(answerTo(new Error("secret path"))).toBeUndefined();
  expect(answerTo("text")).toBeUndefined();
});
