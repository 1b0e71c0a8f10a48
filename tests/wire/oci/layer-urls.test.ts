import { randomBytes } from "node:crypto";
import { DeleteRepositoryCommand, GetDownloadUrlForLayerCommand } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RegistryClient, type Answer } from "./client.ts";
import { describeBytes, LAYER_TYPE, pushBlob, pushImage, sha256 } from "./pushing.ts";
import { openServer, type OciServer } from "./server.ts";

const REPOSITORY = "layers/app";
const HOUR_MS = 3_600_000;
const CONTENT = randomBytes(3000);

let server: OciServer;
let anyone: RegistryClient;
let now = new Date();

beforeAll(async () => {
  server = await openServer({ clock: { now: () => now } });
  anyone = new RegistryClient(server.origin);
  await server.createRepository(REPOSITORY);
  await pushBlob(server.client, REPOSITORY, CONTENT);
  await pushImage(server.client, REPOSITORY, { layers: [describeBytes(LAYER_TYPE, CONTENT)] });
});

afterAll(async () => {
  await anyone.close();
  await server.close();
});

/** Path and query of a download URL. */
async function signedPath(): Promise<string> {
  const asked = { repositoryName: REPOSITORY, layerDigest: sha256(CONTENT) };
  const { downloadUrl = "" } = await server.ecr.send(new GetDownloadUrlForLayerCommand(asked));
  const url = new URL(downloadUrl);
  expect(url.origin).toBe(server.origin);
  return url.pathname + url.search;
}

function expectDenied(answer: Answer): void {
  expect(answer.status).toBe(403);
  expect(answer.header("content-type")).toBe("application/xml");
  expect(answer.body.toString()).toContain("<Code>AccessDenied</Code>");
}

describe("a download URL", () => {
  test("serves the layer to anyone, whole, in part, or its length alone", async () => {
    const path = await signedPath();
    const whole = await anyone.send("GET", path);
    expect(whole.status).toBe(200);
    expect(whole.body.equals(CONTENT)).toBe(true);
    expect(whole.header("accept-ranges")).toBe("bytes");
    const part = await anyone.send("GET", path, { headers: { range: "bytes=1000-" } });
    expect(part.status).toBe(206);
    expect(part.header("content-range")).toBe("bytes 1000-2999/3000");
    expect(part.body.equals(CONTENT.subarray(1000))).toBe(true);
    const head = await anyone.send("HEAD", path);
    expect(head.header("content-length")).toBe("3000");
    expect(head.body).toHaveLength(0);
    expect((await anyone.send("GET", path, { headers: { range: "bytes=3000-" } })).status).toBe(416);
    expect((await anyone.send("GET", path, { headers: { "if-none-match": "*" } })).status).toBe(304);
  });

  test("is good for an hour, and then refused", async () => {
    const started = now;
    now = new Date(Math.ceil(started.getTime() / 1000) * 1000);
    const path = await signedPath();
    const signedAt = now.getTime();
    now = new Date(signedAt + HOUR_MS - 1);
    expect((await anyone.send("GET", path)).status).toBe(200);
    now = new Date(signedAt + HOUR_MS);
    expectDenied(await anyone.send("GET", path));
    now = started;
  });

  test("is refused when a part of it is changed, whether what it then names is there or not", async () => {
    const path = await signedPath();
    const changes = [
      path.replace(sha256(CONTENT), sha256(randomBytes(4))),
      path.replace(REPOSITORY, "layers/none"),
      path.replace("000000000000", "111111111111"),
      path.replace(/expires=\d+/, "expires=99999999999"),
      path.slice(0, -1),
      `${path}0`,
      path.split("?", 1)[0] ?? "",
      "/layers/",
      "/layers/../v2/",
    ];
    for (const changed of changes) {
      expect(changed).not.toBe(path);
      expectDenied(await anyone.send("GET", changed));
    }
  });

  test("takes no other methods", async () => {
    const answer = await anyone.send("DELETE", await signedPath());
    expect(answer.status).toBe(405);
    expect(answer.header("allow")).toBe("GET, HEAD");
  });

  test("of what has gone since is not found", async () => {
    const path = await signedPath();
    await server.ecr.send(new DeleteRepositoryCommand({ repositoryName: REPOSITORY, force: true }));
    const answer = await anyone.send("GET", path);
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).toContain("<Code>NoSuchKey</Code>");
  });
});
