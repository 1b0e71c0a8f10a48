import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterEach, describe, expect, it } from "vitest";
import { fetchHttp } from "./fetch-http.ts";
import { MAX_REPLY_BYTES } from "./http.ts";
import type { Http } from "./http.ts";
import { nodeHttp } from "./node/node-http.ts";
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

function* zeros(bytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(1024 * 1024);
  for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
}

describe.each<readonly [string, Http]>([
  ["fetch", fetchHttp((url, init) => fetch(url, init as RequestInit))],
  ["node:http", nodeHttp()],
])("over a real connection, by %s", (_, http) => {
  it("sends method, headers and bytes, and reads status, headers and bytes", async () => {
    const url = await serve((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const { "x-sent": sent, "content-length": length } = incoming.headers;
        outgoing.writeHead(418, { "X-Seen": `${String(sent)} ${length}`, "x-twice": ["a", "b"] });
        outgoing.write(`${incoming.method} `);
        setImmediate(() => outgoing.end(Buffer.concat(chunks)));
      });
    });
    const reply = await http.send({ ...request(url), headers: { "x-sent": "1" } });
    expect([reply.status, reply.headers["x-seen"], reply.headers["x-twice"]]).toEqual([418, "1 2", "a, b"]);
    expect(new TextDecoder().decode(reply.body)).toBe("POST {}");
  });

  it("follows no redirect", async () => {
    const url = await serve((__, outgoing) => outgoing.writeHead(307, { location: "http://127.0.0.1:1/" }).end());
    expect((await http.send(request(url))).status).toBe(307);
  });

  it("keeps connections for later requests", async () => {
    const ports = new Set<unknown>();
    const url = await serve((incoming, outgoing) => {
      ports.add(incoming.socket.remotePort);
      incoming.resume().on("end", () => outgoing.end());
    });
    for (let sent = 0; sent < 6; sent += 1) await http.send(request(url));
    expect(ports.size).toBeLessThan(4);
  });

  it("rejects when the connection breaks, before or amid the answer", async () => {
    const before = await serve((__, outgoing) => outgoing.destroy());
    await expect(http.send(request(before))).rejects.toThrow(Error);
    const amid = await serve((__, outgoing) => {
      outgoing.writeHead(200, { "content-length": "10" }).write("half");
      setImmediate(() => outgoing.destroy());
    });
    await expect(http.send(request(amid))).rejects.toThrow(Error);
  });

  it("ends when its signal aborts", async () => {
    const controller = new AbortController();
    const silent = await serve(() => controller.abort());
    await expect(http.send({ ...request(silent), signal: controller.signal })).rejects.toThrow("aborted");
  });

  it("reads an answer of 64 MiB and refuses one of a byte more", async () => {
    const sizes = [MAX_REPLY_BYTES, MAX_REPLY_BYTES + 1];
    const url = await serve((__, outgoing) => {
      // The client hangs up on the one that is too long.
      pipeline(Readable.from(zeros(sizes.shift() ?? 0)), outgoing).catch(() => undefined);
    });
    expect((await http.send(request(url))).body).toHaveLength(MAX_REPLY_BYTES);
    await expect(http.send(request(url))).rejects.toThrow(RangeError);
  });
});

describe("fetch", () => {
  it("is not given the headers that runtimes write themselves", async () => {
    const given: object[] = [];
    const http = fetchHttp((_, { headers }) => {
      given.push(headers);
      return Promise.resolve({ status: 204, headers: new Headers(), body: null });
    });
    const headers = { "x-sent": "1", host: "elsewhere", "content-length": "99" };
    expect((await http.send({ ...request("http://x/"), headers })).body).toHaveLength(0);
    expect(given).toEqual([{ "x-sent": "1" }]);
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
