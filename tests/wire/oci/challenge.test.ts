import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, RegistryClient } from "./client.ts";
import { pushImage } from "./pushing.ts";
import { openServer, type OciServer } from "./server.ts";

const HOUR_MS = 3_600_000;
const DIGEST = `sha256:${"0".repeat(64)}`;

let server: OciServer;
let now = new Date();

beforeAll(async () => {
  server = await openServer({ clock: { now: () => now } });
  await server.createRepository("challenge/app");
});

afterAll(() => server.close());

async function sendAs(
  authorization: string | undefined,
  method: string,
  path: string,
): ReturnType<RegistryClient["send"]> {
  const client = new RegistryClient(server.origin, authorization);
  try {
    return await client.send(method, path);
  } finally {
    await client.close();
  }
}

describe("without credentials every path gets ECR's challenge", () => {
  test.each([
    ["GET", "/v2"],
    ["GET", "/v2/"],
    ["GET", "/v2/_catalog"],
    ["GET", "/v2/challenge/app/manifests/latest"],
    ["GET", "/v2/challenge/none/manifests/latest"],
    ["GET", `/v2/challenge/app/blobs/${DIGEST}`],
    ["POST", "/v2/challenge/app/blobs/uploads/"],
    ["PUT", "/v2/challenge/app/manifests/latest"],
    ["DELETE", "/v2/challenge/app/manifests/latest"],
    ["GET", "/v2/no/such/route"],
    ["GET", "/v2/../x/manifests/latest"],
    ["TRACE", "/v2/"],
  ])("%s %s", async (method, path) => {
    const answer = await sendAs(undefined, method, path);
    expect(answer.status).toBe(401);
    expect(answer.header("www-authenticate")).toBe(`Basic realm="${server.origin}/",service="ecr.amazonaws.com"`);
    expect(answer.header("docker-distribution-api-version")).toBe("registry/2.0");
    expect(answer.header("sizes")).toBe("");
    expect(answer.header("content-type")).toBe("text/plain; charset=utf-8");
    expect(answer.body.toString()).toBe("Not Authorized\n");
  });

  test("a HEAD gets it without the text", async () => {
    const answer = await sendAs(undefined, "HEAD", "/v2/challenge/app/manifests/latest");
    expect(answer.status).toBe(401);
    expect(answer.header("www-authenticate")).toContain("Basic realm=");
    expect(answer.body).toHaveLength(0);
  });
});

describe("credentials that are none", () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

  test.each([
    ["a made-up password", basic("AWS:secret")],
    ["an empty password", basic("AWS:")],
    ["no colon", basic("AWS")],
    ["another scheme", "Bearer abc"],
    ["no value", "Basic "],
    ["what is no base64", "Basic ***"],
  ])("%s is 401", async (_what, authorization) => {
    expect((await sendAs(authorization, "GET", "/v2/")).status).toBe(401);
  });

  test("a token under another user name is 401", async () => {
    const [, encoded = ""] = server.authorization.split(" ");
    const [, password = ""] = Buffer.from(encoded, "base64").toString().split(":");
    expect((await sendAs(basic(`AWS:${password}`), "GET", "/v2/")).status).toBe(200);
    expect((await sendAs(basic(`admin:${password}`), "GET", "/v2/")).status).toBe(401);
  });

  test("a token with one character changed is 401", async () => {
    const changed = server.authorization.replace(/.(?==*$)/, (last) => (last === "A" ? "B" : "A"));
    expect(changed).not.toBe(server.authorization);
    expect((await sendAs(changed, "GET", "/v2/")).status).toBe(401);
  });
});

describe("with a token", () => {
  test("the base route answers 200 and names the protocol's version", async () => {
    for (const path of ["/v2", "/v2/", "/v2/?ns=docker.io"]) {
      const answer = await server.client.send("GET", path);
      expect(answer.status).toBe(200);
      expect(answer.header("docker-distribution-api-version")).toBe("registry/2.0");
    }
  });

  test("its last moment is good, and the next is told to be expired", async () => {
    const minted = now;
    now = new Date(Math.floor(minted.getTime() / 1000) * 1000 + 12 * HOUR_MS - 1);
    expect((await server.client.send("GET", "/v2/")).status).toBe(200);
    now = new Date(now.getTime() + 1);
    const answer = await server.client.send("GET", "/v2/");
    expect(answer.status).toBe(403);
    expect(errorOf(answer)).toEqual({
      code: "DENIED",
      message: "Your authorization token has expired. Reauthenticate and try again.",
    });
    now = minted;
  });
});

describe("under --open", () => {
  let open: OciServer;

  beforeAll(async () => {
    open = await openServer({ flags: { open: true } });
    await open.createRepository("open/app");
  });

  afterAll(() => open.close());

  test.each([
    ["no credentials", undefined],
    ["any credentials", `Basic ${Buffer.from("user:word").toString("base64")}`],
  ])("a caller with %s pushes and pulls", async (_what, authorization) => {
    const client = new RegistryClient(open.origin, authorization);
    expect((await client.send("GET", "/v2/")).status).toBe(200);
    const image = await pushImage(client, "open/app", { content: String(authorization) });
    const pulled = await client.send("GET", "/v2/open/app/manifests/latest");
    expect(pulled.body.equals(image.bytes)).toBe(true);
    await client.close();
  });
});
