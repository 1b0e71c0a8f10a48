import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, unlink } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openOffline, start, type RunningServer, type StartOptions } from "./index.ts";

let folder: string;
let data: string;
const running: RunningServer[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stowage-start-"));
  data = join(folder, "data");
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
  await rm(folder, { recursive: true });
});

async function begin(options: StartOptions = {}): Promise<RunningServer> {
  const flags = { data, listen: "127.0.0.1:0", "log-level": "silent", ...options.flags };
  const server = await start({ ...options, flags });
  running.push(server);
  return server;
}

describe("a server", () => {
  it("makes an account, a key and a master key at its first start, and finds them at its second", async () => {
    const first = await begin();
    expect(first.isNew).toBe(true);
    expect((await stat(join(data, "keys", "master.key"))).mode & 0o777).toBe(0o600);
    const key = await first.credentials();
    await first.close();
    const second = await begin();
    expect(second.isNew).toBe(false);
    expect(await second.credentials()).toEqual(key);
  });

  it("says where it is, and takes that back when it stops", async () => {
    const server = await begin();
    expect(server.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:[1-9][0-9]*$/);
    expect(JSON.parse(await readFile(join(data, "run.json"), "utf8"))).toEqual({
      pid: process.pid,
      endpoint: server.endpoint.replace("127.0.0.1", "localhost"),
      account: "000000000000",
      region: "us-east-1",
    });
    await server.close();
    await server.close();
    await expect(readFile(join(data, "run.json"))).rejects.toThrow("ENOENT");
    await expect(fetch(server.endpoint)).rejects.toThrow();
  });

  it("answers on every door of its port", async () => {
    const { endpoint } = await begin();
    const answer = async (path: string, init?: RequestInit): Promise<[number, string | null]> => {
      const reply = await fetch(endpoint + path, init);
      await reply.bytes();
      return [reply.status, reply.headers.get("content-type")];
    };
    expect(await answer("/readyz")).toEqual([200, "text/plain; charset=utf-8"]);
    expect(await answer("/healthz")).toEqual([200, "text/plain; charset=utf-8"]);
    expect(await answer("/")).toEqual([200, "text/html; charset=utf-8"]);
    expect(await answer("/v2/")).toEqual([401, "text/plain; charset=utf-8"]);
    expect(await answer("/layers/x")).toEqual([403, "application/xml"]);
    expect(await answer("/", { method: "POST" })).toEqual([400, "application/x-amz-json-1.1"]);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect(await answer("/", { method: "POST", headers: form, body: "Action=x" })).toEqual([403, "text/xml"]);
    const admin = { "x-amz-target": "Stowage_V1.GetStatus" };
    expect(await answer("/", { method: "POST", headers: admin })).toEqual([400, "application/x-amz-json-1.1"]);
  });

  it("counts requests and tells what it holds", async () => {
    const { endpoint } = await begin();
    await (await fetch(`${endpoint}/healthz`)).text();
    const text = await (await fetch(`${endpoint}/metrics`)).text();
    expect(text).toContain('stowage_http_request_duration_seconds_count{door="health",status="2xx"} 1');
    expect(text).toContain('stowage_stored{what="repositories"} 0');
    const silent = await begin({ flags: { data: join(folder, "other"), metrics: false } });
    expect((await fetch(`${silent.endpoint}/metrics`)).status).toBe(404);
  });

  it("shows a page that repeats no markup from the Host header", async () => {
    const { endpoint } = await begin();
    const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
    socket.end('GET / HTTP/1.1\r\nHost: "><script>alert(1)</script>\r\nConnection: close\r\n\r\n');
    let text = "";
    for await (const chunk of socket) text += String(chunk);
    expect(text).not.toContain("<script>");
  });

  it("goes by the clock that it is given", async () => {
    const clock = new FakeClock(new Date("2030-01-01T00:00:00Z"));
    await (await begin({ clock })).close();
    const installation = await openOffline({ flags: { data } });
    if (installation.isRunning) throw new Error("a server runs");
    const { accessKeys } = await installation.admin("ListAccessKeys", {});
    await installation.close();
    expect(accessKeys.map(({ createdAt }) => createdAt)).toEqual([clock.now()]);
  });
});

describe("a start is refused", () => {
  it("on a directory that another server has, naming it", async () => {
    const { endpoint } = await begin();
    const second = begin();
    await expect(second).rejects.toMatchObject({ name: "DirectoryInUse" });
    await expect(second).rejects.toThrow(
      `in use by the server at ${endpoint.replace("127.0.0.1", "localhost")} (process ${process.pid})`,
    );
  });

  it("on a port that is taken, and leaves the directory free", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(begin({ flags: { listen: `127.0.0.1:${port}` } })).rejects.toThrow(
      /^Cannot listen on 127\.0\.0\.1 port/,
    );
    other.close();
    await begin();
  });

  it("without the master key of an existing installation", async () => {
    await (await begin()).close();
    await unlink(join(data, "keys", "master.key"));
    await expect(begin()).rejects.toMatchObject({ name: "ConfigError" });
    await expect(stat(join(data, "keys", "master.key"))).rejects.toThrow("ENOENT");
  });

  it("with another master key than the one that sealed the secrets", async () => {
    const environment = { STOWAGE_MASTER_KEY: Buffer.alloc(32, 1).toString("base64") };
    await (await begin({ environment })).close();
    await expect(stat(join(data, "keys", "master.key"))).rejects.toThrow("ENOENT");
    await (await begin({ environment })).close();
    const wrong = { STOWAGE_MASTER_KEY: Buffer.alloc(32, 2).toString("base64") };
    await expect(begin({ environment: wrong })).rejects.toThrow("does not open the secrets");
  });
});

describe("stopping", () => {
  it("finishes what is in flight", async () => {
    const server = await begin();
    const socket = connect(Number(new URL(server.endpoint).port), "127.0.0.1");
    const asked = once(socket, "data");
    socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n");
    socket.write("X-Amz-Target: Stowage_V1.GetStatus\r\n\r\n");
    expect(String((await asked)[0])).toContain("100 Continue");
    const closed = server.close();
    const answer = once(socket, "data");
    socket.write("{}");
    expect(String((await answer)[0])).toContain("HTTP/1.1 400");
    await closed;
  });

  it("cuts what does not finish within the drain time", async () => {
    const server = await begin({ flags: { "shutdown-drain-seconds": 0 } });
    const socket = connect(Number(new URL(server.endpoint).port), "127.0.0.1");
    const asked = once(socket, "data");
    socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n");
    socket.write("X-Amz-Target: Stowage_V1.GetStatus\r\n\r\n");
    expect(String((await asked)[0])).toContain("100 Continue");
    socket.on("error", () => undefined);
    const gone = once(socket, "close");
    await server.close();
    await gone;
  });
});

describe("the log", () => {
  it("has a line for each request, and never a secret", async () => {
    let log = "";
    const logStream = { write: (line: string) => void (log += line) };
    const server = await begin({ flags: { "log-level": "debug" }, logStream });
    const { accessKeyId, secretAccessKey } = await server.credentials();
    const authorization = `Basic ${Buffer.from(`AWS:${secretAccessKey}`).toString("base64")}`;
    await fetch(`${server.endpoint}/v2/?token=${secretAccessKey}&X-Amz-Signature=${secretAccessKey}`, {
      headers: { authorization },
    });
    await fetch(`${server.endpoint}/`, {
      method: "POST",
      headers: {
        "x-amz-target": "Stowage_V1.CreateAccessKey",
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/x, Signature=${secretAccessKey}`,
      },
      body: JSON.stringify({ secretAccessKey }),
    });
    await server.close();
    const lines = log
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ msg, status }) => [msg, status])).toEqual([
      ["listening", undefined],
      ["request", 401],
      ["request", 400],
    ]);
    expect(lines[1]).toMatchObject({ level: "info", method: "GET", target: "/v2/?token=***&X-Amz-Signature=***" });
    const masterKey = (await readFile(join(data, "keys", "master.key"), "utf8")).trim();
    for (const secret of [secretAccessKey, masterKey, authorization]) expect(log).not.toContain(secret);
  });

  it("may leave requests out, and warns of what is odd", async () => {
    let log = "";
    const logStream = { write: (line: string) => void (log += line) };
    const environment = { STOWAGE_LISTN: "x" };
    const flags = { "log-access": false, "log-level": "warn" };
    const server = await begin({ flags, logStream, environment });
    await fetch(`${server.endpoint}/healthz`);
    await server.close();
    expect(log.trim().split("\n")).toHaveLength(1);
    expect(log).toContain("Did you mean STOWAGE_LISTEN?");
  });
});
