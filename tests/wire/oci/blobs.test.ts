import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, type Answer } from "./client.ts";
import { OCTETS, pushBlob, sha256 } from "./pushing.ts";
import { openServer, type OciServer } from "./server.ts";

const CONTENT = randomBytes(5000);
const DIGEST = sha256(CONTENT);
const BLOB = `/v2/blobs/app/blobs/${DIGEST}`;

let server: OciServer;

beforeAll(async () => {
  server = await openServer();
  await server.createRepository("blobs/app");
  await server.createRepository("blobs/other");
  await pushBlob(server.client, "blobs/app", CONTENT);
});

afterAll(() => server.close());

function get(headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return server.client.send("GET", BLOB, { headers });
}

describe("a blob", () => {
  test("comes whole, as octets, never encoded, to be kept for ever", async () => {
    const answer = await get({ "accept-encoding": "zstd, gzip, deflate" });
    expect(answer.status).toBe(200);
    expect(answer.body.equals(CONTENT)).toBe(true);
    expect(answer.header("content-type")).toBe(OCTETS);
    expect(answer.header("content-length")).toBe("5000");
    expect(answer.header("content-encoding")).toBeUndefined();
    expect(answer.header("accept-ranges")).toBe("bytes");
    expect(answer.header("etag")).toBe(`"${DIGEST}"`);
    expect(answer.header("docker-content-digest")).toBe(DIGEST);
    expect(answer.header("cache-control")).toContain("immutable");
    expect(answer.header("docker-distribution-api-version")).toBe("registry/2.0");
  });

  test("answers a HEAD with its length alone", async () => {
    const answer = await server.client.send("HEAD", BLOB, { headers: { range: "bytes=0-9" } });
    expect(answer.status).toBe(200);
    expect(answer.header("content-length")).toBe("5000");
    expect(answer.header("docker-content-digest")).toBe(DIGEST);
    expect(answer.header("accept-ranges")).toBe("bytes");
    expect(answer.body).toHaveLength(0);
  });

  test("is 304 to a client that has it", async () => {
    for (const known of [`"${DIGEST}"`, `W/"${DIGEST}"`, "*", `"x", "${DIGEST}"`]) {
      const answer = await get({ "if-none-match": known });
      expect(answer.status).toBe(304);
      expect(answer.body).toHaveLength(0);
    }
    expect((await get({ "if-none-match": '"x"' })).status).toBe(200);
  });

  test("cannot be deleted", async () => {
    const answer = await server.client.send("DELETE", BLOB);
    expect(answer.status).toBe(405);
    expect(errorOf(answer).code).toBe("UNSUPPORTED");
    expect((await get()).status).toBe(200);
  });

  test("is seen in its own repository alone", async () => {
    for (const method of ["GET", "HEAD"]) {
      const answer = await server.client.send(method, `/v2/blobs/other/blobs/${DIGEST}`);
      expect(answer.status).toBe(404);
    }
    const answer = await server.client.send("GET", `/v2/blobs/other/blobs/${DIGEST}`);
    expect(errorOf(answer).code).toBe("BLOB_UNKNOWN");
    expect(errorOf(await server.client.send("GET", `/v2/blobs/none/blobs/${DIGEST}`)).code).toBe("NAME_UNKNOWN");
  });

  test("may be empty", async () => {
    const digest = await pushBlob(server.client, "blobs/app", Buffer.alloc(0));
    const path = `/v2/blobs/app/blobs/${digest}`;
    expect((await server.client.send("GET", path)).body).toHaveLength(0);
    expect((await server.client.send("HEAD", path)).header("content-length")).toBe("0");
    const ranged = await server.client.send("GET", path, { headers: { range: "bytes=0-" } });
    expect(ranged.status).toBe(416);
    expect(ranged.header("content-range")).toBe("bytes */0");
  });
});

describe("ranges", () => {
  test("any single range of any blob holds exactly its bytes", async () => {
    const position = fc.nat({ max: CONTENT.length - 1 });
    await fc.assert(
      fc.asyncProperty(position, position, async (one, two) => {
        const [first, last] = one < two ? [one, two] : [two, one];
        const answer = await get({ range: `bytes=${first}-${last}` });
        expect(answer.status).toBe(206);
        expect(answer.header("content-range")).toBe(`bytes ${first}-${last}/5000`);
        expect(answer.header("content-length")).toBe(String(last - first + 1));
        expect(answer.body.equals(CONTENT.subarray(first, last + 1))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test("whatever stands in the header, the answer is a part, the whole or a clean refusal", async () => {
    const number = fc.oneof(fc.nat({ max: 6000 }), fc.constantFrom("", "x", "99999999999999999999"));
    const spec = fc.tuple(number, fc.constantFrom("-", "", "--"), number).map((parts) => parts.join(""));
    const header = fc.array(spec, { maxLength: 4 }).map((specs) => `bytes=${specs.join(",")}`);
    await fc.assert(
      fc.asyncProperty(header, async (range) => {
        const answer = await get({ range });
        expect([200, 206, 416]).toContain(answer.status);
        expect(answer.header("content-length")).toBe(String(answer.body.length));
        const isPart = answer.status !== 200;
        expect(isPart || answer.body.equals(CONTENT)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test("beyond the end is 416 with the size", async () => {
    const answer = await get({ range: "bytes=5000-" });
    expect(answer.status).toBe(416);
    expect(answer.header("content-range")).toBe("bytes */5000");
    expect(answer.body).toHaveLength(0);
    expect((await get({ range: "bytes=4999-" })).body).toHaveLength(1);
  });

  test("a malformed header is passed over", async () => {
    expect((await get({ range: "bytes=a-b" })).status).toBe(200);
    expect((await get({ range: "lines=1-2" })).status).toBe(200);
  });

  test("a range is honoured only while the blob is the one that If-Range names", async () => {
    expect((await get({ range: "bytes=0-9", "if-range": `"${DIGEST}"` })).status).toBe(206);
    expect((await get({ range: "bytes=0-9", "if-range": '"other"' })).status).toBe(200);
    expect((await get({ range: "bytes=0-9", "if-range": "Sat, 21 Nov 2026 12:00:00 GMT" })).status).toBe(200);
  });

  test("several come as parts in the order asked, with a length that holds", async () => {
    const answer = await get({ range: "bytes=100-199,0-9,-5" });
    expect(answer.status).toBe(206);
    expect(answer.header("content-length")).toBe(String(answer.body.length));
    const boundary = /^multipart\/byteranges; boundary=([0-9A-Za-z-]{1,70})$/.exec(
      answer.header("content-type") ?? "",
    )?.[1];
    expect(boundary).toBeDefined();
    const parts = answer.body.toString("latin1").split(`--${boundary}`);
    expect(parts.shift()).toBe("");
    expect(parts.pop()).toBe("--\r\n");
    const expected = [
      [100, 199],
      [0, 9],
      [4995, 4999],
    ] as const;
    expect(parts).toEqual(
      expected.map(
        ([first, last]) =>
          `\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${first}-${last}/5000\r\n\r\n` +
          `${CONTENT.subarray(first, last + 1).toString("latin1")}\r\n`,
      ),
    );
  });

  test("a hundred are served, and one more gets the whole", async () => {
    const ranges = (count: number): string => Array.from({ length: count }, (_, at) => `${at * 2}-${at * 2}`).join(",");
    expect((await get({ range: `bytes=${ranges(100)}` })).status).toBe(206);
    expect((await get({ range: `bytes=${ranges(101)}` })).status).toBe(200);
  });
});
