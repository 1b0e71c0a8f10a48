import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { fetchHttp, MAX_REPLY_BYTES } from "./fetch-http.ts";
import { platform } from "./node/platform.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const request = (url: string) => ({ method: "POST", url, headers: {}, body: new TextEncoder().encode("{}") });

describe("over a real connection", () => {
  it("sends method, headers and bytes, and reads status, headers and bytes", async () => {
    const url = await serve((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        outgoing.writeHead(418, { "X-Seen": String(incoming.headers["x-sent"]) });
        outgoing.write(`${incoming.method} `);
        setImmediate(() => outgoing.end(Buffer.concat(chunks)));
      });
    });
    const headers = { "x-sent": "1", host: "elsewhere", "content-length": "99" };
    const reply = await platform.http.send({ ...request(url), headers });
    expect([reply.status, reply.headers["x-seen"], new TextDecoder().decode(reply.body)]).toEqual([
      418,
      "1",
      "POST {}",
    ]);
  });

  it("follows no redirect", async () => {
    const url = await serve((_, outgoing) => outgoing.writeHead(307, { location: "http://127.0.0.1:1/" }).end());
    expect((await platform.http.send(request(url))).status).toBe(307);
  });

  it("rejects when the connection breaks, and when its signal aborts", async () => {
    const broken = await serve((_, outgoing) => outgoing.destroy());
    await expect(platform.http.send(request(broken))).rejects.toThrow("fetch failed");
    const controller = new AbortController();
    const silent = await serve(() => controller.abort(new Error("enough")));
    await expect(platform.http.send({ ...request(silent), signal: controller.signal })).rejects.toThrow("enough");
  });
});

describe("the size of an answer", () => {
  const answering = (sizes: readonly number[]) => {
    let cancelled = false;
    const chunks = sizes.map((size) => new Uint8Array(size));
    const body = {
      getReader: () => ({
        read: () => {
          const value = chunks.shift();
          return Promise.resolve(value === undefined ? { done: true } : { done: false, value });
        },
        cancel: () => Promise.resolve(void (cancelled = true)),
      }),
    };
    const http = fetchHttp(() => Promise.resolve({ status: 200, headers: new Headers(), body }));
    return { http, isCancelled: () => cancelled };
  };

  it("may be 64 MiB", async () => {
    const { http } = answering([MAX_REPLY_BYTES - 1, 1]);
    expect((await http.send(request("http://x/"))).body).toHaveLength(MAX_REPLY_BYTES);
  });

  it("may be no byte more, and the rest is not read", async () => {
    const { http, isCancelled } = answering([MAX_REPLY_BYTES, 1, 1]);
    await expect(http.send(request("http://x/"))).rejects.toThrow(RangeError);
    expect(isCancelled()).toBe(true);
  });

  it("may be nothing at all", async () => {
    const http = fetchHttp(() => Promise.resolve({ status: 204, headers: new Headers(), body: null }));
    expect((await http.send(request("http://x/"))).body).toHaveLength(0);
  });
});

describe("the clock of the machine", () => {
  it("sleeps, and wakes at once when told to", async () => {
    await platform.clock.sleep(0);
    const controller = new AbortController();
    const sleep = platform.clock.sleep(3_600_000, controller.signal);
    controller.abort(new Error("wake up"));
    await expect(sleep).rejects.toThrow("wake up");
    await expect(platform.clock.sleep(0, controller.signal)).rejects.toThrow("wake up");
  });
});

it("digests off the thread what the hasher digests on it", async () => {
  const bytes = new TextEncoder().encode("bytes");
  expect(Buffer.from(await platform.digest(bytes))).toEqual(Buffer.from(platform.hasher.sha256(bytes)));
});
