import { describe, expect, it } from "vitest";
import { serve } from "./testing/harness.ts";
import { ManualClock } from "./testing/manual-clock.ts";
import type { Handler, Request } from "./types.ts";

const HOST = "Host: localhost\r\n";

/** A handler that keeps what it was asked. */
function recording(): { handler: Handler; seen: Request[] } {
  const seen: Request[] = [];
  return {
    seen,
    handler: (request) => {
      seen.push(request);
      return { status: 200, body: "fine" };
    },
  };
}

interface Answer {
  readonly status: number;
  /** Requests that reached the handler. */
  readonly calls: number;
  readonly seen: readonly Request[];
  readonly closes: boolean;
}

async function ask(bytes: string, limits = {}): Promise<Answer> {
  const { handler, seen } = recording();
  await using harness = await serve(handler, { limits });
  const client = await harness.client();
  client.send(bytes);
  const reply = await client.reply();
  client.socket.end();
  const record = await harness.done.take();
  expect(record.status).toBe(reply.status);
  expect(reply.headers.get("x-amzn-requestid")).toBe(record.id);
  return { status: reply.status, calls: seen.length, seen, closes: reply.headers.get("connection") === "close" };
}

describe("limits of a request's head", () => {
  const target = "/ab";
  // What the parser counts: the target, and names and values of the headers.
  const headerBytes = target.length + "Host".length + "localhost".length + "X-A".length + 100;

  it.each([
    { over: 0, status: 200 },
    { over: 1, status: 431 },
  ])("answers $status when the headers are $over bytes over their limit", async ({ over, status }) => {
    const bytes = `GET ${target} HTTP/1.1\r\n${HOST}X-A: ${"v".repeat(100 + over)}\r\n\r\n`;
    expect(await ask(bytes, { headerBytes })).toMatchObject({ status, closes: status !== 200 });
  });

  it.each([
    { count: 5, status: 200 },
    { count: 6, status: 431 },
  ])("answers $status to $count header lines where 5 are allowed", async ({ count, status }) => {
    const bytes = `GET / HTTP/1.1\r\n${HOST}${"X-A: v\r\n".repeat(count - 1)}\r\n`;
    expect(await ask(bytes, { headerCount: 5 })).toMatchObject({ status, closes: status !== 200 });
  });

  it("takes more header lines than the runtime keeps by default, and loses none", async () => {
    const lines = Array.from({ length: 2_500 }, (_, at) => `x-${at}: v\r\n`).join("");
    const { status, seen } = await ask(`GET / HTTP/1.1\r\n${HOST}${lines}\r\n`, {
      headerCount: 2_501,
      headerBytes: 100_000,
    });
    expect(status).toBe(200);
    expect(seen[0]?.headers["x-2499"]).toBe("v");
  });

  it.each([
    { length: 20, status: 200 },
    { length: 21, status: 414 },
  ])("answers $status to a target of $length bytes where 20 are allowed", async ({ length, status }) => {
    const bytes = `GET /${"a".repeat(length - 1)} HTTP/1.1\r\n${HOST}\r\n`;
    expect(await ask(bytes, { targetBytes: 20 })).toMatchObject({ status, closes: status !== 200 });
  });

  it("drops a bounded part of what follows refused headers", async () => {
    // The clock stands still, so that only the bytes can end the connection.
    await using harness = await serve(() => ({ status: 200 }), { clock: new ManualClock() });
    const client = await harness.client(true);
    client.send(`GET / HTTP/1.1\r\n${HOST}`);
    const lines = Buffer.from("X-A: b\r\n".repeat(8_192));
    const feed = (): void => {
      if (client.socket.writable) client.socket.write(lines, feed);
    };
    feed();
    expect((await client.reply()).status).toBe(431);
    expect(await client.rest()).toHaveLength(0);
  });

  it("answers 408 to headers that do not end in time", async () => {
    expect(await ask(`GET / HTTP/1.1\r\n${HOST}X-Slow: `, { headersTimeoutMs: 30 })).toMatchObject({
      status: 408,
      closes: true,
    });
  });

  it("ends a connection that never sends a request", async () => {
    await using harness = await serve(() => ({ status: 200 }), { limits: { headersTimeoutMs: 30 } });
    const client = await harness.client();
    expect((await client.rest()).toString()).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe("headers", () => {
  it("hands names on in lower case and joins repeated ones", async () => {
    const { seen } = await ask(`GET / HTTP/1.1\r\n${HOST}Accept: a\r\nACCEPT: b\r\nCookie: c=1\r\ncookie: d=2\r\n\r\n`);
    expect(seen[0]?.headers).toEqual(
      Object.assign(Object.create(null), { host: "localhost", accept: "a, b", cookie: "c=1; d=2" }),
    );
  });

  it.each(["Authorization", "Host", "Content-Type", "X-Amz-Target", "x-amz-date", "Range"])(
    "answers 400 to two %s headers",
    async (name) => {
      const host = name === "Host" ? "" : HOST;
      const bytes = `GET / HTTP/1.1\r\n${host}${name}: a\r\n${name.toUpperCase()}: a\r\n\r\n`;
      expect(await ask(bytes)).toMatchObject({ status: 400, closes: true, calls: 0 });
    },
  );

  it("has no names that nobody sent", async () => {
    const { seen } = await ask(`GET / HTTP/1.1\r\n${HOST}__proto__: x\r\n\r\n`);
    expect(seen[0]?.headers["constructor"]).toBeUndefined();
    expect(seen[0]?.headers["__proto__"]).toBe("x");
  });

  it.each([
    ["no Host", ""],
    ["an empty Host", "Host:\r\n"],
    ["a Host with a path", "Host: a/b\r\n"],
    ["a Host with user information", "Host: a@b\r\n"],
    ["a Host with a space", "Host: a b\r\n"],
    ["a Host with a byte above ASCII", "Host: a\xff\r\n"],
    ["a Host with quotes", 'Host: a"b\r\n'],
    ["a NUL in a value", `${HOST}X-A: a\0b\r\n`],
    ["a bare CR in a value", `${HOST}X-A: a\rb\r\n`],
    ["a bare LF as line end", `${HOST}X-A: a\nX-B: c\r\n`],
    ["a space before the colon", `${HOST}X-A : a\r\n`],
    ["a line without a colon", `${HOST}nonsense\r\n`],
    ["a control byte in a name", `${HOST}X\x01A: a\r\n`],
    ["a folded line", `${HOST}X-A: a\r\n b\r\n`],
    ["a first line that is folded", ` ${HOST}`],
  ])("answers 400 to %s", async (_case, lines) => {
    expect(await ask(`GET / HTTP/1.1\r\n${lines}\r\n`)).toMatchObject({ status: 400, closes: true, calls: 0 });
  });

  it.each(["localhost:5100", "[::1]:5100", "000000000000.dkr.ecr.us-east-1.amazonaws.com"])(
    "takes Host: %s",
    async (host) => {
      expect(await ask(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toMatchObject({ status: 200 });
    },
  );
});

describe("targets", () => {
  it.each([
    ["/v2/a%2Fb?x=%00", "/v2/a%2Fb?x=%00"],
    ["http://registry.example:80/v2/?n=1", "/v2/?n=1"],
    ["HTTPS://registry.example", "/"],
    ["http://registry.example?n=1", "/?n=1"],
  ])("takes %s for %s", async (sent, target) => {
    const { seen } = await ask(`GET ${sent} HTTP/1.1\r\n${HOST}\r\n`);
    expect(seen[0]?.target).toBe(target);
  });

  it("believes the authority of an absolute target before the Host header", async () => {
    const { seen } = await ask(`GET http://other.example:81/ HTTP/1.1\r\n${HOST}\r\n`);
    expect(seen[0]?.headers["host"]).toBe("other.example:81");
  });

  it("takes * for OPTIONS", async () => {
    const { seen } = await ask(`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`);
    expect(seen[0]?.target).toBe("*");
  });

  it.each(["*", "/a\xe9", "/a#b", "ftp://h/", "http://u@h/", "http:///a"])("answers 400 to GET %s", async (target) => {
    expect(await ask(`GET ${target} HTTP/1.1\r\n${HOST}\r\n`)).toMatchObject({ status: 400, closes: true, calls: 0 });
  });
});

describe("versions and methods", () => {
  it("serves HTTP/1.0 without keeping the connection", async () => {
    expect(await ask("GET / HTTP/1.0\r\n\r\n")).toMatchObject({ status: 200, closes: true });
  });

  it.each([
    ["GET / HTTP/2.0\r\n", 505],
    ["GET / HTTP/1.2\r\n", 505],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ["GET /\r\n", 505],
    ["\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", 400],
    ["NOTAMETHOD / HTTP/1.1\r\n", 400],
  ])("refuses %j with %i", async (line, status) => {
    expect(await ask(`${line}${HOST}\r\n`)).toMatchObject({ status, closes: true, calls: 0 });
  });

  it("refuses CONNECT with 405", async () => {
    expect(await ask(`CONNECT a:1 HTTP/1.1\r\n${HOST}\r\n`)).toMatchObject({ status: 405, closes: true, calls: 0 });
  });

  it("survives a reset by the client that sent CONNECT", async () => {
    await using harness = await serve(() => ({ status: 200, body: "fine" }));
    for (let count = 0; count < 20; count += 1) {
      const client = await harness.client();
      client.send(`CONNECT a:1 HTTP/1.1\r\n${HOST}\r\n`);
      if (count % 2 === 0) await new Promise(setImmediate);
      client.socket.resetAndDestroy();
      await client.rest();
    }
    const client = await harness.client();
    client.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
    expect((await client.reply()).status).toBe(200);
  });

  it("ends the connection on CONNECT behind a request in flight", async () => {
    await using harness = await serve(() => new Promise(() => {}), {});
    const client = await harness.client();
    client.send(`GET / HTTP/1.1\r\n${HOST}\r\nCONNECT a:1 HTTP/1.1\r\n${HOST}\r\n`);
    expect(await client.rest()).toHaveLength(0);
    expect((await harness.done.take()).status).toBe(499);
  });

  it("ignores an offer to upgrade", async () => {
    const { status, seen } = await ask(`GET / HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`);
    expect(status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  it("answers 417 to an expectation that it does not know", async () => {
    expect(await ask(`GET / HTTP/1.1\r\n${HOST}Expect: miracle\r\n\r\n`)).toMatchObject({ status: 417, calls: 0 });
  });
});

describe("smuggling: a length that two readers may understand differently", () => {
  const inner = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

  it.each([
    ["both length and chunked", `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n`, 400],
    ["chunked and then length", `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n`, 400],
    ["two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n", 400],
    ["the same length twice", "Content-Length: 4\r\nContent-Length: 4\r\n", 400],
    ["a list of lengths", "Content-Length: 4, 4\r\n", 400],
    ["a length with a sign", "Content-Length: +4\r\n", 400],
    ["a negative length", "Content-Length: -4\r\n", 400],
    ["a hexadecimal length", "Content-Length: 0x4\r\n", 400],
    ["a length with an underscore", "Content-Length: 4_0\r\n", 400],
    ["an empty length", "Content-Length:\r\n", 400],
    ["a length beyond counting", "Content-Length: 99999999999999999999\r\n", 400],
    ["a length beyond exact numbers", "Content-Length: 9007199254740993\r\n", 400],
    ["another coding", "Transfer-Encoding: gzip, chunked\r\n", 501],
    ["a coding that does not end in chunked", "Transfer-Encoding: chunked, gzip\r\n", 400],
    ["chunked twice", "Transfer-Encoding: chunked, chunked\r\n", 400],
    ["chunked in two headers", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400],
    ["chunked and identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400],
    ["a disguised chunked", "Transfer-Encoding: \x0bchunked\r\n", 400],
    ["chunked with a suffix", "Transfer-Encoding: chunkedx\r\n", 400],
    ["chunked under a name with a space", "Transfer-Encoding : chunked\r\n", 400],
  ])("refuses %s", async (_case, lines, status) => {
    const answer = await ask(`POST / HTTP/1.1\r\n${HOST}${lines}\r\n0\r\n\r\n${inner}`);
    expect(answer).toMatchObject({ status, closes: true, calls: 0 });
  });

  it("refuses chunked from HTTP/1.0", async () => {
    const answer = await ask(`POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
    expect(answer).toMatchObject({ status: 400, closes: true, calls: 0 });
  });

  it("takes chunked in capitals", async () => {
    const { status, seen } = await ask(`POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n`);
    expect(status).toBe(200);
    expect(seen[0]?.contentLength).toBeUndefined();
  });
});
