import { describe, expect, it } from "vitest";
import { canConnect, Mailbox, serve } from "./testing/harness.ts";
import { ManualClock } from "./testing/manual-clock.ts";
import type { Handler, Reply, Request } from "./types.ts";

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** A handler whose replies a test gives one by one. */
function held(): { handler: Handler; calls: Mailbox<{ request: Request; answer: (reply: Reply) => void }> } {
  const calls = new Mailbox<{ request: Request; answer: (reply: Reply) => void }>();
  return {
    calls,
    handler: (request) =>
      new Promise((answer) => {
        calls.put({ request, answer });
      }),
  };
}

describe("pipelined requests", () => {
  it("are handled one after another, in order", async () => {
    const { handler, calls } = held();
    await using harness = await serve(handler);
    const client = await harness.client();
    client.send(get("/1") + get("/2") + get("/3"));
    for (const target of ["/1", "/2", "/3"]) {
      const { request, answer } = await calls.take();
      expect(request.target).toBe(target);
      expect(calls.size).toBe(0);
      answer({ status: 200, body: target });
      expect((await client.reply()).body.toString()).toBe(target);
    }
  });

  it("with bodies reach their own handlers", async () => {
    await using harness = await serve(async (request) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request.body) chunks.push(Uint8Array.from(chunk));
      return { status: 200, body: Buffer.concat(chunks) };
    });
    const client = await harness.client();
    const put = (body: string): string =>
      `PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    client.send(put("one") + put("two") + get("/") + put("four"));
    const bodies = [];
    for (let count = 0; count < 4; count += 1) bodies.push((await client.reply()).body.toString());
    expect(bodies).toEqual(["one", "two", "", "four"]);
  });

  it("may wait up to their limit", async () => {
    const { handler, calls } = held();
    await using harness = await serve(handler, { limits: { pipelined: 3 } });
    const client = await harness.client();
    client.send(get("/").repeat(4));
    for (let count = 0; count < 4; count += 1) {
      (await calls.take()).answer({ status: 200 });
      expect((await client.reply()).status).toBe(200);
    }
  });

  it("end the connection when one more waits", async () => {
    const { handler, calls } = held();
    await using harness = await serve(handler, { limits: { pipelined: 3 } });
    const client = await harness.client();
    client.send(get("/").repeat(5));
    const { request } = await calls.take();
    expect(await client.rest()).toHaveLength(0);
    expect(request.signal.aborted).toBe(true);
  });

  it("are logged as aborted when the client leaves before their turn", async () => {
    const { handler, calls } = held();
    await using harness = await serve(handler);
    const client = await harness.client();
    client.send(get("/1") + get("/2"));
    await calls.take();
    client.socket.destroy();
    const records = [await harness.done.take(), await harness.done.take()];
    expect(records.map((record) => [record.target, record.status])).toEqual([
      ["/1", 499],
      ["/2", 499],
    ]);
    expect(calls.size).toBe(0);
  });

  it("followed by bytes that are no request get their reply, and then the connection ends", async () => {
    const { handler, calls } = held();
    await using harness = await serve(handler);
    const client = await harness.client();
    client.send(`${get("/1")}\x00\x01nonsense\r\n\r\n`);
    const { answer } = await calls.take();
    answer({ status: 200, body: "one" });
    const reply = await client.reply();
    expect(reply.body.toString()).toBe("one");
    expect(reply.headers.get("connection")).toBe("close");
    expect(await client.rest()).toHaveLength(0);
  });
});

describe("connections", () => {
  it("are refused past their limit", async () => {
    await using harness = await serve(() => ({ status: 200 }), { limits: { connections: 2 } });
    const clients = [await harness.client(), await harness.client()];
    for (const client of clients) {
      client.send(get("/"));
      expect((await client.reply()).status).toBe(200);
    }
    const third = await harness.client();
    expect(await third.rest()).toHaveLength(0);
    clients[0]?.socket.destroy();
    await clients[0]?.rest();
    clients[1]?.send(get("/"));
    expect((await clients[1]?.reply())?.status).toBe(200);
  });

  it("are offered for reuse longer than Go's clients keep them", async () => {
    await using harness = await serve(() => ({ status: 200 }));
    const client = await harness.client();
    client.send(get("/"));
    expect((await client.reply()).headers.get("keep-alive")).toBe("timeout=95");
  });

  it("end when idle for the keep-alive time", async () => {
    await using harness = await serve(() => ({ status: 200 }), { limits: { keepAliveTimeoutMs: 1 } });
    const client = await harness.client();
    client.send(get("/"));
    await client.reply();
    expect(await client.rest()).toHaveLength(0);
  });

  it("end on request", async () => {
    await using harness = await serve(() => ({ status: 200 }));
    const client = await harness.client();
    client.send(get("/").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    expect((await client.reply()).headers.get("connection")).toBe("close");
    await client.rest();
  });

  it("outlive a reply without aborting its signal", async () => {
    const { handler, calls } = held();
    await using harness = await serve(handler);
    const client = await harness.client();
    client.send(get("/"));
    const { request, answer } = await calls.take();
    const { signal } = request;
    answer({ status: 200 });
    await client.reply();
    client.socket.destroy();
    await harness.done.take();
    await harness.listener.close(60_000);
    expect(signal.aborted).toBe(false);
  });

  it("tell the handler who is there", async () => {
    const { handler, calls } = held();
    await using harness = await serve(handler);
    const client = await harness.client();
    client.send(get("/"));
    const { request, answer } = await calls.take();
    expect(request.peer).toEqual({ address: "127.0.0.1", port: client.socket.localPort, secure: false });
    answer({ status: 200 });
  });
});

describe("the access log", () => {
  it("has one record for a request, without secrets", async () => {
    const clock = new ManualClock();
    const { handler, calls } = held();
    await using harness = await serve(handler, { clock });
    const client = await harness.client();
    client.send(
      "POST /layers/a?X-Amz-Signature=abc&n=1 HTTP/1.1\r\nHost: h\r\nUser-Agent: docker/28\r\nContent-Length: 3\r\n\r\nabc",
    );
    const { request, answer } = await calls.take();
    for await (const chunk of request.body) expect(chunk).toHaveLength(3);
    clock.advance(12);
    answer({ status: 201, body: "done" });
    await client.reply();
    expect(await harness.done.take()).toEqual({
      id: request.id,
      method: "POST",
      target: "/layers/a?X-Amz-Signature=***&n=1",
      status: 201,
      aborted: false,
      bytesIn: 3,
      bytesOut: 4,
      durationMs: 12,
      peer: request.peer,
      userAgent: "docker/28",
    });
    expect(harness.done.size).toBe(0);
  });
});

describe("closing", () => {
  it("ends idle connections, new ones and those without a request at once", async () => {
    await using harness = await serve(() => ({ status: 200 }));
    const [used, fresh, halfway] = [await harness.client(), await harness.client(), await harness.client()];
    used.send(get("/"));
    await used.reply();
    halfway.send("GET / HT");
    await harness.listener.close(60_000);
    for (const client of [used, fresh, halfway]) expect(await client.rest()).toHaveLength(0);
    expect(await canConnect(harness.port)).toBe(false);
  });

  it("lets requests in flight finish, tells them to close, and takes no more", async () => {
    const { handler, calls } = held();
    await using harness = await serve(handler);
    const client = await harness.client();
    client.send(get("/1") + get("/2"));
    const { answer } = await calls.take();
    const closed = harness.listener.close(60_000);
    expect(await canConnect(harness.port)).toBe(false);
    answer({ status: 200, body: "late" });
    const reply = await client.reply();
    expect(reply.body.toString()).toBe("late");
    expect(reply.headers.get("connection")).toBe("close");
    expect(await client.rest()).toHaveLength(0);
    await closed;
    expect(calls.size).toBe(0);
  });

  it("lets a reply end that began before", async () => {
    const more = new Mailbox<string>();
    async function* stream(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("begun ");
      yield Buffer.from(await more.take());
    }
    await using harness = await serve(() => ({ status: 200, body: stream() }));
    const client = await harness.client();
    const begun = new Promise((resolve) => {
      client.socket.once("data", resolve);
    });
    client.send(get("/"));
    await begun;
    const closed = harness.listener.close(60_000);
    more.put("ended");
    expect((await client.reply()).body.toString()).toBe("begun ended");
    await client.rest();
    await closed;
  });

  it("cuts what is left when the grace is over, and waits for no handler then", async () => {
    const clock = new ManualClock();
    const { handler, calls } = held();
    await using harness = await serve(handler, { clock });
    const client = await harness.client();
    client.send(get("/"));
    const { request } = await calls.take();
    const closed = harness.listener.close(30_000);
    expect(harness.listener.close(1)).toBe(closed);
    await clock.started(30_000);
    clock.advance(29_999);
    expect(request.signal.aborted).toBe(false);
    clock.advance(1);
    expect(await client.rest()).toHaveLength(0);
    await closed;
    expect(request.signal.aborted).toBe(true);
  });

  it("waits for a handler whose client has left", async () => {
    const { handler, calls } = held();
    await using harness = await serve(handler);
    const client = await harness.client();
    client.send(get("/"));
    const { answer } = await calls.take();
    client.socket.destroy();
    await harness.done.take();
    let isClosed = false;
    const closed = harness.listener.close(60_000).then(() => {
      isClosed = true;
    });
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    answer({ status: 200 });
    await closed;
  });

  it("frees the port", async () => {
    await using harness = await serve(() => ({ status: 200 }));
    await harness.listener.close(0);
    await using again = await serve(() => ({ status: 204 }), { port: harness.port });
    expect(again.port).toBe(harness.port);
    await expect(serve(() => ({ status: 200 }), { port: harness.port })).rejects.toThrow("EADDRINUSE");
  });
});
