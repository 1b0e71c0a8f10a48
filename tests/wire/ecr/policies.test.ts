import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refused } from "./raw.ts";
import { clientOf, invalid, isLocal, noRepository, openService, refusal, type Service } from "./service.ts";

let service: Service;
let repositoryName: string;

beforeAll(async () => {
  service = await openService();
  repositoryName = await service.repository();
});
afterAll(() => service.close());

const MAX_CHARS = 10_240;
const READ = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A valid policy of exactly so many characters. */
function policyOf(chars: number, more: object): string {
  const empty = policy({ Sid: "", Effect: "Allow", Principal: "*", Action: "ecr:*", ...more });
  return empty.replace('"Sid":""', `"Sid":"${"a".repeat(chars - empty.length)}"`);
}

function share(accountId: string, Action: string | readonly string[] = READ): object {
  return { Sid: "Share", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action };
}

const NOT_A_POLICY = invalid("PolicyText", "Invalid repository policy provided");
const NOT_A_REGISTRY_POLICY = invalid("PolicyText", "Invalid registry policy provided");

describe("repository policies: serialization and validation", () => {
  it.each([
    ["SetRepositoryPolicy", { policyText: 1 }],
    ["SetRepositoryPolicy", { policyText: "{}", force: "yes" }],
    ["GetRepositoryPolicy", { registryId: 1 }],
    ["DeleteRepositoryPolicy", { repositoryName: [] }],
    ["PutRegistryPolicy", { policyText: {} }],
  ])("%s %j has the wrong type (C1)", async (operation, input) => {
    expect(await refused(call(service, operation, { repositoryName, ...input }))).toMatchObject({
      name: "SerializationException",
    });
  });

  it.each([
    ["SetRepositoryPolicy", { repositoryName: "wire/x" }, invalid("policyText", "must not be null")],
    ["SetRepositoryPolicy", { policyText: "{}" }, invalid("repositoryName", "must not be null")],
    [
      "GetRepositoryPolicy",
      { repositoryName: "x" },
      invalid("repositoryName", "must have length greater than or equal to 2"),
    ],
    ["DeleteRepositoryPolicy", {}, invalid("repositoryName", "must not be null")],
    ["PutRegistryPolicy", {}, invalid("policyText", "must not be null")],
  ])("%s %j (C2)", async (operation, input, expected) => {
    const { name, message } = await refused(call(service, operation, input));
    expect({ name, message: String(message).replace("Member must", "must") }).toEqual(expected);
  });

  it.each<readonly [string, string]>([
    ["no JSON", "{"],
    ["an empty text", ""],
    ["no statements", policy()],
    ["a statement without principal", policy({ Effect: "Allow", Action: READ })],
    ["a resource (awsdocs)", policy({ ...share("123456789012"), Resource: "*" })],
    ["an unknown element", policy({ ...share("123456789012"), Resources: "*" })],
    ["a principal that is no ARN", policy({ ...share("123456789012"), Principal: { AWS: "somebody" } })],
    ["a condition of no known operator", policy({ ...share("123456789012"), Condition: { Equals: { a: "b" } } })],
  ])("SetRepositoryPolicy refuses %s (C2)", async (_, policyText) => {
    const { ecr } = service;
    expect(await refusal(ecr.setRepositoryPolicy({ repositoryName, policyText }))).toEqual(NOT_A_POLICY);
  });

  it(`has at most ${MAX_CHARS} characters, and of a registry likewise (A4)`, async () => {
    const { ecr } = service;
    const name = await service.repository();
    await ecr.setRepositoryPolicy({ repositoryName: name, policyText: policyOf(MAX_CHARS, {}) });
    const tooLong = invalid("policyText", `Member must have length less than or equal to ${MAX_CHARS}`);
    const policyText = policyOf(MAX_CHARS + 1, {});
    expect(await refusal(ecr.setRepositoryPolicy({ repositoryName: name, policyText }))).toEqual(tooLong);
    expect(await refusal(ecr.putRegistryPolicy({ policyText: policyOf(MAX_CHARS + 1, { Resource: "*" }) }))).toEqual(
      tooLong,
    );
  });
});

describe("SetRepositoryPolicy, GetRepositoryPolicy, DeleteRepositoryPolicy", () => {
  it("keep, answer and delete the text (C3, C17)", async () => {
    const { ecr, caller } = service;
    const name = await service.repository();
    const registryId = caller.accountId;
    const missing = {
      name: "RepositoryPolicyNotFoundException",
      message: `Repository policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
    };
    expect(await refusal(ecr.getRepositoryPolicy({ repositoryName: name }))).toEqual(missing);
    expect(await refusal(ecr.deleteRepositoryPolicy({ repositoryName: name }))).toEqual(missing);
    await ecr.setRepositoryPolicy({ repositoryName: name, policyText: policy(share("111111111111")) });
    const policyText = policy(share("222222222222"));
    const answer = { registryId, repositoryName: name, policyText };
    expect(await ecr.setRepositoryPolicy({ repositoryName: name, policyText })).toMatchObject(answer);
    const read = await ecr.getRepositoryPolicy({ repositoryName: name });
    expect({ ...read, policyText: JSON.parse(read.policyText ?? "") }).toMatchObject({
      registryId,
      repositoryName: name,
      policyText: JSON.parse(policyText),
    });
    expect(await ecr.deleteRepositoryPolicy({ repositoryName: name })).toMatchObject({
      registryId,
      repositoryName: name,
    });
    expect(await refusal(ecr.getRepositoryPolicy({ repositoryName: name }))).toEqual(missing);
  });

  it("look for the repository first (C3)", async () => {
    const gone = service.freshName();
    const { ecr } = service;
    const missing = noRepository(service, gone);
    expect(await refusal(ecr.setRepositoryPolicy({ repositoryName: gone, policyText: "{" }))).toEqual(missing);
    expect(await refusal(ecr.getRepositoryPolicy({ repositoryName: gone }))).toEqual(missing);
    expect(await refusal(ecr.deleteRepositoryPolicy({ repositoryName: gone }))).toEqual(missing);
  });

  it("a policy that locks its caller out has to be forced (C17)", async () => {
    const { ecr } = service;
    const name = await service.repository();
    const policyText = policy({ Effect: "Deny", Principal: "*", Action: "ecr:SetRepositoryPolicy" });
    const lockOut = await refusal(ecr.setRepositoryPolicy({ repositoryName: name, policyText }));
    expect(lockOut.name).toBe("InvalidParameterException");
    expect((await refusal(ecr.getRepositoryPolicy({ repositoryName: name }))).name).toBe(
      "RepositoryPolicyNotFoundException",
    );
    await ecr.setRepositoryPolicy({ repositoryName: name, policyText, force: true });
    const { message } = await refusal(
      ecr.setRepositoryPolicy({ repositoryName: name, policyText: policy(share("1".repeat(12))) }),
    );
    expect(message).toMatch(
      /ecr:SetRepositoryPolicy on resource: \S+ with an explicit deny in a resource-based policy$/,
    );
    await ecr.deleteRepositoryPolicy({ repositoryName: name });
  });

  it("goes with its repository", async () => {
    const { ecr } = service;
    const name = await service.repository();
    await ecr.setRepositoryPolicy({ repositoryName: name, policyText: policy(share("111111111111")) });
    await ecr.deleteRepository({ repositoryName: name });
    await ecr.createRepository({ repositoryName: name });
    expect((await refusal(ecr.getRepositoryPolicy({ repositoryName: name }))).name).toBe(
      "RepositoryPolicyNotFoundException",
    );
  });
});

describe.runIf(isLocal)("a repository policy across accounts", () => {
  it("lets another account's root do what it says, from the next request to the last before it goes", async () => {
    const { ecr, caller } = service;
    const stranger = service.stranger!;
    const name = await service.repository();
    const other = clientOf(service.endpoint, stranger);
    const list = () => other.listImages({ registryId: caller.accountId, repositoryName: name });
    const denied = {
      name: "AccessDeniedException",
      message:
        `User: arn:aws:iam::${stranger.accountId}:root is not authorized to perform: ecr:ListImages on resource: ` +
        `arn:aws:ecr:${caller.region}:${caller.accountId}:repository/${name} ` +
        "because no resource-based policy allows the ecr:ListImages action",
    };
    expect(await refusal(list())).toEqual(denied);
    const policyText = policy(share(stranger.accountId, "ecr:ListImages"));
    await ecr.setRepositoryPolicy({ repositoryName: name, policyText });
    expect((await list()).imageIds).toEqual([]);
    await ecr.deleteRepositoryPolicy({ repositoryName: name });
    expect(await refusal(list())).toEqual(denied);
    other.destroy();
  });

  it.each(["SetRepositoryPolicy", "GetRepositoryPolicy", "DeleteRepositoryPolicy"])(
    "%s is not for others to ask (C1)",
    async (operation) => {
      const input = { registryId: service.caller.accountId, repositoryName: "wire/any", policyText: "{}" };
      expect(await refused(call(service, operation, input, { caller: service.stranger! }))).toMatchObject({
        name: "AccessDeniedException",
      });
    },
  );
});

describe("PutRegistryPolicy, GetRegistryPolicy, DeleteRegistryPolicy", () => {
  it("keep, answer and delete the text (C3, C17)", async () => {
    const { ecr, caller } = service;
    const registryId = caller.accountId;
    const missing = {
      name: "RegistryPolicyNotFoundException",
      message: `Registry policy does not exist in the registry with id '${registryId}'`,
    };
    expect(await refusal(ecr.getRegistryPolicy({}))).toEqual(missing);
    expect(await refusal(ecr.deleteRegistryPolicy({}))).toEqual(missing);
    const Resource = `arn:aws:ecr:${caller.region}:${registryId}:repository/*`;
    const policyText = policy({ ...share("111111111111", ["ecr:ReplicateImage"]), Resource });
    expect(await ecr.putRegistryPolicy({ policyText })).toMatchObject({ registryId, policyText });
    const read = await ecr.getRegistryPolicy({});
    expect({ ...read, policyText: JSON.parse(read.policyText ?? "") }).toMatchObject({
      registryId,
      policyText: JSON.parse(policyText),
    });
    expect(await ecr.deleteRegistryPolicy({})).toMatchObject({ registryId });
    expect(await refusal(ecr.getRegistryPolicy({}))).toEqual(missing);
  });

  it.each<readonly [string, string]>([
    ["no resource", policy(share("111111111111"))],
    ["no principal", policy({ Effect: "Allow", Action: READ, Resource: "*" })],
    ["no JSON", "[]"],
    ["nothing", ""],
  ])("PutRegistryPolicy refuses a text with %s (C2)", async (_, policyText) => {
    expect(await refusal(service.ecr.putRegistryPolicy({ policyText }))).toEqual(NOT_A_REGISTRY_POLICY);
  });
});

describe.runIf(isLocal)("a registry policy", () => {
  it("opens the registry to another account, as far as its scope goes (C17)", async () => {
    const { ecr, caller } = service;
    const stranger = service.stranger!;
    const name = await service.repository();
    const policyText = policy({
      ...share(stranger.accountId, ["ecr:ListImages", "ecr:DescribeRegistry"]),
      Resource: "*",
    });
    await ecr.putRegistryPolicy({ policyText });
    const other = clientOf(service.endpoint, stranger);
    const list = () => other.listImages({ registryId: caller.accountId, repositoryName: name });
    expect((await list()).imageIds).toEqual([]);
    await ecr.putAccountSetting({ name: "REGISTRY_POLICY_SCOPE", value: "V1" });
    expect((await refusal(list())).name).toBe("AccessDeniedException");
    await ecr.putAccountSetting({ name: "REGISTRY_POLICY_SCOPE", value: "V2" });
    expect((await list()).imageIds).toEqual([]);
    await ecr.deleteRegistryPolicy({});
    expect((await refusal(list())).name).toBe("AccessDeniedException");
    other.destroy();
  });
});
