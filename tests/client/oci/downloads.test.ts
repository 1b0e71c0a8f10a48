import { createHash, randomBytes } from "node:crypto";
import { ContentMismatchError, InvalidContentError, TimeoutError, UnsafeAddressError } from "@stowage/client";
import { digestOf } from "@stowage/model";
import type { Digest } from "@stowage/model";
import { describe, expect, it } from "vitest";
import { answer, FakeRegistry } from "./fake-registry.ts";
import { collected, listed } from "./registries.ts";

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

const content = randomBytes(300_000);
const digest = digestFor(content);

function digestFor(bytes: Uint8Array | string): Digest {
  return digestOf("sha256", createHash("sha256").update(bytes).digest("hex"));
}

describe("a blob", () => {
  it("whose connection breaks is gone on with from there, and verified as a whole", async () => {
    let gets = 0;
    await using registry = await FakeRegistry.open(({ headers }, response) => {
      gets += 1;
      const from = Number(/bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
      const rest = content.subarray(from);
      const range = from > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {};
      response.writeHead(from > 0 ? 206 : 200, { "content-length": String(rest.length), ...range });
      if (gets === 3) response.end(rest);
      else response.write(rest.subarray(0, 100_000), () => response.destroy());
    });
    const read = registry.client().getBlob("a/b", digest, { sizeBytes: content.length });
    expect((await collected(read)).equals(content)).toBe(true);
    expect(registry.seen.map(({ headers }) => headers.range)).toEqual([
      undefined,
      "bytes=100000-299999",
      "bytes=200000-299999",
    ]);
  });

  it("comes right from a server that sends all when asked for the rest", async () => {
    let gets = 0;
    await using registry = await FakeRegistry.open((_, response) => {
      gets += 1;
      response.writeHead(200, { "content-length": String(content.length) });
      if (gets === 2) response.end(content);
      else response.write(content.subarray(0, 100_000), () => response.destroy());
    });
    const read = registry.client().getBlob("a/b", digest, { sizeBytes: content.length });
    expect((await collected(read)).equals(content)).toBe(true);
    const part = registry.client().getBlobRange("a/b", digest, { fromByte: 10, lengthBytes: 20 });
    expect((await collected(part)).equals(content.subarray(10, 30))).toBe(true);
  });

  it("of no bytes at all asks for nothing", async () => {
    await using registry = await FakeRegistry.open((_, response) => answer(response, 416));
    for (const fromByte of [0, 10]) {
      const part = registry.client().getBlobRange("a/b", digest, { fromByte, lengthBytes: 0 });
      expect(await collected(part)).toHaveLength(0);
    }
    expect(registry.seen).toEqual([]);
  });

  it("of other bytes is thrown before its last ones are handed over", async () => {
    const forged = Buffer.from(content);
    forged[5] = (forged[5] ?? 0) ^ 1;
    await using registry = await FakeRegistry.open((_, response) => answer(response, 200, { body: forged }));
    let bytes = 0;
    const read = (async () => {
      for await (const chunk of registry.client().getBlob("a/b", digest, { sizeBytes: content.length })) {
        bytes += chunk.length;
      }
    })();
    await expect(read).rejects.toThrow(ContentMismatchError);
    expect(bytes).toBeLessThan(content.length);
  });

  it("without end is given up at the size that it should have", async () => {
    await using registry = await FakeRegistry.open((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(content));
        response.once("drain", more);
      };
      more();
    });
    const read = collected(registry.client().getBlob("a/b", digest, { sizeBytes: content.length }));
    await expect(read).rejects.toThrow("came with more");
  });

  it("that comes no further is given up when nothing moved for a while, and abort ends it at once", async () => {
    await using registry = await FakeRegistry.open((_, response) => {
      response.writeHead(200, { "content-length": String(content.length) });
      response.write(content.subarray(0, 1000));
    });
    const client = registry.client({ maxAttempts: 1 });
    const slow = client.getBlob("a/b", digest, { sizeBytes: content.length })[Symbol.asyncIterator]();
    await slow.next();
    const stuck = slow.next().catch((error: unknown) => error);
    registry.passIdleTime();
    await new Promise(setImmediate);
    registry.passIdleTime();
    expect(await stuck).toBeInstanceOf(TimeoutError);

    const stopping = new AbortController();
    const options = { sizeBytes: content.length, signal: stopping.signal };
    const aborted = client.getBlob("a/b", digest, options)[Symbol.asyncIterator]();
    await aborted.next();
    const ended = aborted.next().catch((error: unknown) => error);
    const enough = new Error("enough");
    stopping.abort(enough);
    expect(await ended).toBe(enough);
  });
});

describe("a manifest", () => {
  it("of other bytes than its digest, or than the registry says, is refused", async () => {
    const headers = { "content-type": "application/vnd.oci.image.manifest.v1+json", "docker-content-digest": digest };
    await using registry = await FakeRegistry.open((_, response) => answer(response, 200, { headers, body: "{}" }));
    for (const reference of [digest, "tag"]) {
      await expect(registry.client().getManifest("a/b", reference)).rejects.toThrow(ContentMismatchError);
    }
  });

  it("that breaks off is asked for again, as are lists", async () => {
    const bodies = new Map([
      ["/v2/a/b/manifests/tag", "{}"],
      ["/v2/a/b/tags/list", '{"tags":["one"]}'],
    ]);
    const begun = new Set<string>();
    await using registry = await FakeRegistry.open(({ url = "" }, response) => {
      const body = bodies.get(url) ?? "";
      response.writeHead(200, { "content-length": String(body.length) });
      if (begun.has(url)) response.end(body);
      else response.write(body.slice(0, 1), () => response.destroy());
      begun.add(url);
    });
    expect(String(Buffer.from((await registry.client().getManifest("a/b", "tag")).bytes))).toBe("{}");
    expect(await listed(registry.client().tags("a/b"))).toEqual(["one"]);
    expect(registry.seen).toHaveLength(4);
  });

  it("is taken up to 4 MiB", async () => {
    const sizes = [MAX_MANIFEST_BYTES, MAX_MANIFEST_BYTES + 1];
    await using registry = await FakeRegistry.open((_, response) => {
      answer(response, 200, { body: " ".repeat(sizes.shift() ?? 0) });
    });
    const { bytes } = await registry.client().getManifest("a/b", "tag");
    expect(bytes).toHaveLength(MAX_MANIFEST_BYTES);
    await expect(registry.client().getManifest("a/b", "tag")).rejects.toThrow(InvalidContentError);
  });

  it.each(["../../x", "a b", "", `sha256:${"A".repeat(64)}`, "x".repeat(129)])(
    "is not asked for as %j",
    async (name) => {
      await using registry = await FakeRegistry.open((_, response) => answer(response, 200));
      await expect(registry.client().getManifest("a/b", name)).rejects.toThrow(InvalidContentError);
      await expect(registry.client().getManifest(`../${name}`, "tag")).rejects.toThrow(InvalidContentError);
      expect(registry.seen).toEqual([]);
    },
  );

  it("is asked for again when the registry is busy, after the time that it names", async () => {
    let asked = 0;
    await using registry = await FakeRegistry.open((_, response) => {
      asked += 1;
      if (asked === 1) answer(response, 429, { headers: { "retry-after": "2" } });
      else if (asked === 2) response.destroy();
      else answer(response, 200, { body: "{}" });
    });
    await registry.client().getManifest("a/b", "tag");
    expect(registry.lines).toHaveLength(3);
    expect(registry.slept[0]).toBe(2000);
  });
});

describe("a list", () => {
  it("is followed from page to page by relative links", async () => {
    await using registry = await FakeRegistry.open(({ url = "" }, response) => {
      const isLast = url.includes("last=");
      const link = '</v2/a/b/tags/list?last=one&n=1>; rel="next"';
      answer(response, 200, {
        headers: isLast ? {} : { link },
        body: JSON.stringify({ tags: isLast ? ["two"] : ["one"] }),
      });
    });
    const tags: string[] = [];
    for await (const tag of registry.client().tags("a/b", { pageSize: 1 })) tags.push(tag);
    expect(tags).toEqual(["one", "two"]);
  });

  it.each([
    ["another host", "http://example.com/v2/a/b/tags/list?last=one"],
    ["itself", "/v2/a/b/tags/list"],
    ["nowhere", "http://[/"],
  ])("is refused when its link leads to %s", async (_, target) => {
    await using registry = await FakeRegistry.open((_request, response) => {
      answer(response, 200, { headers: { link: `<${target}>; rel="next"` }, body: '{"tags":[]}' });
    });
    const read = (async () => {
      for await (const tag of registry.client().tags("a/b")) expect(tag).toBe("");
    })();
    await expect(read).rejects.toThrow(UnsafeAddressError);
    expect(registry.seen).toHaveLength(1);
  });
});

it("redirects are followed five times, never to another scheme, never for what changes something", async () => {
  await using registry = await FakeRegistry.open(({ method, url = "" }, response) => {
    const location = url.includes("scheme") ? "file:///etc/passwd" : method === "GET" ? `${url}0` : "/v2/elsewhere";
    answer(response, 307, { headers: { location } });
  });
  const client = registry.client();
  await expect(client.getManifest("a/b", "tag")).rejects.toThrow("more than 5 times");
  expect(registry.seen).toHaveLength(6);
  await expect(client.getManifest("a/b", "scheme")).rejects.toThrow("less safe");
  await expect(client.deleteManifest("a/b", "tag")).rejects.toThrow("not followed");
});
