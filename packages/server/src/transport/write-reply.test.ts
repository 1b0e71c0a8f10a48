import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ClientGone } from "./errors.ts";
import { Mailbox, serve } from "./testing/harness.ts";
import type { RawReply } from "./testing/raw-client.ts";
import type { Handler, Reply } from "./types.ts";

const MIB = 1024 * 1024;
const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

let directory = "";
let file = "";
const content = Buffer.alloc(5 * MIB + 12_345);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "stowage-transport-"));
  file = join(directory, "blob");
  for (let at = 0; at < content.length; at += 4) content.writeUInt32LE(at, Math.min(at, content.length - 4));
  await writeFile(file, content);
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function ask(reply: Reply | Handler, method = "GET"): Promise<RawReply> {
  await using harness = await serve(typeof reply === "function" ? reply : () => reply);
  const client = await harness.client();
  client.send(GET.replace("GET", method));
  return await client.reply(method);
}

async function* parts(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

describe("replies", () => {
  it.each<[string, Reply["body"], string]>([
    ["text", "Größe", "Größe"],
    ["bytes", new Uint8Array([65, 66]), "AB"],
    ["nothing", undefined, ""],
    ["empty text", "", ""],
  ])("carry %s with its length", async (_case, body, expected) => {
    const reply = await ask({ status: 200, ...(body === undefined ? {} : { body }) });
    expect(reply.body.toString()).toBe(expected);
    expect(reply.headers.get("content-length")).toBe(String(Buffer.byteLength(expected)));
  });

  it("carry a stream in chunks when its length is not known", async () => {
    const reply = await ask({ status: 200, body: parts("ab", "", "cd") });
    expect(reply.headers.get("transfer-encoding")).toBe("chunked");
    expect(reply.body.toString()).toBe("abcd");
  });

  it("carry a stream by its declared length", async () => {
    const reply = await ask({ status: 206, headers: { "content-length": "4" }, body: parts("ab", "cd") });
    expect(reply.status).toBe(206);
    expect(reply.headers.get("transfer-encoding")).toBeUndefined();
    expect(reply.body.toString()).toBe("abcd");
  });

  it("send the head of an undeclared stream before its first bytes", async () => {
    const ready = new Mailbox<void>();
    async function* late(): AsyncGenerator<Uint8Array> {
      await ready.take();
      yield Buffer.from("event");
    }
    await using harness = await serve(() => ({ status: 200, headers: { "x-late": "yes" }, body: late() }));
    const client = await harness.client();
    const head = new Promise<string>((resolve) => {
      client.socket.once("data", (chunk) => resolve(chunk.toString()));
    });
    client.send(GET);
    expect(await head).toContain("x-late: yes");
    ready.put(undefined);
    expect((await client.reply()).body.toString()).toBe("event");
  });

  it.each([
    ["HEAD", 200, "9"],
    ["HEAD", 404, "9"],
    ["GET", 304, "9"],
    ["GET", 204, undefined],
  ])("to %s with %i carry no body, and content-length %s", async (method, status, length) => {
    await using harness = await serve(() => ({ status, headers: { "content-length": "9" }, body: "012345678" }));
    const client = await harness.client();
    const request = GET.replace("GET", method);
    client.send(request + request);
    expect((await client.reply(method)).headers.get("content-length")).toBe(length);
    expect((await client.reply(method)).status).toBe(status);
    expect((await harness.done.take()).bytesOut).toBe(0);
  });

  it.each<[Reply["body"], string | undefined]>([
    ["abc", "3"],
    [{ path: "/nonexistent", offset: 0, length: 7 }, "7"],
    [undefined, "0"],
    [parts("a"), undefined],
  ])("to HEAD with %j compute content-length %s", async (body, length) => {
    const reply = await ask({ status: 200, ...(body === undefined ? {} : { body }) }, "HEAD");
    expect(reply.headers.get("content-length")).toBe(length);
  });

  it("carry the id of the request unless the handler set one", async () => {
    const seen: string[] = [];
    const reply = await ask((request) => {
      seen.push(request.id);
      return { status: 200 };
    });
    expect(reply.headers.get("x-amzn-requestid")).toBe(seen[0]);
    expect(seen[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const own = await ask({ status: 200, headers: { "x-amzn-requestid": "own" } });
    expect(own.headers.get("x-amzn-requestid")).toBe("own");
  });
});

describe("failures", () => {
  it.each<[string, Handler]>([
    [
      "throws",
      () => {
        throw new Error("secret");
      },
    ],
    ["rejects", () => Promise.reject(new Error("secret"))],
    [
      "throws no Error",
      () => {
        throw "secret" as unknown as Error;
      },
    ],
    ["sets a header with a line break", () => ({ status: 200, headers: { "x-a": "a\r\nx-b: c" } })],
    ["sets a header name with a space", () => ({ status: 200, headers: { "x a": "a" } })],
    ["answers an interim status", () => ({ status: 101 })],
    ["answers no status", () => ({ status: Number.NaN })],
    ["names a missing file", () => ({ status: 200, body: { path: "/nonexistent/secret", offset: 0, length: 1 } })],
    [
      "names a region behind the file's end",
      () => ({ status: 200, body: { path: file, offset: content.length, length: 1 } }),
    ],
    [
      "declares a length and fails before the first byte",
      () => ({
        status: 200,
        headers: { "content-length": "5" },
        // oxlint-disable-next-line require-yield -- a stream that fails at once
        body: (async function* fail(): AsyncGenerator<Uint8Array> {
          throw new Error("secret");
        })(),
      }),
    ],
  ])("become 500 without details when a handler %s", async (_case, handler) => {
    await using harness = await serve(handler);
    const client = await harness.client();
    client.send(GET + GET);
    const reply = await client.reply();
    expect(reply.status).toBe(500);
    expect(reply.headers.get("content-type")).toBe("application/json");
    expect(reply.body.toString()).toBe("{}");
    expect(reply.headers.get("x-b")).toBeUndefined();
    expect(await harness.errors.take()).toBeDefined();
    expect((await harness.done.take()).status).toBe(500);
    // The connection is still good.
    expect((await client.reply()).status).toBe(500);
  });

  it.each<[string, () => Reply]>([
    [
      "a stream that throws",
      () => ({
        status: 200,
        body: (async function* fail() {
          yield Buffer.from("ab");
          throw new Error("broken");
        })(),
      }),
    ],
    ["a stream shorter than declared", () => ({ status: 200, headers: { "content-length": "5" }, body: parts("ab") })],
    [
      "a stream longer than declared",
      () => ({ status: 200, headers: { "content-length": "3" }, body: parts("ab", "cd") }),
    ],
    [
      "a file shorter than its region",
      () => ({ status: 200, body: { path: file, offset: content.length - 100_000, length: 100_001 } }),
    ],
  ])("in the middle end the connection: %s", async (_case, reply) => {
    await using harness = await serve(reply);
    const client = await harness.client();
    client.send(GET + GET);
    await expect(client.reply()).rejects.toThrow("connection closed");
    expect(await harness.errors.take()).toBeInstanceOf(Error);
    expect(await harness.done.take()).toMatchObject({ status: 200, aborted: true });
  });
});

describe("file regions", () => {
  it.each([
    [0, 1],
    [1, 64 * 1024],
    [7, 64 * 1024 + 1],
    [0, MIB],
    [0, MIB + 1],
    [3, 2 * MIB],
    [MIB - 1, 4 * MIB],
    [0, content.length],
    [content.length - 1, 1],
    [5, 0],
  ])("send from %i on %i bytes", async (offset, length) => {
    const reply = await ask({ status: 206, body: { path: file, offset, length } });
    expect(reply.headers.get("content-length")).toBe(String(length));
    expect(reply.body.equals(content.subarray(offset, offset + length))).toBe(true);
  });

  it("send many at once, with small buffers when the large ones are out", async () => {
    await using harness = await serve(
      () => ({ status: 200, body: { path: file, offset: 0, length: content.length } }),
      {
        limits: { fileBuffers: 3 },
      },
    );
    const bodies = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const client = await harness.client();
        client.send(GET + GET);
        return [await client.reply(), await client.reply()];
      }),
    );
    for (const reply of bodies.flat()) expect(reply.body.equals(content)).toBe(true);
  });

  it.skipIf(!existsSync("/proc/self/fd"))("are closed when the client leaves in the middle", async () => {
    const left = new Mailbox<unknown>();
    await using harness = await serve((request) => {
      request.signal.addEventListener("abort", () => left.put(request.signal.reason));
      return { status: 200, body: { path: file, offset: 0, length: content.length } };
    });
    const client = await harness.client();
    client.send(GET);
    await new Promise((resolve) => client.socket.once("data", resolve));
    client.socket.pause();
    client.socket.destroy();
    expect(await left.take()).toBeInstanceOf(ClientGone);
    const record = await harness.done.take();
    expect(record).toMatchObject({ status: 200, aborted: true });
    expect(record.bytesOut).toBeLessThan(content.length);
    await harness.listener.close(60_000);
    const open = readdirSync("/proc/self/fd").flatMap((descriptor) => {
      const path = `/proc/self/fd/${descriptor}`;
      return existsSync(path) ? [readlinkSync(path)] : [];
    });
    expect(open).not.toContain(file);
    expect(harness.errors.size).toBe(0);
  });
});

describe("a client that does not read", () => {
  it.each<[string, () => Reply]>([
    ["a file", () => ({ status: 200, body: { path: file, offset: 0, length: content.length } })],
    ["a large body", () => ({ status: 200, body: Buffer.alloc(16 * MIB) })],
    [
      "a stream",
      () => ({
        status: 200,
        body: (async function* endless() {
          for (;;) yield await Promise.resolve(Buffer.alloc(MIB));
        })(),
      }),
    ],
  ])("loses the connection after the idle time: %s", async (_case, reply) => {
    await using harness = await serve(reply, { limits: { writeIdleTimeoutMs: 50 } });
    const client = await harness.client();
    client.socket.pause();
    client.send(GET);
    expect(await harness.done.take()).toMatchObject({ status: 200, aborted: true });
  });

  it("makes a stream wait, and its producer is told when the client leaves", async () => {
    const returned = new Mailbox<number>();
    let made = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          made += 1;
          yield await Promise.resolve(Buffer.alloc(MIB));
        }
      } finally {
        returned.put(made);
      }
    }
    await using harness = await serve(() => ({ status: 200, body: endless() }));
    const client = await harness.client();
    client.send(GET);
    await new Promise((resolve) => client.socket.once("data", resolve));
    client.socket.destroy();
    // Loopback buffers hold a few MiB; an unbounded producer would have run on.
    expect(await returned.take()).toBeLessThan(64);
  });

  it("does not lose a slow stream: only waiting for the client counts", async () => {
    const ready = new Mailbox<void>();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(4 * MIB);
      await ready.take();
      yield Buffer.from("end");
    }
    await using harness = await serve(() => ({ status: 200, body: slow() }), { limits: { writeIdleTimeoutMs: 30 } });
    const client = await harness.client();
    client.send(GET);
    const reply = client.reply();
    // Another client's whole timeout passes meanwhile.
    await using other = await serve(() => ({ status: 200, body: Buffer.alloc(16 * MIB) }), {
      limits: { writeIdleTimeoutMs: 60 },
    });
    const stuck = await other.client();
    stuck.socket.pause();
    stuck.send(GET);
    await other.done.take();
    ready.put(undefined);
    expect((await reply).body.subarray(-3).toString()).toBe("end");
  });
});
