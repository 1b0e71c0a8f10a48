import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DescribeRepositoriesCommand, ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { Workplace } from "./command.ts";

interface MadeKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function client(endpoint: string, credentials: MadeKey): ECRClient {
  return new ECRClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
}

async function describeRepositories(endpoint: string, credentials: MadeKey): Promise<string> {
  return client(endpoint, credentials)
    .send(new DescribeRepositoriesCommand({}))
    .then(
      () => "allowed",
      (error: Error) => error.name,
    );
}

async function file(place: Workplace, name: string, content: object): Promise<string> {
  const path = join(place.folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

const reading = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["ecr:DescribeRepositories", "ecr:GetAuthorizationToken"], Resource: "*" }],
};

describe("stowage iam beside a server", () => {
  it("gives a user what policies say, from the next request on", async () => {
    await using place = await Workplace.open();
    const { endpoint } = await place.serve();
    expect((await place.run("iam", "users", "create", "ci")).code).toBe(0);
    const { out } = await place.run("iam", "keys", "create", "--user", "ci", "--output", "json");
    const key = JSON.parse(out) as MadeKey;
    expect(await describeRepositories(endpoint, key)).toBe("AccessDeniedException");
    const document = await file(place, "read.json", reading);
    expect((await place.run("iam", "users", "put-policy", "ci", "read", document)).code).toBe(0);
    expect(await describeRepositories(endpoint, key)).toBe("allowed");
    expect((await place.run("iam", "users", "delete-policy", "ci", "read")).code).toBe(0);
    expect(await describeRepositories(endpoint, key)).toBe("AccessDeniedException");
    expect((await place.run("iam", "users", "delete", "ci", "--force")).code).toBe(0);
    expect(await describeRepositories(endpoint, key)).toBe("UnrecognizedClientException");
  });

  it("takes tokens back by principal and by themselves", async () => {
    await using place = await Workplace.open();
    const { endpoint } = await place.serve();
    const declared = await file(place, "iam.json", { users: { ci: { inlinePolicies: { read: reading } } } });
    expect((await place.run("iam", "apply", "-f", declared)).code).toBe(0);
    const { out } = await place.run("iam", "keys", "create", "--user", "ci", "--output", "json");
    const key = JSON.parse(out) as MadeKey;
    const login = async (): Promise<string> => {
      const answer = await client(endpoint, key).send(new GetAuthorizationTokenCommand({}));
      return answer.authorizationData?.[0]?.authorizationToken ?? "";
    };
    const ping = async (token: string): Promise<number> =>
      (await fetch(`${endpoint}/v2/`, { headers: { authorization: `Basic ${token}` } })).status;
    const [one, other] = [await login(), await login()];
    expect([await ping(one), await ping(other)]).toEqual([200, 200]);
    const revoked = place.begin(["iam", "revoke", "--token", "-", "--data", place.data], { input: one });
    expect((await revoked.exited).code).toBe(0);
    const isSame = one === other;
    expect([await ping(one), await ping(other)]).toEqual([401, isSame ? 401 : 200]);
    const principal = "arn:aws:iam::000000000000:user/ci";
    expect((await place.run("iam", "revoke", "--principal", principal)).code).toBe(0);
    expect(await ping(other)).toBe(401);
    expect(await ping(await login())).toBe(200);
  });

  it("does the same with and without a server, and with the credentials of whoever asks", async () => {
    await using place = await Workplace.open();
    const declared = await file(place, "iam.json", {
      users: {
        admin: {
          inlinePolicies: { all: { ...reading, Statement: [{ ...reading.Statement[0], Action: "stowage:*" }] } },
        },
      },
      accounts: { "111111111111": { users: { eve: {} } } },
    });
    await place.run("env");
    const offline = await place.run("iam", "apply", "-f", declared);
    expect(offline).toMatchObject({ code: 0 });
    expect(offline.out).toContain("+ account 111111111111\n+ user eve\n");
    const key = JSON.parse(
      (await place.run("iam", "keys", "create", "--user", "admin", "--output", "json")).out,
    ) as MadeKey;
    const { endpoint } = await place.serve();
    expect((await place.run("iam", "apply", "-f", declared)).out).toBe("Nothing to change.\n");
    const listed = await place.run("iam", "users", "list", "--account", "111111111111");
    expect(listed.out).toContain("arn:aws:iam::111111111111:user/eve");
    const environment = { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey };
    const asUser = async (...line: string[]): Promise<{ code: number | null; out: string; err: string }> =>
      place.begin([...line, "--endpoint", endpoint], { environment }).exited;
    expect((await asUser("iam", "users", "create", "made")).code).toBe(0);
    expect((await asUser("iam", "accounts", "list")).code).toBe(0);
    await place.run("iam", "users", "delete-policy", "admin", "all");
    const refused = await asUser("iam", "users", "list");
    expect(refused.code).toBe(4);
    expect(refused.err).toContain("is not authorized to perform: stowage:ListUsers on resource: *");
  });

  it("prints no secret but that of a key that it makes", async () => {
    await using place = await Workplace.open();
    const server = await place.serve();
    await place.run("iam", "users", "create", "ci");
    const { out } = await place.run("iam", "keys", "create", "--user", "ci", "--output", "json");
    const { secretAccessKey } = JSON.parse(out) as MadeKey;
    const root = await place.credentials();
    const lines = [
      ["keys", "list"],
      ["iam", "keys", "list", "--user", "ci"],
      ["iam", "users", "show", "ci"],
      ["iam", "users", "list"],
      ["iam", "accounts", "list"],
      ["iam", "accounts", "create", "111111111111"],
      ["status"],
      ["iam", "keys", "delete", "AKIANOSUCHKEY00000000", "--user", "ci"],
    ];
    let printed = server.out + server.err;
    for (const line of lines) {
      const outcome = await place.run(...line, "--output", "json");
      printed += outcome.out + outcome.err;
    }
    expect(printed).toContain("AKIA");
    expect(printed).not.toContain(secretAccessKey);
    expect(printed).not.toContain(root.secretAccessKey);
  });
});
