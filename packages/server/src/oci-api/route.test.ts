import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRoute, type Route } from "./route.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

function summary(target: string): string {
  const route = parseRoute(target);
  if (!("query" in route)) return route.kind;
  const parts = "name" in route ? [route.kind, route.name, route.item] : [route.kind];
  return [...parts, route.query].join(" | ");
}

describe("routes of distribution-spec 1.1.1", () => {
  test.each([
    ["/v2", "ping | "],
    ["/v2/", "ping | "],
    ["/v2/?ns=docker.io", "ping | ns=docker.io"],
    ["/v2/_catalog?n=1", "catalog | n=1"],
    ["/v2/app/manifests/v1", "manifest | app | v1 | "],
    [`/v2/team/app/manifests/${DIGEST}?tag=a&tag=b`, `manifest | team/app | ${DIGEST} | tag=a&tag=b`],
    [`/v2/app/blobs/${DIGEST}`, `blob | app | ${DIGEST} | `],
    ["/v2/app/blobs/uploads/", "uploads | app |  | "],
    ["/v2/app/blobs/uploads?mount=x", "uploads | app |  | mount=x"],
    ["/v2/app/blobs/uploads/0f8fad5b", "upload | app | 0f8fad5b | "],
    ["/v2/app/tags/list?n=2", "tags | app |  | n=2"],
    [`/v2/app/referrers/${DIGEST}`, `referrers | app | ${DIGEST} | `],
  ])("%s", (target, expected) => {
    expect(summary(target)).toBe(expected);
  });

  test("a digest may come percent-encoded", () => {
    expect(summary("/v2/app/blobs/sha256%3Aabc")).toBe("blob | app | sha256:abc | ");
    expect(summary("/v2/app/manifests/sha256%3aabc")).toBe("manifest | app | sha256:abc | ");
  });
});

describe("names that hold the words of routes", () => {
  test.each([
    ["/v2/blobs/uploads/manifests/v1", "manifest | blobs/uploads | v1 | "],
    ["/v2/manifests/manifests/manifests", "manifest | manifests | manifests | "],
    ["/v2/blobs/blobs/uploads/", "uploads | blobs |  | "],
    ["/v2/uploads/blobs/uploads/id", "upload | uploads | id | "],
    ["/v2/blobs/uploads/blobs/uploads/", "uploads | blobs/uploads |  | "],
    [`/v2/blobs/uploads/blobs/${DIGEST}`, `blob | blobs/uploads | ${DIGEST} | `],
    ["/v2/tags/list/tags/list", "tags | tags/list |  | "],
    [`/v2/referrers/referrers/${DIGEST}`, `referrers | referrers | ${DIGEST} | `],
    ["/v2/app/tags/manifests/list", "manifest | app/tags | list | "],
  ])("%s", (target, expected) => {
    expect(summary(target)).toBe(expected);
  });
});

describe("paths that name nothing", () => {
  test.each([
    "/",
    "/v1/",
    "/v2x/app/manifests/v1",
    "/v2//",
    "/v2/app",
    "/v2/app/",
    "/v2/app/manifests",
    "/v2/app/manifests/",
    "/v2/manifests/v1",
    "/v2/blobs/uploads/",
    "/v2/blobs/uploads/id",
    "/v2/tags/list",
    "/v2/app/tags/other",
    "/v2/app/blobs/",
    "/v2/app/uploads/id",
    "/v2/app/xblobs/uploads/id",
    "/v2/app/manifests/%",
    "/v2/app/manifests/%ff",
    "/v2/_catalog/",
    "*",
  ])("%s", (target) => {
    expect(parseRoute(target).kind).toBe("unknown");
  });

  test.each([
    "/v2/../manifests/v1",
    "/v2/a/../b/manifests/v1",
    "/v2/a//b/manifests/v1",
    "/v2//a/manifests/v1",
    "/v2/team%2Fapp/manifests/v1",
    "/v2/app%00/manifests/v1",
    "/v2/App/manifests/v1",
    "/v2/a/manifests/v1",
    `/v2/${"a".repeat(257)}/manifests/v1`,
    "/v2/app./blobs/uploads/",
    "/v2/-app/tags/list",
    "/v2/%2e%2e/blobs/uploads/id",
  ])("%s holds no valid name", (target) => {
    expect(parseRoute(target).kind).toBe("badName");
  });

  test("a name of 256 characters is valid", () => {
    expect(parseRoute(`/v2/${"a".repeat(256)}/manifests/v1`).kind).toBe("manifest");
  });
});

test("any text parses to some route, and a route's parts stand in it", () => {
  const segment = fc.constantFrom(
    "app",
    "blobs",
    "uploads",
    "manifests",
    "tags",
    "list",
    "referrers",
    "..",
    "",
    "%2F",
    "v1",
  );
  const path = fc.array(segment, { maxLength: 8 }).map((segments) => `/v2/${segments.join("/")}`);
  fc.assert(
    fc.property(fc.oneof(path, fc.string()), (target) => {
      const route: Route = parseRoute(target);
      const begins = "name" in route ? `/v2/${route.name}/` : "";
      expect(target.startsWith(begins)).toBe(true);
    }),
  );
});

test("a valid name comes back whole, whatever words it is made of", () => {
  const word = fc.constantFrom(
    "app",
    "blobs",
    "uploads",
    "manifests",
    "tags",
    "list",
    "referrers",
    "a.b",
    "x__y",
    "z-9",
  );
  const name = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join("/"));
  fc.assert(
    fc.property(name, (text) => {
      expect(parseRoute(`/v2/${text}/manifests/v1`)).toMatchObject({ kind: "manifest", name: text });
      expect(parseRoute(`/v2/${text}/blobs/${DIGEST}`)).toMatchObject({ kind: "blob", name: text });
      expect(parseRoute(`/v2/${text}/blobs/uploads/`)).toMatchObject({ kind: "uploads", name: text });
      expect(parseRoute(`/v2/${text}/blobs/uploads/id`)).toMatchObject({ kind: "upload", name: text });
      expect(parseRoute(`/v2/${text}/tags/list`)).toMatchObject({ kind: "tags", name: text });
    }),
  );
});
