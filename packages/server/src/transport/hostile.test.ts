import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBody } from "./read-body.ts";
import { serve } from "./testing/harness.ts";
import type { Harness } from "./testing/harness.ts";
import type { Handler } from "./types.ts";

let directory = "";
let file = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "stowage-hostile-"));
  file = join(directory, "blob");
  await writeFile(file, Buffer.alloc(300_000, 1));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function* stream(): AsyncGenerator<Uint8Array> {
  for (let count = 0; count < 20; count += 1) yield await Promise.resolve(Buffer.alloc(20_000));
}

const handled: string[] = [];

const handler: Handler = async (request) => {
  handled.push(request.id);
  switch (request.target) {
    case "/file":
      return { status: 200, body: { path: file, offset: 0, length: 300_000 } };
    case "/stream":
      return { status: 200, body: stream() };
    case "/read":
      return { status: 200, body: await readBody(request, 1_000) };
    case "/throw":
      throw new Error("asked for");
    default:
      return { status: 404, body: "unknown" };
  }
};

const targets = fc.constantFrom("/file", "/stream", "/read", "/throw", "/", "*", "/%00", "//", "http://a/read");
const lines = fc.constantFrom(
  "Host: localhost",
  "Content-Length: 5",
  "Content-Length: 500000",
  "Transfer-Encoding: chunked",
  "Expect: 100-continue",
  "Connection: close",
  "Connection: Upgrade\r\nUpgrade: websocket",
  "X-A: b",
);
const bodies = fc.constantFrom("", "hello", "5\r\nhello\r\n0\r\n\r\n", "x".repeat(70_000), "5\r\nhel", "\0\xff");
const message = fc
  .tuple(
    fc.constantFrom("GET", "PUT", "POST", "HEAD", "CONNECT", "OPTIONS"),
    targets,
    fc.array(lines, { maxLength: 4 }),
    bodies,
  )
  .map(
    ([method, target, head, body]) => `${method} ${target} HTTP/1.1\r\nHost: h\r\n${head.join("\r\n")}\r\n\r\n${body}`,
  );
const conversation = fc.record({
  messages: fc.array(message, { minLength: 1, maxLength: 4 }),
  /** Where a foreign byte is put in, and where the client stops, as shares of the whole. */
  spoiltAt: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  cutAt: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  ending: fc.constantFrom("end", "destroy", "resetAndDestroy"),
  readsFirst: fc.boolean(),
});

async function isAlive(harness: Harness): Promise<boolean> {
  const client = await harness.client();
  client.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const { status } = await client.reply();
  client.socket.destroy();
  return status === 404;
}

describe("whatever clients send and wherever they leave", () => {
  it("the server goes on, ends their connections and logs each request once", async () => {
    await using harness = await serve(handler, { limits: { drainTimeoutMs: 20, pipelined: 2 } });
    const outcome = async (talk: typeof conversation extends fc.Arbitrary<infer T> ? T : never): Promise<void> => {
      const client = await harness.client();
      let bytes = talk.messages.join("");
      if (talk.spoiltAt !== null) {
        const at = Math.floor(talk.spoiltAt * bytes.length);
        bytes = `${bytes.slice(0, at)}\x01${bytes.slice(at + 1)}`;
      }
      if (talk.cutAt !== null) bytes = bytes.slice(0, Math.floor(talk.cutAt * bytes.length));
      client.send(bytes);
      if (talk.readsFirst) await new Promise(setImmediate);
      client.socket[talk.ending as "end"]();
      await client.rest();
    };
    await fc.assert(fc.asyncProperty(conversation, outcome), { numRuns: 400 });
    expect(await isAlive(harness)).toBe(true);
    await harness.listener.close(60_000);
    const ids = new Set<string>();
    const count = harness.done.size;
    for (let at = 0; at < count; at += 1) ids.add((await harness.done.take()).id);
    expect(ids.size).toBe(count);
    expect(handled.filter((id) => !ids.has(id))).toEqual([]);
    for (let at = harness.errors.size; at > 0; at -= 1) {
      expect(await harness.errors.take()).toMatchObject({ message: "asked for" });
    }
  });
});
