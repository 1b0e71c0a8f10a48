import { ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { Workplace } from "./command.ts";

interface MadeKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

async function tokenOf(endpoint: string, credentials: MadeKey): Promise<string> {
  const client = new ECRClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
  client.destroy();
  return authorizationData[0]?.authorizationToken ?? "";
}

describe("stowage keys", () => {
  it("work beside a server and without one, on the same keys", async () => {
    await using place = await Workplace.open();
    const offline = JSON.parse((await place.run("env", "--format", "json")).out) as Record<string, string>;
    const server = await place.serve();
    const made = JSON.parse((await place.run("keys", "create", "--output", "json")).out) as MadeKey;
    const listed = async (): Promise<string[]> => {
      const keys = JSON.parse((await place.run("keys", "list", "--output", "json")).out) as MadeKey[];
      return keys.map(({ accessKeyId }) => accessKeyId);
    };
    expect(await listed()).toEqual([offline["AWS_ACCESS_KEY_ID"], made.accessKeyId]);
    server.kill("SIGTERM");
    await server.exited;
    expect(await listed()).toEqual([offline["AWS_ACCESS_KEY_ID"], made.accessKeyId]);
    expect((await place.run("keys", "delete", made.accessKeyId)).code).toBe(0);
    const again = await place.serve();
    await expect(tokenOf(again.endpoint, made)).rejects.toMatchObject({ name: "UnrecognizedClientException" });
  });

  it("take a key and its tokens out of use at once, and back", async () => {
    await using place = await Workplace.open();
    const { endpoint } = await place.serve();
    const made = JSON.parse((await place.run("keys", "create", "--output", "json")).out) as MadeKey;
    const token = await tokenOf(endpoint, made);
    const ping = async (): Promise<number> =>
      (await fetch(`${endpoint}/v2/`, { headers: { authorization: `Basic ${token}` } })).status;
    expect(await ping()).toBe(200);
    expect((await place.run("keys", "deactivate", made.accessKeyId)).code).toBe(0);
    expect(await ping()).toBe(401);
    await expect(tokenOf(endpoint, made)).rejects.toMatchObject({ name: "UnrecognizedClientException" });
    expect((await place.run("keys", "activate", made.accessKeyId)).code).toBe(0);
    expect(await ping()).toBe(200);
  });

  it("never leave an account without an active one", async () => {
    await using place = await Workplace.open();
    await place.serve();
    const { accessKeyId } = await place.credentials();
    const { code, err } = await place.run("keys", "deactivate", accessKeyId);
    expect(code).toBe(1);
    expect(err).toContain("at least one active access key");
  });

  it("tell strangers that they may not", async () => {
    await using place = await Workplace.open();
    const { endpoint } = await place.serve();
    const environment = { AWS_ACCESS_KEY_ID: "AKIANOSUCHKEY00000", AWS_SECRET_ACCESS_KEY: "guess" };
    const outcome = await place.begin(["keys", "list", "--endpoint", endpoint], { environment }).exited;
    expect(outcome).toMatchObject({ code: 4, out: "" });
    const nobody = await place.begin(["status", "--endpoint", "http://127.0.0.1:1"], { environment }).exited;
    expect(nobody).toMatchObject({ code: 1, out: "" });
    expect(nobody.err).toContain("No answer from http://127.0.0.1:1/: connect ECONNREFUSED");
  });
});

describe("stowage serve --open", () => {
  it("takes any key, a key of 12 digits as the account, and none on /v2/", async () => {
    await using place = await Workplace.open();
    const { endpoint } = await place.serve("--open");
    const token = await tokenOf(endpoint, { accessKeyId: "123456789012", secretAccessKey: "x" });
    expect(Buffer.from(token, "base64").toString()).toMatch(/^AWS:[A-Za-z0-9_-]+$/);
    expect((await fetch(`${endpoint}/v2/`)).status).toBe(200);
    const ask = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization:
          "AWS4-HMAC-SHA256 Credential=123456789012/20261121/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=00",
        "x-amz-date": "20261121T120000Z",
      },
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    expect(await ask.text()).toContain("<Account>123456789012</Account>");
  });
});
