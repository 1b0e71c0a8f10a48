import { execFileSync } from "node:child_process";
import { CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { Workplace, named } from "./command.ts";

const NAMES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_ENDPOINT_URL_ECR",
  "AWS_ENDPOINT_URL_STS",
  "AWS_SESSION_TOKEN",
  "AWS_PROFILE",
];

/** What a shell holds after it evaluated `text`. */
function evaluate(text: string): Record<string, string> {
  const script = `${text}\nenv`;
  const env = { PATH: process.env["PATH"], AWS_SESSION_TOKEN: "stale", AWS_PROFILE: "other", AWS_REGION: "elsewhere" };
  const lines = execFileSync("sh", ["-ec", script], { env }).toString().split("\n");
  const pairs = lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
  return Object.fromEntries(pairs.filter(([name]) => NAMES.includes(name)));
}

describe("stowage env", () => {
  it("sets up a shell beside a running server, and an AWS SDK in it", async () => {
    await using place = await Workplace.open();
    const server = await place.serve("--region", "eu-west-1");
    const { out, err, code } = await place.run("env");
    expect([code, err]).toEqual([0, ""]);
    const variables = evaluate(out);
    expect(variables).toEqual({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      AWS_SECRET_ACCESS_KEY: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_ENDPOINT_URL_ECR: named(server.endpoint),
      AWS_ENDPOINT_URL_STS: named(server.endpoint),
    });
    const client = new ECRClient({
      endpoint: variables["AWS_ENDPOINT_URL_ECR"] ?? "",
      region: variables["AWS_REGION"] ?? "",
      credentials: {
        accessKeyId: variables["AWS_ACCESS_KEY_ID"] ?? "",
        secretAccessKey: variables["AWS_SECRET_ACCESS_KEY"] ?? "",
      },
    });
    await client.send(new CreateRepositoryCommand({ repositoryName: "app" }));
    const { repositories } = await client.send(new DescribeRepositoriesCommand({}));
    expect(repositories?.map(({ repositoryUri }) => repositoryUri)).toEqual([
      `${new URL(named(server.endpoint)).host}/app`,
    ]);
    client.destroy();
  });

  it("initialises an empty directory, and the server then started takes what it printed", async () => {
    await using place = await Workplace.open();
    const before = await place.run("env", "--format", "json");
    expect(before.code).toBe(0);
    const server = await place.serve();
    const after = JSON.parse((await place.run("env", "--format", "json")).out) as Record<string, string>;
    expect(after).toEqual({
      ...JSON.parse(before.out),
      AWS_ENDPOINT_URL_ECR: named(server.endpoint),
      AWS_ENDPOINT_URL_STS: named(server.endpoint),
    });
    expect(server.err).not.toContain("Made an account");
  });

  it("may be asked many times at once, on an empty directory too", async () => {
    await using place = await Workplace.open();
    const outcomes = await Promise.all([place.run("env"), place.run("env"), place.run("env")]);
    expect(new Set(outcomes.map(({ out }) => out)).size).toBe(1);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  it("knows what the server reaches when that listens everywhere", async () => {
    await using place = await Workplace.open();
    const server = await place.serve("--listen", "0.0.0.0:0");
    expect((await place.credentials()).endpoint).toBe(`http://localhost:${new URL(server.endpoint).port}`);
  });
});
