import type { RegistryId, RepositoryName } from "@stowage/model";
import { openTestRegistry, policyText, Population, rootOf, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Principal } from "../access/authoriser.ts";
import type { SetRepositoryPolicyInput } from "./policies.ts";

const MAX_CHARS = 10_240;
const OTHER = "222222222222" as RegistryId;
let core: TestRegistry;
let root: Principal;

beforeEach(async () => {
  core = await openTestRegistry();
  root = rootOf(core.key.registryId);
});
afterEach(() => core.close());

function set(text: string, more: Partial<SetRepositoryPolicyInput> = {}): Promise<void> {
  const input = { text, force: false, principal: root, context: {}, ...more };
  return core.registry.policies.setOfRepository(core.key, core.name, input);
}

/** A valid policy of exactly so many characters. */
function policyOf(chars: number, more: object = {}): string {
  const empty = policyText({ Sid: "", Principal: "*", Action: "ecr:*", ...more });
  return empty.replace('"Sid":""', `"Sid":"${"a".repeat(chars - empty.length)}"`);
}

const refusal = (constraint: string) => ({
  name: "InvalidParameterException",
  message: `Invalid parameter at 'PolicyText' failed to satisfy constraint: '${constraint}'`,
});
const ofRepository = refusal("Invalid repository policy provided");
const ofRegistry = refusal("Invalid registry policy provided");

describe("the policy of a repository", () => {
  it("is kept as given, replaced and deleted", async () => {
    const { policies } = core.registry;
    const text = ` ${policyText({ Principal: "*", Action: "ecr:*" })}\n`;
    await set(policyText({ Principal: { AWS: OTHER }, Action: "ecr:*" }));
    await set(text);
    expect(await policies.ofRepository(core.key, core.name)).toBe(text);
    expect(await policies.deleteOfRepository(core.key, core.name)).toBe(text);
    const gone = { name: "RepositoryPolicyNotFoundException" };
    await expect(policies.ofRepository(core.key, core.name)).rejects.toMatchObject(gone);
    await expect(policies.deleteOfRepository(core.key, core.name)).rejects.toMatchObject(gone);
  });

  it("is looked for after the repository", async () => {
    const { policies } = core.registry;
    const none = "team/none" as RepositoryName;
    const missing = { name: "RepositoryNotFoundException" };
    const input = { text: "", force: false, principal: root, context: {} };
    await expect(policies.setOfRepository(core.key, none, input)).rejects.toMatchObject(missing);
    await expect(policies.ofRepository(core.key, none)).rejects.toMatchObject(missing);
    await expect(policies.deleteOfRepository(core.key, none)).rejects.toMatchObject(missing);
  });

  it.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["no statement", '{"Version":"2012-10-17","Statement":[]}'],
    ["no principal", policyText({ Action: "ecr:*" })],
    ["a resource", policyText({ Principal: "*", Action: "ecr:*", Resource: "*" })],
    ["a name as principal", policyText({ Principal: { AWS: "ann" }, Action: "ecr:*" })],
    [
      "a wildcard in a principal",
      policyText({ Principal: { AWS: "arn:aws:iam::123456789012:user/*" }, Action: "ecr:*" }),
    ],
    ["an unknown operator", policyText({ Principal: "*", Action: "ecr:*", Condition: { Like: { a: "b" } } })],
  ])("is refused with %s, and the old one stays", async (_, text) => {
    const old = policyText({ Principal: "*", Action: "ecr:*" });
    await set(old);
    await expect(set(text, { force: true })).rejects.toMatchObject(ofRepository);
    expect(await core.registry.policies.ofRepository(core.key, core.name)).toBe(old);
  });

  it(`has at most ${MAX_CHARS} characters`, async () => {
    await set(policyOf(MAX_CHARS));
    expect(await core.registry.policies.ofRepository(core.key, core.name)).toHaveLength(MAX_CHARS);
    await expect(set(policyOf(MAX_CHARS + 1))).rejects.toMatchObject(ofRepository);
  });
});

describe("a policy that locks its caller out", () => {
  const deny = policyText({ Effect: "Deny", Principal: "*", Action: "ecr:SetRepositoryPolicy" });
  const lockOut = { name: "InvalidParameterException", message: expect.stringContaining("use force") };

  it("is refused unless it is forced", async () => {
    await expect(set(deny)).rejects.toMatchObject(lockOut);
    await set(deny, { force: true });
    expect(await core.registry.policies.ofRepository(core.key, core.name)).toBe(deny);
  });

  it("is none for others to be refused: what counts is the caller", async () => {
    const people = new Population(core.metadata, { account: core.key.registryId, now: () => core.clock.now() });
    const owner = await people.user("ann", { inline: { all: policyText({ Action: "*", Resource: "*" }) } });
    await set(policyText({ Effect: "Deny", Principal: { AWS: owner.arn }, Action: "ecr:*" }));
    const others = policyText({ Effect: "Deny", Principal: { AWS: OTHER }, Action: "ecr:*" });
    await set(others, { principal: owner });
    await expect(set(deny, { principal: owner })).rejects.toMatchObject(lockOut);
  });

  it("is one without an allow, too, for who has no other right to set it", async () => {
    const people = new Population(core.metadata, { account: core.key.registryId, now: () => core.clock.now() });
    const guest = await people.user("ann");
    const grant = { Principal: { AWS: guest.arn }, Action: "ecr:*" };
    await set(policyText(grant));
    await set(policyText(grant, { Principal: { AWS: OTHER }, Action: "ecr:BatchGetImage" }), { principal: guest });
    const without = policyText({ Principal: { AWS: OTHER }, Action: "ecr:BatchGetImage" });
    await expect(set(without, { principal: guest })).rejects.toMatchObject(lockOut);
  });

  it("may be one only under a condition that the request meets", async () => {
    const Condition = { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } };
    const local = policyText({ Effect: "Deny", Principal: "*", Action: "*", Condition });
    await expect(set(local, { context: { sourceIp: "192.0.2.7" } })).rejects.toMatchObject(lockOut);
    await set(local, { context: { sourceIp: "198.51.100.7" } });
  });
});

describe("the policy of a registry", () => {
  const text = policyText({ Principal: { AWS: OTHER }, Action: "ecr:ReplicateImage", Resource: "*" });

  it("is kept as given, replaced and deleted, in its region", async () => {
    const { policies } = core.registry;
    const gone = { name: "RegistryPolicyNotFoundException" };
    await policies.putOfRegistry(core.key, policyOf(500, { Resource: "*" }));
    await policies.putOfRegistry(core.key, text);
    expect(await policies.ofRegistry(core.key)).toBe(text);
    await expect(policies.ofRegistry({ ...core.key, region: "us-east-1" })).rejects.toMatchObject(gone);
    expect(await policies.deleteOfRegistry(core.key)).toBe(text);
    await expect(policies.ofRegistry(core.key)).rejects.toMatchObject(gone);
    await expect(policies.deleteOfRegistry(core.key)).rejects.toMatchObject(gone);
  });

  it("names resources, and has at most 10,240 characters", async () => {
    const { policies } = core.registry;
    const without = policyText({ Principal: "*", Action: "ecr:*" });
    await expect(policies.putOfRegistry(core.key, without)).rejects.toMatchObject(ofRegistry);
    await expect(policies.putOfRegistry(core.key, "")).rejects.toMatchObject(ofRegistry);
    await policies.putOfRegistry(core.key, policyOf(MAX_CHARS, { Resource: "*" }));
    const longer = policyOf(MAX_CHARS + 1, { Resource: "*" });
    await expect(policies.putOfRegistry(core.key, longer)).rejects.toMatchObject(ofRegistry);
  });
});
