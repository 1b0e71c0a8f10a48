import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ContentMismatchError, ociPlatform, OciError, UnsafeAddressError } from "@stowage/client";
import { digestOf } from "@stowage/model";
import { describe, expect, it } from "vitest";
import { answer, bodyOf, chunksOf, FakeRegistry } from "./fake-registry.ts";

const content = randomBytes(3_000_000);
const expected = {
  digest: digestOf("sha256", createHash("sha256").update(content).digest("hex")),
  sizeBytes: content.length,
};
const blob = { expected, open: (fromByte: number) => chunksOf(content.subarray(fromByte)) };
const LOCATION = "/v2/a/b/blobs/uploads/one";

type Step = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Opens a session, answers HEAD with 404, and leaves the rest to the test. */
function scripted(steps: Readonly<Record<string, Step>>): Step {
  return (request, response) => {
    const { method = "" } = request;
    const step = steps[method];
    if (step !== undefined) return step(request, response);
    if (method === "POST") answer(response, 202, { headers: { location: LOCATION } });
    else answer(response, method === "DELETE" ? 204 : 404);
    return undefined;
  };
}

describe("an upload", () => {
  it("is one streamed request when the size is known", async () => {
    let received: Buffer = Buffer.alloc(0);
    await using registry = await FakeRegistry.open(
      scripted({
        PUT: async (request, response) => {
          received = await bodyOf(request);
          answer(response, 201, { headers: { "docker-content-digest": expected.digest } });
        },
      }),
    );
    const sent: number[] = [];
    await registry.client().uploadBlob("a/b", blob, { onBytes: (done) => sent.push(done) });
    expect(received.equals(content)).toBe(true);
    expect(registry.seen.map(({ method, headers }) => `${method} ${headers["content-length"]}`)).toEqual([
      "POST 0",
      "PUT 3000000",
    ]);
    expect(sent.at(-1)).toBe(content.length);
  });

  it("that breaks goes on from where the registry is", async () => {
    const held: Buffer[] = [];
    await using registry = await FakeRegistry.open(
      scripted({
        PUT: async (request, response) => {
          if (held.length > 0) return answer(response, 201);
          for await (const chunk of request) {
            held.push(chunk as Buffer);
            if (Buffer.concat(held).length > 1_000_000) break;
          }
          response.destroy();
          return undefined;
        },
        GET: (_, response) => {
          const range = `0-${Buffer.concat(held).length - 1}`;
          answer(response, 204, { headers: { location: LOCATION, range } });
        },
        PATCH: async (request, response) => {
          held.push(await bodyOf(request));
          answer(response, 202, { headers: { location: LOCATION } });
        },
      }),
    );
    await registry.client().uploadBlob("a/b", blob);
    expect(Buffer.concat(held).equals(content)).toBe(true);
    expect(registry.seen.map(({ method }) => method)).toEqual(["POST", "PUT", "HEAD", "GET", "PATCH", "PUT"]);
  });

  it("whose session is gone begins anew, and one whose answer was lost is done", async () => {
    let puts = 0;
    await using registry = await FakeRegistry.open(
      scripted({
        PUT: async (request, response) => {
          puts += 1;
          if (puts === 1) return void response.destroy();
          await bodyOf(request);
          return void response.destroy();
        },
        HEAD: (_, response) => {
          answer(response, puts === 1 ? 404 : 200, puts === 1 ? {} : { headers: { "content-length": "3000000" } });
        },
      }),
    );
    await registry.client().uploadBlob("a/b", blob);
    const methods = registry.seen.map(({ method }) => method);
    expect(methods).toEqual(["POST", "PUT", "HEAD", "GET", "DELETE", "POST", "PUT", "HEAD"]);
  });

  it("of wrong bytes ends before they are whole, and is cancelled", async () => {
    let isWhole = false;
    await using registry = await FakeRegistry.open(
      scripted({
        PUT: async (request, response) => {
          await bodyOf(request).then(
            () => (isWhole = true),
            () => undefined,
          );
          answer(response, 201);
        },
      }),
    );
    for (const wrong of [Buffer.from(content).fill(1, 7, 8), content.subarray(1), Buffer.concat([content, content])]) {
      const open = (fromByte: number): AsyncGenerator<Uint8Array> => chunksOf(wrong.subarray(fromByte));
      await expect(registry.client().uploadBlob("a/b", { expected, open })).rejects.toThrow(ContentMismatchError);
    }
    expect(registry.lines.filter((line) => line === `DELETE ${LOCATION}`)).toHaveLength(3);
    expect(isWhole).toBe(false);
  });

  it("that the registry refuses while it comes is told with the registry's words, and cancelled", async () => {
    await using registry = await FakeRegistry.open(
      scripted({
        PUT: (_, response) => {
          const body = '{"errors":[{"code":"DENIED","message":"too large"}]}';
          answer(response, 403, { headers: { connection: "close" }, body });
        },
      }),
    );
    const failure = registry.client().uploadBlob("a/b", blob);
    await expect(failure).rejects.toThrow(OciError);
    await expect(failure).rejects.toThrow("DENIED: too large");
    expect(registry.lines.at(-1)).toBe(`DELETE ${LOCATION}`);
  });

  it("is not taken to another host", async () => {
    await using registry = await FakeRegistry.open(
      scripted({ POST: (_, response) => answer(response, 202, { headers: { location: "http://example.com/x" } }) }),
    );
    await expect(registry.client().uploadBlob("a/b", blob)).rejects.toThrow(UnsafeAddressError);
    expect(registry.seen).toHaveLength(1);
  });

  it("of unknown size is one PATCH, and PUT with the digest that was found", async () => {
    let received = 0;
    await using registry = await FakeRegistry.open(
      scripted({
        PATCH: async (request, response) => {
          received = (await bodyOf(request)).length;
          answer(response, 202, { headers: { location: `${LOCATION}?state=2` } });
        },
        PUT: (_, response) => answer(response, 201),
      }),
    );
    const uploaded = await registry.client().uploadBlob("a/b", { open: blob.open });
    expect(uploaded).toEqual(expected);
    expect(received).toBe(content.length);
    expect(registry.lines.at(-1)).toBe(`PUT ${LOCATION}?state=2&digest=${encodeURIComponent(expected.digest)}`);
  });
});

describe("where bodies cannot be streamed, an upload", () => {
  const http = { ...ociPlatform.http, streamsBodies: false };

  it("goes in parts, each told apart by its range, and a lost one is sent again from where the registry is", async () => {
    let held: Buffer = Buffer.alloc(0);
    let patches = 0;
    await using registry = await FakeRegistry.open(
      scripted({
        PATCH: async (request, response) => {
          patches += 1;
          const body = await bodyOf(request);
          expect(request.headers["content-range"]).toBe(`${held.length}-${held.length + body.length - 1}`);
          if (patches === 2) {
            held = Buffer.concat([held, body.subarray(0, 100)]);
            return void response.destroy();
          }
          held = Buffer.concat([held, body]);
          return answer(response, 202, { headers: { location: LOCATION, range: `0-${held.length - 1}` } });
        },
        GET: (_, response) => {
          answer(response, 204, { headers: { location: LOCATION, range: `0-${held.length - 1}` } });
        },
        PUT: (_, response) => answer(response, 201),
      }),
    );
    const client = registry.client({ http });
    await client.uploadBlob("a/b", blob, { partBytes: 1_000_000 });
    expect(held.equals(content)).toBe(true);
    expect(patches).toBe(4);
  });

  it("goes on where the registry is when it has more of a part than was known", async () => {
    let held: Buffer = Buffer.alloc(0);
    let isRepeated = false;
    await using registry = await FakeRegistry.open(
      scripted({
        PATCH: async (request, response) => {
          const body = await bodyOf(request);
          const at = Number.parseInt(request.headers["content-range"] ?? "", 10);
          if (!isRepeated) {
            // A browser whose connection broke after 100 bytes sends the part again by itself.
            isRepeated = true;
            held = body.subarray(0, 100);
            return answer(response, 416);
          }
          expect(at).toBe(held.length);
          held = Buffer.concat([held, body]);
          return answer(response, 202, { headers: { location: LOCATION, range: `0-${held.length - 1}` } });
        },
        GET: (_, response) => {
          answer(response, 204, { headers: { location: LOCATION, range: `0-${held.length - 1}` } });
        },
        PUT: (_, response) => answer(response, 201),
      }),
    );
    await registry.client({ http }).uploadBlob("a/b", blob, { partBytes: 1_000_000 });
    expect(held.equals(content)).toBe(true);
  });

  it("of one part begins anew when the registry got it after a piece of it", async () => {
    let puts = 0;
    const body = JSON.stringify({ errors: [{ code: "DIGEST_INVALID", message: "other bytes" }] });
    await using registry = await FakeRegistry.open(
      scripted({
        PUT: async (request, response) => {
          puts += 1;
          await bodyOf(request);
          answer(response, puts === 1 ? 400 : 201, puts === 1 ? { body } : {});
        },
      }),
    );
    await registry.client({ http }).uploadBlob("a/b", blob);
    expect(registry.seen.map(({ method }) => method)).toEqual(["POST", "PUT", "HEAD", "GET", "DELETE", "POST", "PUT"]);
  });

  it("whose range does not move is given up", async () => {
    await using registry = await FakeRegistry.open(
      scripted({
        PATCH: async (request, response) => {
          await bodyOf(request);
          answer(response, 202, { headers: { location: LOCATION, range: "0-99" } });
        },
      }),
    );
    const failure = registry.client({ http }).uploadBlob("a/b", blob, { partBytes: 1_000_000 });
    await expect(failure).rejects.toThrow(ContentMismatchError);
    expect(registry.lines.at(-1)).toBe(`DELETE ${LOCATION}`);
  });

  it("that fits into one part is one PUT", async () => {
    await using registry = await FakeRegistry.open(
      scripted({
        PUT: async (request, response) => {
          await bodyOf(request);
          answer(response, 201);
        },
      }),
    );
    await registry.client({ http }).uploadBlob("a/b", blob);
    expect(registry.seen.map(({ method }) => method)).toEqual(["POST", "PUT"]);
  });

  it.each([
    [4_000_000, ["POST", "PUT", "HEAD", "GET", "DELETE", "POST", "PUT"]],
    [2_000_000, ["POST", "PATCH", "PATCH", "PUT", "HEAD", "PUT"]],
  ])("of parts of %i bytes whose last request breaks is ended by another", async (partBytes, methods) => {
    let puts = 0;
    await using registry = await FakeRegistry.open(
      scripted({
        PATCH: async (request, response) => {
          await bodyOf(request);
          answer(response, 202, { headers: { location: LOCATION } });
        },
        PUT: async (request, response) => {
          await bodyOf(request);
          puts += 1;
          if (puts === 1) response.destroy();
          else answer(response, 201);
        },
      }),
    );
    await registry.client({ http }).uploadBlob("a/b", blob, { partBytes });
    expect(registry.seen.map(({ method }) => method)).toEqual(methods);
  });
});
