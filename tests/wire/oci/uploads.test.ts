import { createHash, randomBytes } from "node:crypto";
import { CompleteLayerUploadCommand, InitiateLayerUploadCommand, UploadLayerPartCommand } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, locationOf, RegistryClient, withQuery, type Answer } from "./client.ts";
import { OCTETS, openUpload, sha256 } from "./pushing.ts";
import { openServer, type OciServer } from "./server.ts";

const REPOSITORY = "uploads/app";
const UPLOADS = `/v2/${REPOSITORY}/blobs/uploads/`;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let server: OciServer;

beforeAll(async () => {
  server = await openServer();
  await server.createRepository(REPOSITORY);
  await server.createRepository("uploads/other");
});

afterAll(() => server.close());

function chunk(method: string, path: string, content: Uint8Array, range?: string): Promise<Answer> {
  const headers = { "content-type": OCTETS, ...(range !== undefined && { "content-range": range }) };
  return server.client.send(method, path, { headers, body: content });
}

async function read(digest: string): Promise<Buffer> {
  return (await server.client.send("GET", `/v2/${REPOSITORY}/blobs/${digest}`)).body;
}

describe("POST", () => {
  test("opens an upload with a relative place that holds a UUID", async () => {
    const answer = await server.client.send("POST", UPLOADS, { body: "" });
    expect(answer.status).toBe(202);
    const id = answer.header("docker-upload-uuid");
    expect(id).toMatch(UUID);
    expect(answer.header("location")).toBe(`${UPLOADS}${id}`);
    expect(answer.header("range")).toBe("0-0");
    expect(answer.header("content-length")).toBe("0");
    expect(answer.header("docker-distribution-api-version")).toBe("registry/2.0");
  });

  test("in an unknown repository is told by name at once", async () => {
    const answer = await server.client.send("POST", "/v2/uploads/none/blobs/uploads/", { body: "" });
    expect(answer.status).toBe(404);
    expect(errorOf(answer)).toEqual({
      code: "NAME_UNKNOWN",
      message: "The repository with name 'uploads/none' does not exist in the registry with id '000000000000'",
    });
  });

  test("takes the whole blob when its digest goes along, streamed as well", async () => {
    const content = randomBytes(300_000);
    const body = (async function* () {
      for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
    })();
    const digest = sha256(content);
    const answer = await server.client.send("POST", withQuery(UPLOADS, "digest", digest), { body });
    expect(answer.status).toBe(201);
    expect(answer.header("location")).toBe(`/v2/${REPOSITORY}/blobs/${digest}`);
    expect(answer.header("docker-content-digest")).toBe(digest);
    expect((await read(digest)).equals(content)).toBe(true);
  });

  test.each([
    ["sha256", 202],
    ["sha512", 202],
    ["md5", 400],
    ["", 400],
  ])("with the digest algorithm %j is %i", async (algorithm, status) => {
    const answer = await server.client.send("POST", withQuery(UPLOADS, "digest-algorithm", algorithm), { body: "" });
    expect(answer.status).toBe(status);
  });

  test("an upload begun for one algorithm may end with another", async () => {
    const content = randomBytes(100);
    const opened = await server.client.send("POST", withQuery(UPLOADS, "digest-algorithm", "sha512"), { body: "" });
    const digest = `sha512:${createHash("sha512").update(content).digest("hex")}`;
    const path = withQuery(locationOf(opened, server.origin), "digest", digest);
    const answer = await chunk("PUT", path, content);
    expect(answer.status).toBe(201);
    expect(answer.header("docker-content-digest")).toBe(digest);
  });
});

describe("PATCH", () => {
  test("tells what is held after each chunk, as does the status", async () => {
    const path = await openUpload(server.client, REPOSITORY);
    const content = randomBytes(1000);
    for (const [first, last] of [
      [0, 99],
      [100, 499],
      [500, 999],
    ] as const) {
      const answer = await chunk("PATCH", path, content.subarray(first, last + 1), `${first}-${last}`);
      expect(answer.status).toBe(202);
      expect(answer.header("location")).toBe(path);
      expect(answer.header("range")).toBe(`0-${last}`);
      expect(answer.header("docker-upload-uuid")).toBe(path.slice(UPLOADS.length));
      const status = await server.client.send("GET", path);
      expect(status.status).toBe(204);
      expect(status.header("location")).toBe(path);
      expect(status.header("range")).toBe(`0-${last}`);
    }
    const digest = sha256(content);
    expect((await chunk("PUT", withQuery(path, "digest", digest), Buffer.alloc(0))).status).toBe(201);
    expect((await read(digest)).equals(content)).toBe(true);
  });

  test("a chunk in the wrong place is 416 in ECR's words, with where to go on", async () => {
    const path = await openUpload(server.client, REPOSITORY);
    await chunk("PATCH", path, randomBytes(100), "0-99");
    for (const method of ["PATCH", "PUT"]) {
      const target = method === "PUT" ? withQuery(path, "digest", sha256(Buffer.from("x"))) : path;
      const answer = await chunk(method, target, randomBytes(100), "0-99");
      expect(answer.status).toBe(416);
      expect(errorOf(answer)).toEqual({
        code: "BLOB_UPLOAD_INVALID",
        message: "First byte of the layer part is 0 instead of 100",
      });
      expect(answer.header("location")).toBe(path);
      expect(answer.header("range")).toBe("0-99");
    }
    expect((await chunk("PATCH", path, randomBytes(1), "100-100")).status).toBe(202);
  });

  test.each(["bytes 0-9/10", "bytes=0-9", "0-", "-9", "9-0", "a-b", "0-9-9", "", " 0 - 9 ", "0-99999999999999999999"])(
    "the Content-Range %j is 416 and changes nothing",
    async (range) => {
      const path = await openUpload(server.client, REPOSITORY);
      const answer = await chunk("PATCH", path, randomBytes(10), range);
      expect(answer.status).toBe(416);
      expect(answer.header("range")).toBe("0-0");
      expect((await chunk("PATCH", path, randomBytes(10), "0-9")).status).toBe(202);
    },
  );

  test("a length other than that of the range is refused, declared or streamed", async () => {
    const path = await openUpload(server.client, REPOSITORY);
    const declared = await chunk("PATCH", path, randomBytes(10), "0-99");
    expect(declared.status).toBe(400);
    expect(errorOf(declared).code).toBe("SIZE_INVALID");
    const body = (async function* () {
      yield randomBytes(10);
    })();
    const streamed = await server.client.send("PATCH", path, { headers: { "content-range": "0-99" }, body });
    expect(streamed.status).toBe(416);
    expect((await server.client.send("GET", path)).header("range")).toBe("0-0");
  });

  test("of two at once on one upload the second is refused and the first arrives whole", async () => {
    const path = await openUpload(server.client, REPOSITORY);
    const other = new RegistryClient(server.origin, server.authorization);
    const content = randomBytes(200_000);
    const { promise: secondIsAnswered, resolve: release } = Promise.withResolvers<void>();
    const { promise: firstIsUnderWay, resolve: begun } = Promise.withResolvers<void>();
    const body = (async function* () {
      yield content.subarray(0, 100_000);
      begun();
      await secondIsAnswered;
      yield content.subarray(100_000);
    })();
    const first = server.client.send("PATCH", path, { body });
    await firstIsUnderWay;
    const second = await until(other, path, /^Another request/);
    expect(second.status).toBe(416);
    expect(errorOf(second).code).toBe("BLOB_UPLOAD_INVALID");
    expect(second.header("location")).toBe(path);
    release();
    expect((await first).header("range")).toBe(`0-${content.length - 1}`);
    const done = await other.send("PUT", withQuery(path, "digest", sha256(content)), { body: "" });
    expect(done.status).toBe(201);
    await other.close();
  });

  test("a connection that breaks leaves what came, and the client goes on from there", async () => {
    const path = await openUpload(server.client, REPOSITORY);
    const content = randomBytes(300_000);
    const broken = new RegistryClient(server.origin, server.authorization);
    const body = (async function* () {
      yield content.subarray(0, 150_000);
      throw new Error("the client fails");
    })();
    await expect(broken.send("PATCH", path, { body })).rejects.toThrow("the client fails");
    await broken.close();
    const refused = await until(server.client, path, / instead of /);
    const held = Number(/ instead of (\d+)/.exec(errorOf(refused).message)?.[1]);
    const rest = await chunk("PATCH", path, content.subarray(held), `${held}-${content.length - 1}`);
    expect(rest.status).toBe(202);
    const digest = sha256(content);
    expect((await chunk("PUT", withQuery(path, "digest", digest), Buffer.alloc(0))).status).toBe(201);
    expect((await read(digest)).equals(content)).toBe(true);
  });
});

/** Asks again until the answer is the one that is waited for; the server needs a moment to notice what a client did. */
async function until(client: RegistryClient, path: string, expected: RegExp): Promise<Answer> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    // Nothing is taken from a place that far behind: the refusal tells what the upload is doing.
    const answer = await client.send("PATCH", path, { headers: { "content-range": "900000-900000" }, body: "x" });
    if (expected.test(errorOf(answer).message)) return answer;
  }
  throw new Error("the upload did not come to the state that was expected");
}

describe("PUT", () => {
  test.each([
    ["no digest", ""],
    ["an empty digest", "?digest="],
    ["what is no digest", "?digest=sha256:short"],
    ["an algorithm that nobody computes", `?digest=blake3:${"a".repeat(64)}`],
  ])("with %s is 400 DIGEST_INVALID and the upload stays", async (_what, query) => {
    const path = await openUpload(server.client, REPOSITORY);
    const answer = await chunk("PUT", path + query, randomBytes(10));
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe("DIGEST_INVALID");
    expect((await server.client.send("GET", path)).status).toBe(204);
  });

  test("with a digest that the bytes do not have is 400 and ends the upload", async () => {
    const path = await openUpload(server.client, REPOSITORY);
    const answer = await chunk("PUT", withQuery(path, "digest", sha256(randomBytes(5))), randomBytes(10));
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe("DIGEST_INVALID");
    const gone = await server.client.send("GET", path);
    expect(gone.status).toBe(404);
    expect(errorOf(gone).code).toBe("BLOB_UPLOAD_UNKNOWN");
  });

  test("of a blob that is here already is a success", async () => {
    const content = randomBytes(50);
    for (const _attempt of [1, 2]) {
      const path = withQuery(await openUpload(server.client, REPOSITORY), "digest", sha256(content));
      expect((await chunk("PUT", path, content)).status).toBe(201);
    }
  });
});

describe("DELETE", () => {
  test("gives the upload up", async () => {
    const path = await openUpload(server.client, REPOSITORY);
    await chunk("PATCH", path, randomBytes(10));
    const cancelled = await server.client.send("DELETE", path);
    expect(cancelled.status).toBe(204);
    expect(cancelled.body).toHaveLength(0);
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const answer = await server.client.send(method, path, method === "PATCH" ? { body: "x" } : {});
      expect(answer.status).toBe(404);
    }
  });
});

test("an upload is unknown in every repository but its own", async () => {
  const path = await openUpload(server.client, REPOSITORY);
  const elsewhere = path.replace(REPOSITORY, "uploads/other");
  for (const method of ["GET", "PATCH", "PUT", "DELETE"]) {
    const target = method === "PUT" ? withQuery(elsewhere, "digest", sha256(Buffer.from("x"))) : elsewhere;
    const answer = await server.client.send(method, target, { ...(method.startsWith("P") && { body: "x" }) });
    expect(answer.status).toBe(404);
  }
  expect((await server.client.send("GET", path)).status).toBe(204);
});

describe("uploads cross the doors", () => {
  test("what the API began /v2/ goes on with and the API ends", async () => {
    const part = randomBytes(5 * 1024 * 1024);
    const rest = randomBytes(1000);
    const { uploadId } = await server.ecr.send(new InitiateLayerUploadCommand({ repositoryName: REPOSITORY }));
    const target = { repositoryName: REPOSITORY, uploadId };
    await server.ecr.send(
      new UploadLayerPartCommand({ ...target, partFirstByte: 0, partLastByte: part.length - 1, layerPartBlob: part }),
    );
    const patched = await chunk(
      "PATCH",
      `${UPLOADS}${uploadId}`,
      rest,
      `${part.length}-${part.length + rest.length - 1}`,
    );
    expect(patched.header("range")).toBe(`0-${part.length + rest.length - 1}`);
    const digest = sha256(Buffer.concat([part, rest]));
    const ended = await server.ecr.send(new CompleteLayerUploadCommand({ ...target, layerDigests: [digest] }));
    expect(ended.layerDigest).toBe(digest);
    expect((await read(digest)).equals(Buffer.concat([part, rest]))).toBe(true);
  });

  test("what /v2/ began the API goes on with and /v2/ ends", async () => {
    const [first, second] = [randomBytes(100), randomBytes(200)];
    const path = await openUpload(server.client, REPOSITORY);
    await chunk("PATCH", path, first);
    const uploadId = path.slice(UPLOADS.length);
    const sent = await server.ecr.send(
      new UploadLayerPartCommand({
        repositoryName: REPOSITORY,
        uploadId,
        partFirstByte: 100,
        partLastByte: 299,
        layerPartBlob: second,
      }),
    );
    expect(sent.lastByteReceived).toBe(299);
    const digest = sha256(Buffer.concat([first, second]));
    expect((await chunk("PUT", withQuery(path, "digest", digest), Buffer.alloc(0))).status).toBe(201);
  });
});

test("a layer over the quota is refused before it is sent, and at the quota it is taken", async () => {
  const small = await openServer({ flags: { "quotas-max-layer-bytes": 1000 } });
  await small.createRepository("quota/app");
  const path = await openUpload(small.client, "quota/app");
  const over = await small.client.send("PATCH", path, { body: randomBytes(1001) });
  expect(over.status).toBe(403);
  expect(errorOf(over).code).toBe("DENIED");
  expect((await small.client.send("PATCH", path, { body: randomBytes(1000) })).status).toBe(202);
  await small.close();
});

test("a client that stops sending is told so, and what came before is kept", async () => {
  const impatient = await openServer({ limits: { bodyIdleTimeoutMs: 100 } });
  await impatient.createRepository("idle/app");
  const path = await openUpload(impatient.client, "idle/app");
  const { promise: isOver, resolve: end } = Promise.withResolvers<void>();
  const slow = new RegistryClient(impatient.origin, impatient.authorization);
  const body = (async function* () {
    yield randomBytes(5000);
    await isOver;
  })();
  const answer = await slow.send("PATCH", path, { body });
  expect(answer.status).toBe(408);
  expect(errorOf(answer).code).toBe("BLOB_UPLOAD_INVALID");
  end();
  await slow.close();
  expect((await impatient.client.send("GET", path)).header("range")).toBe("0-4999");
  await impatient.close();
});
