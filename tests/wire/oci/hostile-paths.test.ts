import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf } from "./client.ts";
import { pushImage } from "./pushing.ts";
import { openServer, type OciServer } from "./server.ts";

const DIGEST = `sha256:${"0".repeat(64)}`;

let server: OciServer;

beforeAll(async () => {
  server = await openServer();
  await server.createRepository("paths/app");
});

afterAll(() => server.close());

describe("names that are none are refused by name", () => {
  test.each([
    "/v2/../manifests/latest",
    "/v2/paths/../../etc/manifests/latest",
    "/v2/paths//app/manifests/latest",
    "/v2//paths/app/manifests/latest",
    "/v2/paths%2Fapp/manifests/latest",
    "/v2/paths%2fapp/blobs/uploads/",
    "/v2/paths/app%00/manifests/latest",
    "/v2/%2e%2e/%2e%2e/manifests/latest",
    "/v2/Paths/app/tags/list",
    `/v2/${"a".repeat(257)}/tags/list`,
    `/v2/${"a/".repeat(4000)}a/manifests/latest`,
  ])("%.60s", async (path) => {
    const answer = await server.client.send(path.includes("uploads") ? "POST" : "GET", path);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe("NAME_INVALID");
  });
});

describe("paths that are no route are not found", () => {
  test.each([
    "/v2/x",
    "/v2/paths/app",
    "/v2/paths/app/manifests/",
    "/v2/paths/app/other/thing",
    "/v2/manifests/latest",
    "/v2/app/manifests/%zz",
  ])("%s", async (path) => {
    const answer = await server.client.send("GET", path);
    expect(answer.status).toBe(404);
    expect(errorOf(answer).code).toBe("NAME_INVALID");
  });
});

describe("references and digests that are none", () => {
  test.each([
    ["GET", "/v2/paths/app/manifests/..", 404, "MANIFEST_UNKNOWN"],
    ["GET", "/v2/paths/app/manifests/%2e%2e%2f%2e%2e", 404, "MANIFEST_UNKNOWN"],
    ["GET", `/v2/paths/app/manifests/${"t".repeat(129)}`, 404, "MANIFEST_UNKNOWN"],
    ["PUT", `/v2/paths/app/manifests/${"t".repeat(129)}`, 400, "TAG_INVALID"],
    ["PUT", "/v2/paths/app/manifests/.dot", 400, "TAG_INVALID"],
    ["GET", "/v2/paths/app/manifests/sha256:short", 400, "DIGEST_INVALID"],
    ["DELETE", "/v2/paths/app/manifests/sha256:short", 400, "DIGEST_INVALID"],
    ["GET", "/v2/paths/app/blobs/latest", 400, "DIGEST_INVALID"],
    ["GET", "/v2/paths/app/blobs/sha256%3A..%2f..%2fpasswd", 400, "DIGEST_INVALID"],
    ["GET", `/v2/paths/app/blobs/${DIGEST.toUpperCase()}`, 400, "DIGEST_INVALID"],
    ["GET", `/v2/paths/app/blobs/SHA256:${"a".repeat(64)}`, 400, "DIGEST_INVALID"],
    ["GET", `/v2/paths/app/blobs/blake3:${"a".repeat(64)}`, 404, "BLOB_UNKNOWN"],
    ["GET", `/v2/paths/app/blobs/sha256%3A${"0".repeat(64)}`, 404, "BLOB_UNKNOWN"],
    ["GET", "/v2/paths/app/referrers/sha256:short", 400, "DIGEST_INVALID"],
    ["GET", "/v2/paths/app/blobs/uploads/not-a-uuid", 404, "BLOB_UPLOAD_UNKNOWN"],
    ["PATCH", "/v2/paths/app/blobs/uploads/..%2f..", 404, "BLOB_UPLOAD_UNKNOWN"],
  ])("%s %.70s", async (method, path, status, code) => {
    const answer = await server.client.send(method, path, method === "PUT" ? { body: "{}" } : {});
    expect(answer.status).toBe(status);
    expect(errorOf(answer).code).toBe(code);
  });
});

describe("methods that a route does not have are told which it has", () => {
  test.each([
    ["POST", "/v2/", "GET, HEAD"],
    ["DELETE", "/v2/_catalog", "GET, HEAD"],
    ["POST", "/v2/paths/app/manifests/latest", "GET, HEAD, PUT, DELETE"],
    ["PUT", `/v2/paths/app/blobs/${DIGEST}`, "GET, HEAD, DELETE"],
    ["GET", "/v2/paths/app/blobs/uploads/", "POST"],
    ["POST", "/v2/paths/app/blobs/uploads/0f8fad5b-d9cb-469f-a165-70867728950e", "GET, PATCH, PUT, DELETE"],
    ["POST", "/v2/paths/app/tags/list", "GET, HEAD"],
    ["PUT", `/v2/paths/app/referrers/${DIGEST}`, "GET, HEAD"],
  ])("%s %s", async (method, path, allow) => {
    const answer = await server.client.send(method, path);
    expect(answer.status).toBe(405);
    expect(answer.header("allow")).toBe(allow);
    expect(errorOf(answer).code).toBe("UNSUPPORTED");
  });
});

test("a repository may be named with the words of routes", async () => {
  for (const name of ["blobs/uploads", "manifests/manifests", "tags/list", "uploads/referrers"]) {
    await server.createRepository(name);
    const { bytes } = await pushImage(server.client, name, { tag: "list" });
    const pulled = await server.client.send("GET", `/v2/${name}/manifests/list`);
    expect(pulled.body.equals(bytes)).toBe(true);
    const tags = await server.client.send("GET", `/v2/${name}/tags/list`);
    expect(JSON.parse(tags.body.toString())).toEqual({ name, tags: ["list"] });
  }
});

test("a target over the transport's limit is answered 414", async () => {
  const answer = await server.client.send("GET", `/v2/paths/app/tags/list?last=${"a".repeat(20_000)}`);
  expect(answer.status).toBe(414);
});
