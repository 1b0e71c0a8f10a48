import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, locationOf, withQuery, type Answer } from "./client.ts";
import { pushBlob, sha256 } from "./pushing.ts";
import { enableMounting, openServer, type OciServer } from "./server.ts";

let server: OciServer;

beforeAll(async () => {
  server = await openServer();
  await server.createRepository("mount/source");
  await server.createRepository("mount/target");
});

afterAll(() => server.close());

function mount(query: string, repository = "mount/target"): Promise<Answer> {
  return server.client.send("POST", `/v2/${repository}/blobs/uploads/?${query}`, { body: "" });
}

async function hasBlob(digest: string): Promise<boolean> {
  return (await server.client.send("HEAD", `/v2/mount/target/blobs/${digest}`)).status === 200;
}

describe("while BLOB_MOUNTING is disabled, as it is from the start", () => {
  test("a mount opens an upload like any other, which can be ended or given up", async () => {
    const content = randomBytes(100);
    const digest = await pushBlob(server.client, "mount/source", content);
    const answer = await mount(`mount=${digest}&from=mount/source`);
    expect(answer.status).toBe(202);
    expect(await hasBlob(digest)).toBe(false);
    const path = withQuery(locationOf(answer, server.origin), "digest", digest);
    expect((await server.client.send("PUT", path, { body: content })).status).toBe(201);
    expect(await hasBlob(digest)).toBe(true);
  });
});

describe("when BLOB_MOUNTING is enabled", () => {
  beforeAll(() => enableMounting(server.ecr));

  test.each([
    ["raw", (digest: string): string => `mount=${digest}&from=mount/source`],
    [
      "encoded",
      (digest: string): string => `mount=${encodeURIComponent(digest)}&from=${encodeURIComponent("mount/source")}`,
    ],
    ["with an origin", (digest: string): string => `from=mount/source&mount=${digest}&origin=docker.io`],
  ])("a blob of another repository is here at once, %s", async (_how, query) => {
    const digest = await pushBlob(server.client, "mount/source", randomBytes(100));
    const answer = await mount(query(digest));
    expect(answer.status).toBe(201);
    expect(answer.header("location")).toBe(`/v2/mount/target/blobs/${digest}`);
    expect(answer.header("docker-content-digest")).toBe(digest);
    expect(await hasBlob(digest)).toBe(true);
  });

  test("one that names no repository opens an upload, though some repository has the blob", async () => {
    const digest = await pushBlob(server.client, "mount/source", randomBytes(100));
    for (const query of [`mount=${digest}`, `mount=${digest}&from=`]) {
      expect((await mount(query)).status).toBe(202);
    }
    expect(await hasBlob(digest)).toBe(false);
  });

  test.each([
    ["a blob that is not there", `mount=${sha256(Buffer.from("nobody"))}&from=mount/source`],
    ["a repository that is not there", `mount=${sha256(Buffer.from("nobody"))}&from=mount/none`],
    ["what is no repository", `mount=${sha256(Buffer.from("nobody"))}&from=../..`],
    ["what is no digest", "mount=sha256:x&from=mount/source"],
    ["nothing", "mount=&from=mount/source"],
  ])("%s opens an upload", async (_what, query) => {
    expect((await mount(query)).status).toBe(202);
  });

  test("into an unknown repository is told by name", async () => {
    const digest = await pushBlob(server.client, "mount/source", randomBytes(100));
    const answer = await mount(`mount=${digest}&from=mount/source`, "mount/none");
    expect(answer.status).toBe(404);
    expect(errorOf(answer).code).toBe("NAME_UNKNOWN");
  });
});
