import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { OciClient } from "@stowage/client";
import { digestOf } from "@stowage/model";
import { expect, it } from "vitest";
import { answer, FakeRegistry } from "./fake-registry.ts";
import { collected } from "./registries.ts";

const content = randomBytes(5_000_000);
const digest = digestOf("sha256", createHash("sha256").update(content).digest("hex"));
const LENGTH = `content-length: ${content.length}`;

/** Answers each connection's request with these bytes, written as they are. */
async function rawServer(answers: readonly (string | Buffer)[][]) {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => {
      for (const piece of answers[Math.min(connections, answers.length - 1)] ?? []) socket.write(piece);
      connections += 1;
      socket.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function read(endpoint: string): Promise<Buffer> {
  const client = new OciClient({ endpoint, maxAttempts: 1 });
  return collected(client.getBlob("a/b", digest, { sizeBytes: content.length }));
}

it("a large blob comes whole, however its head is cut", async () => {
  const head = `HTTP/1.1 200 OK\r\n${LENGTH}\r\nX: y\r\n\r\n`;
  await using server = await rawServer([
    [head.slice(0, 20), head.slice(20), content.subarray(0, 1), content.subarray(1)],
  ]);
  expect((await read(server.endpoint)).equals(content)).toBe(true);
  expect(server.connections).toBe(1);
});

it.each([
  ["chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
  ["told two lengths", `HTTP/1.1 200 OK\r\n${LENGTH}\r\ncontent-length: 5\r\n\r\n`],
  ["told no length", "HTTP/1.1 200 OK\r\n\r\n"],
  ["answered by another protocol", `HTTP/2 200\r\n${LENGTH}\r\n\r\n`],
  ["with a folded field", `HTTP/1.1 200 OK\r\n${LENGTH}\r\nX: a\r\n b\r\n\r\n`],
  ["refused", "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"],
  ["with a head without end", `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(4000)}`],
])("a large answer that is %s is asked for once more, in the common way", async (_, head) => {
  await using server = await rawServer([[head], [`HTTP/1.1 200 OK\r\n${LENGTH}\r\n\r\n`, content]]);
  expect((await read(server.endpoint)).equals(content)).toBe(true);
  expect(server.connections).toBe(2);
});

it("a large answer that ends early is told as no answer", async () => {
  await using server = await rawServer([[`HTTP/1.1 200 OK\r\n${LENGTH}\r\n\r\n`, content.subarray(0, 4_000_000)]]);
  await expect(read(server.endpoint)).rejects.toThrow("The connection ended early");
});

it("a server is made to wait for a reader that takes its time, and let go by one that leaves", async () => {
  let left = 200;
  let closed: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const piece = Buffer.alloc(1_000_000);
  await using registry = await FakeRegistry.open((_, response) => {
    response.on("close", closed);
    response.writeHead(200, { "content-length": String(200 * piece.length) });
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= 1;
        if (!response.write(piece)) return void response.once("drain", more);
      }
    };
    more();
  });
  const range = { fromByte: 0, lengthBytes: 200 * piece.length };
  for await (const chunk of registry.client().getBlobRange("a/b", digest, range)) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  await gone;
  expect(left).toBeGreaterThan(100);
});

it("redirected large blobs come from where they lead", async () => {
  await using store = await rawServer([[`HTTP/1.1 200 OK\r\n${LENGTH}\r\n\r\n`, content]]);
  await using registry = await FakeRegistry.open((_, response) => {
    answer(response, 307, { headers: { location: `${store.endpoint}/layer?signature=x` } });
  });
  expect((await read(registry.origin)).equals(content)).toBe(true);
});
