import { describe, expect, it } from "vitest";
import { serve } from "./testing/harness.ts";

const HEAD = "Host: localhost\r\n";
const MIB = 1024 * 1024;

describe("the memory of a chunk of a body", () => {
  it("is given back once the next is asked for", async () => {
    const lent: Uint8Array[] = [];
    await using harness = await serve(async (request) => {
      for await (const chunk of request.body) {
        if (chunk.some((byte) => byte !== 7)) throw new Error("a chunk has other bytes");
        lent.push(chunk);
      }
      return { status: 200 };
    });
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: ${MIB}\r\n\r\n`);
    client.send(Buffer.alloc(MIB, 7));
    expect((await client.reply()).status).toBe(200);
    expect(lent.length).toBeGreaterThan(1);
    expect(lent.map(({ length }) => length)).toEqual(lent.map(() => 0));
  });

  it("stays with a reader that stops there, also while the rest is dropped", async () => {
    let kept = new Uint8Array();
    await using harness = await serve(async (request) => {
      for await (const chunk of request.body) {
        kept = chunk as typeof kept;
        break;
      }
      return { status: 200 };
    });
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 100000\r\n\r\n`);
    client.send(Buffer.alloc(50_000, 7));
    expect((await client.reply()).status).toBe(200);
    client.send(Buffer.alloc(50_000, 8));
    await harness.done.take();
    client.send(`GET / HTTP/1.1\r\n${HEAD}\r\n`);
    expect((await client.reply()).status).toBe(200);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every((byte) => byte === 7)).toBe(true);
  });
});
