import { describe, expect, it } from "vitest";
import { BodyTooLarge } from "./errors.ts";
import { contentCoding, readBody } from "./read-body.ts";
import { serve } from "./testing/harness.ts";

const HEAD = "Host: localhost\r\n";

describe("readBody", () => {
  const ask = async (bytes: string): Promise<string> => {
    await using harness = await serve(async (request) => {
      try {
        return { status: 200, body: await readBody(request, 10) };
      } catch (error) {
        if (!(error instanceof BodyTooLarge)) throw error;
        return { status: 413, body: `over ${error.limitBytes}` };
      }
    });
    const client = await harness.client();
    client.send(bytes);
    const { status, body } = await client.reply();
    return `${status} ${body.toString()}`;
  };

  it("takes a declared length at the limit and refuses one past it", async () => {
    expect(await ask(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 10\r\n\r\n0123456789`)).toBe("200 0123456789");
    expect(await ask(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 11\r\n\r\n`)).toBe("413 over 10");
  });

  it("takes chunks up to the limit and refuses one byte past it before the body has ended", async () => {
    const start = `PUT / HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n`;
    expect(await ask(`${start}5\r\n56789\r\n0\r\n\r\n`)).toBe("200 0123456789");
    expect(await ask(`${start}6\r\n56789x\r\n`)).toBe("413 over 10");
  });

  it("is answered 413 when the handler does not catch it", async () => {
    await using harness = await serve(async (request) => ({ status: 200, body: await readBody(request, 100) }));
    const client = await harness.client();
    client.send(`PUT / HTTP/1.1\r\n${HEAD}Content-Length: 101\r\n\r\n`);
    expect((await client.reply()).status).toBe(413);
    expect(harness.errors.size).toBe(0);
  });
});

describe("readBody of any chunking", () => {
  it.each([1, 3, 70_000, 200_000])("by %i bytes gives the same bytes", async (size) => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => at % 253);
    async function* body(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
    }
    expect(Buffer.compare(await readBody({ body: body(), contentLength: undefined }, 200_000), bytes)).toBe(0);
    expect(Buffer.compare(await readBody({ body: body(), contentLength: 200_000 }, 300_000), bytes)).toBe(0);
    await expect(readBody({ body: body(), contentLength: undefined }, 199_999)).rejects.toBeInstanceOf(BodyTooLarge);
  });
});

describe("contentCoding", () => {
  it.each([
    [{}, "identity"],
    [{ "content-encoding": "" }, "identity"],
    [{ "content-encoding": " Identity " }, "identity"],
    [{ "content-encoding": "GZIP" }, "gzip"],
    [{ "content-encoding": "gzip, br" }, "gzip, br"],
  ])("of %j is %s", (headers, coding) => {
    expect(contentCoding({ headers })).toBe(coding);
  });
});
