import { describe, expect, it } from "vitest";
import { BodyTimeout, ClientGone } from "./errors.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { readBody } from "./read-body.ts";
import { Mailbox, serve } from "./testing/harness.ts";
import { ManualClock } from "./testing/manual-clock.ts";
import type { Handler, Request } from "./types.ts";

const HEAD = "Host: localhost\r\n";
const MIB = 1024 * 1024;

const echo: Handler = async (request) => ({ status: 200, body: await readBody(request, 100) });

async function read(request: Request): Promise<number> {
  let bytes = 0;
  for await (const chunk of request.body) bytes += chunk.length;
  return bytes;
}

describe("bodies", () => {
  it("arrive whole by length, by chunks with extensions and trailers, and not at all", async () => {
    await using harness = await serve(echo);
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 5\r\n\r\nhello`);
    expect((await client.reply()).body.toString()).toBe("hello");
    client.send(
      `PUT / HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX-Sum: 1\r\n\r\n`,
    );
    expect((await client.reply()).body.toString()).toBe("hello");
    client.send(`GET / HTTP/1.1\r\n${HEAD}\r\n`);
    expect((await client.reply()).body.toString()).toBe("");
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 0\r\n\r\n`);
    expect((await client.reply()).body.toString()).toBe("");
    expect([(await harness.done.take()).bytesIn, (await harness.done.take()).bytesIn]).toEqual([5, 5]);
  });

  it("arrive in the bytes of every chunking", async () => {
    await using harness = await serve(echo);
    const client = await harness.client();
    const bytes = Uint8Array.from({ length: 100 }, (_, at) => 255 - at);
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    for (const byte of bytes) client.send(`1\r\n${String.fromCodePoint(byte)}\r\n`);
    client.send("0\r\n\r\n");
    expect(new Uint8Array((await client.reply()).body)).toEqual(bytes);
  });

  it("can be read once", async () => {
    await using harness = await serve(async (request) => ({
      status: 200,
      body: `${await read(request)} ${await read(request)}`,
    }));
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 5\r\n\r\nhello`);
    expect((await client.reply()).body.toString()).toBe("5 0");
  });

  it("wait for their reader: a client cannot send more than the buffers hold", async () => {
    const started = new Mailbox<() => void>();
    await using harness = await serve(async (request) => {
      await new Promise<void>((resolve) => started.put(resolve));
      return { status: 200, body: String(await read(request)) };
    });
    const client = await harness.client();
    const total = 64 * MIB;
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: ${total}\r\n\r\n`);
    const release = await started.take();
    let sent = 0;
    const part = Buffer.alloc(MIB);
    // The kernel's buffers fill up, and then the socket takes no more.
    while (sent < total && client.socket.writableLength < 16 * MIB) {
      client.socket.write(part);
      sent += part.length;
      await new Promise(setImmediate);
    }
    expect(sent).toBeLessThan(total);
    release();
    for (; sent < total; sent += part.length) client.socket.write(part);
    expect((await client.reply()).body.toString()).toBe(String(total));
  });
});

describe("Expect: 100-continue", () => {
  const head = `PUT / HTTP/1.1\r\n${HEAD}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`;

  it("is answered when the handler reads", async () => {
    await using harness = await serve(echo);
    const client = await harness.client();
    client.send(head);
    expect((await client.reply()).status).toBe(100);
    client.send("hello");
    const reply = await client.reply();
    expect(reply.body.toString()).toBe("hello");
    expect(reply.headers.get("connection")).toBe("keep-alive");
  });

  it("is not answered when the handler refuses, and the connection ends, since nobody knows whether the body follows", async () => {
    await using harness = await serve(() => ({ status: 401, body: "no" }));
    const client = await harness.client();
    client.send(head);
    const reply = await client.reply();
    expect(reply.status).toBe(401);
    expect(reply.headers.get("connection")).toBe("close");
    client.socket.end();
    expect(await client.rest()).toHaveLength(0);
  });

  it("is not answered in the middle of a reply that reads the body", async () => {
    async function* copied({ body }: Request): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) yield Uint8Array.from(chunk);
    }
    await using harness = await serve((request) => ({ status: 200, body: copied(request) }));
    const client = await harness.client();
    client.send(head);
    client.send("hello");
    const reply = await client.reply();
    expect([reply.status, reply.body.toString()]).toEqual([200, "hello"]);
    expect(await client.rest()).toHaveLength(0);
  });

  it("is not answered to a body that is too large by its declaration", async () => {
    await using harness = await serve(echo);
    const client = await harness.client();
    client.send(head.replace("5", "101"));
    expect((await client.reply()).status).toBe(413);
  });
});

describe("a body that nobody reads", () => {
  const refuse: Handler = () => ({ status: 403, body: "no" });

  it("is dropped when it is short, and the connection serves on", async () => {
    await using harness = await serve(refuse, { limits: { drainBytes: 1_000 } });
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 1000\r\n\r\n${"x".repeat(400)}`);
    const reply = await client.reply();
    expect(reply.headers.get("connection")).toBe("keep-alive");
    client.send(`${"x".repeat(600)}GET / HTTP/1.1\r\n${HEAD}\r\n`);
    expect((await client.reply()).status).toBe(403);
    expect((await harness.done.take()).bytesIn).toBe(1_000);
  });

  it("ends the connection when it is a byte longer than what is dropped", async () => {
    await using harness = await serve(refuse, { limits: { drainBytes: 1_000 } });
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 1001\r\n\r\n`);
    const reply = await client.reply();
    expect(reply.body.toString()).toBe("no");
    expect(reply.headers.get("connection")).toBe("close");
    client.send("x".repeat(1001));
    expect(await client.rest()).toHaveLength(0);
  });

  it.each(["Content-Length: 1073741824", "Transfer-Encoding: chunked"])(
    "of 1 GiB (%s) is dropped within the limit, and the reply arrives",
    async (length) => {
      await using harness = await serve(refuse);
      const client = await harness.client();
      client.send(`PUT / HTTP/1.1\r\n${HEAD}${length}\r\n\r\n`);
      const part = length.startsWith("C") ? Buffer.alloc(MIB) : Buffer.from(`100000\r\n${"\0".repeat(MIB)}\r\n`);
      let sent = 0;
      const feed = (): void => {
        while (sent < 1024 && client.socket.writable) {
          sent += 1;
          if (!client.socket.write(part)) {
            client.socket.once("drain", feed);
            return;
          }
        }
      };
      feed();
      const reply = await client.reply();
      expect(reply.status).toBe(403);
      expect(reply.body.toString()).toBe("no");
      const { bytesIn, status } = await harness.done.take();
      expect(status).toBe(403);
      expect(bytesIn).toBeLessThanOrEqual(DEFAULT_LIMITS.drainBytes + 2 * 64 * 1024);
      await client.rest();
      expect(sent).toBeLessThan(1024);
    },
  );

  it("holds the connection no longer than the limit when it does not come", async () => {
    const clock = new ManualClock();
    await using harness = await serve(refuse, { clock });
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 1000\r\n\r\n`);
    expect((await client.reply()).status).toBe(403);
    await clock.started(DEFAULT_LIMITS.drainTimeoutMs);
    clock.advance(DEFAULT_LIMITS.drainTimeoutMs);
    expect(await client.rest()).toHaveLength(0);
  });

  it("is dropped after its whole was received and a part of it read", async () => {
    await using harness = await serve(async (request) => {
      for await (const chunk of request.body) if (chunk.length > 0) break;
      return { status: 400, body: "enough" };
    });
    const client = await harness.client();
    const put = `PUT / HTTP/1.1\r\n${HEAD}Content-Length: ${MIB}\r\n\r\n${"x".repeat(MIB)}`;
    client.send(put + put);
    expect((await client.reply()).status).toBe(400);
    expect((await client.reply()).status).toBe(400);
  });

  it("is dropped after a handler that stopped halfway", async () => {
    await using harness = await serve(async (request) => {
      for await (const chunk of request.body) if (chunk.length > 0) break;
      return { status: 400, body: "enough" };
    });
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 10\r\n\r\n01234`);
    expect((await client.reply()).body.toString()).toBe("enough");
    client.send(`56789GET / HTTP/1.1\r\n${HEAD}\r\n`);
    expect((await client.reply()).status).toBe(400);
  });
});

describe("what surrounds chunks", () => {
  const start = `PUT / HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

  it("is bounded: trailers without end are refused", async () => {
    await using harness = await serve(echo);
    const client = await harness.client();
    client.send(`${start}0\r\n${"X-Trailer: value\r\n".repeat(4_000)}`);
    expect((await client.reply()).status).toBe(431);
    expect((await harness.done.take()).status).toBe(431);
  });

  it("is bounded: extensions without end are refused", async () => {
    await using harness = await serve(echo);
    const client = await harness.client();
    client.send(`${start}1;${"x".repeat(40_000)}`);
    expect((await client.reply()).status).toBe(413);
  });

  it.each(["-1", "1_0", " 5", "0x5", "fffffffffffffffff", ""])(
    "is checked: a chunk of size %j is refused",
    async (size) => {
      await using harness = await serve(echo);
      const client = await harness.client();
      client.send(`${start}${size}\r\nhello\r\n0\r\n\r\n`);
      expect((await client.reply()).status).toBe(400);
    },
  );
});

describe("a body that stalls", () => {
  const limits = { bodyIdleTimeoutMs: 1_000, bodyProgressBytes: 10 };

  it("is answered 408 after the idle time, and not before", async () => {
    const clock = new ManualClock();
    await using harness = await serve(echo, { clock, limits });
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 20\r\n\r\n`);
    await clock.started(1_000);
    clock.advance(999);
    client.send("0123456789");
    // Enough came for the whole time to be granted again.
    await clock.started(1_000);
    clock.advance(1_000);
    expect((await client.reply()).status).toBe(408);
    expect((await harness.done.take()).status).toBe(408);
  });

  it("does not live on single bytes", async () => {
    const clock = new ManualClock();
    await using harness = await serve(echo, { clock, limits });
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 20\r\n\r\n`);
    await clock.started(1_000);
    clock.advance(600);
    client.send("0");
    await clock.started(400);
    clock.advance(400);
    expect((await client.reply()).status).toBe(408);
  });

  it("is not held against the client while the handler is the slow one", async () => {
    const clock = new ManualClock();
    const pause = new Mailbox<() => void>();
    await using harness = await serve(
      async (request) => {
        let bytes = 0;
        for await (const chunk of request.body) {
          bytes += chunk.length;
          await new Promise<void>((resolve) => pause.put(resolve));
        }
        return { status: 200, body: String(bytes) };
      },
      { clock, limits },
    );
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 2\r\n\r\na`);
    const resume = await pause.take();
    clock.advance(5_000);
    resume();
    client.send("b");
    (await pause.take())();
    expect((await client.reply()).body.toString()).toBe("2");
  });

  it("is told to the handler as BodyTimeout", async () => {
    const clock = new ManualClock();
    await using harness = await serve(
      async (request) => {
        await expect(read(request)).rejects.toBeInstanceOf(BodyTimeout);
        return { status: 418 };
      },
      { clock, limits },
    );
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 20\r\n\r\n`);
    await clock.started(1_000);
    clock.advance(1_000);
    expect((await client.reply()).status).toBe(418);
  });
});

describe("a client that leaves in the middle of its body", () => {
  it.each(["destroy", "end"] as const)(
    "is told to the handler as ClientGone, and aborts the signal (%s)",
    async (how) => {
      const outcome = new Mailbox<unknown>();
      const begun = new Mailbox<Request>();
      await using harness = await serve(async (request) => {
        request.signal.addEventListener("abort", () => outcome.put(request.signal.reason));
        begun.put(request);
        try {
          await read(request);
        } catch (error) {
          outcome.put(error);
          throw error;
        }
        return { status: 200 };
      });
      const client = await harness.client();
      client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 20\r\n\r\n0123`);
      const request = await begun.take();
      client.socket[how]();
      expect(await outcome.take()).toBeInstanceOf(ClientGone);
      expect(await outcome.take()).toBeInstanceOf(ClientGone);
      expect(request.signal.aborted).toBe(true);
      expect(await harness.done.take()).toMatchObject({ status: 499, aborted: true, bytesIn: 4 });
      expect(harness.errors.size).toBe(0);
    },
  );

  it("is seen by a handler that asks for the signal afterwards", async () => {
    const begun = new Mailbox<Request>();
    const proceed = new Mailbox<void>();
    const seen = new Mailbox<boolean>();
    await using harness = await serve(async (request) => {
      begun.put(request);
      await proceed.take();
      seen.put(request.signal.aborted);
      return { status: 200 };
    });
    const client = await harness.client();
    client.send(`GET / HTTP/1.1\r\n${HEAD}\r\n`);
    await begun.take();
    client.socket.destroy();
    expect(await harness.done.take()).toMatchObject({ status: 499, aborted: true });
    proceed.put(undefined);
    expect(await seen.take()).toBe(true);
  });

  it("gets 400 when what it sends stops being chunks", async () => {
    await using harness = await serve(echo);
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n`);
    expect((await client.reply()).status).toBe(400);
    await client.rest();
    expect(await harness.done.take()).toMatchObject({ status: 400, bytesIn: 2 });
  });
});
