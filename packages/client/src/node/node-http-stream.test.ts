import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { nodeHttpStream } from "./node-http-stream.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const opened: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Served {
  readonly url: string;
  readonly connections: number;
}

async function serve(handler: Handler): Promise<Served> {
  let connections = 0;
  const server = createServer(handler).on("connection", () => (connections += 1));
  opened.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    get connections() {
      return connections;
    },
  };
}

/** Holds every request until a test answers it. */
async function holding(): Promise<{
  readonly server: Served;
  readonly held: readonly ServerResponse[];
  readonly until: (count: number) => Promise<void>;
}> {
  const held: ServerResponse[] = [];
  let arrived = (): void => undefined;
  const server = await serve((_, response) => {
    held.push(response);
    arrived();
  });
  const until = async (count: number): Promise<void> => {
    while (held.length < count) await new Promise<void>((resolve) => (arrived = resolve));
  };
  return { server, held, until };
}

describe("connections", () => {
  it("are up to 50 to one host, and a further request waits for one of them", async () => {
    const { server, held, until } = await holding();
    const http = nodeHttpStream();
    const requests = Array.from({ length: 51 }, () => http.open({ method: "GET", url: server.url, headers: {} }));
    await until(50);
    expect(server.connections).toBe(50);
    held[0]?.writeHead(200, { "content-length": 0 }).end();
    for await (const _ of (await Promise.race(requests)).body);
    await until(51);
    expect(server.connections).toBe(50);
    for (const response of held) response.end();
    await Promise.all(requests);
  });

  it.each([
    [64 * 1024, "is kept", 50],
    [64 * 1024 + 1, "is given up", 51],
  ])("whose answer of %i bytes is discarded %s", async (sizeBytes, _, connections) => {
    const { server, held, until } = await holding();
    const http = nodeHttpStream();
    const request = { method: "GET", url: server.url, headers: {} };
    const first = http.open(request);
    await until(1);
    // With as many others as there may be, the next request gets what becomes of this one's connection.
    const others = Array.from({ length: 49 }, () => http.open(request));
    await until(50);
    held[0]?.writeHead(200, { "content-length": sizeBytes }).end(Buffer.alloc(sizeBytes));
    (await first).discard();
    const next = http.open(request);
    await until(51);
    expect(server.connections).toBe(connections);
    for (const response of held) response.end();
    await Promise.all([...others, next]);
  });
});

describe("the memory of an answer", () => {
  async function read(status: number, reusesMemory: boolean): Promise<readonly number[]> {
    const { url } = await serve((_, response) => response.writeHead(status).end(Buffer.alloc(100_000, 7)));
    const { body } = await nodeHttpStream().open({ method: "GET", url, headers: {}, reusesMemory });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) {
      expect(chunk.every((byte) => byte === 7)).toBe(true);
      chunks.push(chunk);
    }
    return chunks.map(({ length }) => length);
  }

  it.each([200, 206])("of status %i is given back when the next chunk is asked for", async (status) => {
    const left = await read(status, true);
    expect(left).toEqual(left.map(() => 0));
  });

  it.each([
    [200, false],
    [400, true],
  ])("of status %i stays with a reader who needs it longer", async (status, reusesMemory) => {
    const left = await read(status, reusesMemory);
    expect(left.reduce((sum, length) => sum + length, 0)).toBe(100_000);
  });
});
