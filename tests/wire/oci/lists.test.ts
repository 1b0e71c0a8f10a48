import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, withQuery, type Answer } from "./client.ts";
import { prepareImage, pushImage, putManifest } from "./pushing.ts";
import { openServer, type OciServer } from "./server.ts";

const TAGS = "/v2/lists/app/tags/list";
const MANY = "/v2/lists/many/tags/list";
const NAMES = Array.from({ length: 1001 }, (_, at) => `t-${String(at).padStart(4, "0")}`);

let server: OciServer;

beforeAll(async () => {
  server = await openServer();
  await server.createRepository("lists/app");
  await server.createRepository("lists/empty");
  await server.createRepository("lists/many");
  const image = await pushImage(server.client, "lists/app", { tag: "b" });
  for (const tag of ["a", "B", "_", "a.b", "10", "9"]) {
    await putManifest(server.client, `/v2/lists/app/manifests/${tag}`, image);
  }
  // A thousand tags are one image's most, so the last stands on another.
  const [last = "", ...others] = NAMES.toReversed();
  const many = await prepareImage(server.client, "lists/many", { content: "many" });
  for (let at = 0; at < others.length; at += 100) {
    const query = others.slice(at, at + 100).map((tag) => `tag=${tag}`);
    await putManifest(server.client, `/v2/lists/many/manifests/${many.descriptor.digest}?${query.join("&")}`, many);
  }
  await pushImage(server.client, "lists/many", { tag: last, content: "last" });
});

afterAll(() => server.close());

function listed(answer: Answer, member: "tags" | "repositories"): readonly string[] {
  expect(answer.status).toBe(200);
  expect(answer.header("content-type")).toBe("application/json");
  return (JSON.parse(answer.body.toString()) as Record<string, readonly string[]>)[member] ?? [];
}

function nextOf(answer: Answer): string | undefined {
  const link = answer.header("link");
  if (link === undefined) return undefined;
  const [, path] = /^<(\/[^>]*)>; rel="next"$/.exec(link) ?? [];
  expect(path).toBeDefined();
  return path;
}

/** Follows the links from a path to the end. */
async function pages(path: string, member: "tags" | "repositories"): Promise<readonly (readonly string[])[]> {
  const all: (readonly string[])[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const answer: Answer = await server.client.send("GET", next);
    all.push(listed(answer, member));
    next = nextOf(answer);
  }
  return all;
}

describe("tags", () => {
  test("come in byte order with the repository's name", async () => {
    const answer = await server.client.send("GET", TAGS);
    expect(JSON.parse(answer.body.toString())).toEqual({
      name: "lists/app",
      tags: ["10", "9", "B", "_", "a", "a.b", "b"],
    });
    expect(answer.header("link")).toBeUndefined();
  });

  test("an empty repository has none, an unknown one is not found", async () => {
    expect(listed(await server.client.send("GET", "/v2/lists/empty/tags/list"), "tags")).toEqual([]);
    const answer = await server.client.send("GET", "/v2/lists/none/tags/list");
    expect(answer.status).toBe(404);
    expect(errorOf(answer).code).toBe("NAME_UNKNOWN");
    expect((await server.client.send("GET", "/v2/lists/none/tags/list?n=0")).status).toBe(404);
  });

  test("every page size walks through all of them, once and in order", async () => {
    const all = listed(await server.client.send("GET", TAGS), "tags");
    for (let n = 1; n <= all.length + 1; n += 1) {
      const found = await pages(`${TAGS}?n=${n}`, "tags");
      expect(found.flat()).toEqual(all);
      expect(found.slice(0, -1).every((page) => page.length === n)).toBe(true);
    }
  });

  test("n=0 is an empty list without a link", async () => {
    const answer = await server.client.send("GET", `${TAGS}?n=0`);
    expect(listed(answer, "tags")).toEqual([]);
    expect(answer.header("link")).toBeUndefined();
  });

  test("a page is a hundred unless asked otherwise, and a thousand at most", async () => {
    expect(listed(await server.client.send("GET", MANY), "tags")).toEqual(NAMES.slice(0, 100));
    for (const n of ["1000", "1001", "99999", "9".repeat(400)]) {
      const answer = await server.client.send("GET", `${MANY}?n=${n}`);
      expect(listed(answer, "tags")).toEqual(NAMES.slice(0, 1000));
      expect(nextOf(answer)).toBe(`${MANY}?n=1000&last=t-0999`);
    }
    expect((await pages(`${MANY}?n=5000`, "tags")).flat()).toEqual(NAMES);
  });

  test("last alone goes on behind a tag, whether there is one or not", async () => {
    for (const [last, first] of [
      ["B", "_"],
      ["Zzz", "_"],
      ["%41", "B"],
      ["", "10"],
    ]) {
      expect(listed(await server.client.send("GET", `${TAGS}?last=${last}`), "tags")[0]).toBe(first);
    }
    expect(listed(await server.client.send("GET", `${TAGS}?last=zzz`), "tags")).toEqual([]);
  });

  test.each(["-1", "+5", "1.5", "1e3", "x", "%00", "0x10", "NaN", "", "%201"])("n=%s is 400", async (n) => {
    const answer = await server.client.send("GET", `${TAGS}?n=${n}`);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe("PAGINATION_NUMBER_INVALID");
  });

  test("odd values of last are taken as they stand or refused", async () => {
    for (const last of ["%zz", "%C3%A9", "'%3B--", "..%2F.."]) {
      expect((await server.client.send("GET", `${TAGS}?last=${last}`)).status).toBe(200);
    }
    for (const last of ["%00", "a".repeat(257)]) {
      expect((await server.client.send("GET", `${TAGS}?last=${last}`)).status).toBe(400);
    }
    expect((await server.client.send("GET", `${TAGS}?last=${"a".repeat(256)}`)).status).toBe(200);
  });

  test("a HEAD answers without the list", async () => {
    const answer = await server.client.send("HEAD", TAGS);
    expect(answer.status).toBe(200);
    expect(answer.body).toHaveLength(0);
  });
});

describe("the catalog", () => {
  const ALL = ["lists/app", "lists/empty", "lists/many"];

  test("lists repositories by name, in pages of any size", async () => {
    for (const n of [1, 2, 3, 4]) {
      const found = await pages(`/v2/_catalog?n=${n}`, "repositories");
      expect(found.flat()).toEqual(ALL);
      expect(found).toHaveLength(Math.ceil(ALL.length / n));
    }
    expect(
      listed(await server.client.send("GET", withQuery("/v2/_catalog", "last", "lists/app")), "repositories"),
    ).toEqual(ALL.slice(1));
  });

  test("takes the same n and last as tags", async () => {
    expect(listed(await server.client.send("GET", "/v2/_catalog?n=0"), "repositories")).toEqual([]);
    expect((await server.client.send("GET", "/v2/_catalog?n=x")).status).toBe(400);
    expect(listed(await server.client.send("GET", "/v2/_catalog?n=100000"), "repositories")).toEqual(ALL);
  });
});
