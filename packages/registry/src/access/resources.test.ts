import type { RegistryId } from "@stowage/model";
import {
  APP,
  OTHER,
  READ,
  noIdentity,
  noResource,
  request,
  openAccessEach,
  policyText,
  rootOf,
} from "@stowage/testkit";
import { describe, expect, it } from "vitest";
import type { Principal } from "./authoriser.ts";

const under = openAccessEach();

describe("a registry policy", () => {
  const create = {
    Principal: { AWS: OTHER },
    Action: ["ecr:CreateRepository", "ecr:BatchGetImage"],
    Resource: "arn:aws:ecr:eu-west-1:123456789012:repository/*",
  };

  it("of scope V2 has a say in every action", async () => {
    await under.setRegistryPolicy(create);
    const stranger = rootOf(OTHER);
    expect(await under.answer(stranger, "ecr:CreateRepository", `${APP}/new`)).toBe("allowed");
    expect(await under.answer(stranger, "ecr:BatchGetImage")).toBe("allowed");
    expect(await under.answer(stranger, "ecr:PutImage")).toBe(noResource("ecr:PutImage"));
    expect(await under.answer(stranger, "ecr:BatchGetImage", APP.replace("eu-west-1", "us-east-1"))).toBe(
      noResource("ecr:BatchGetImage"),
    );
  });

  it("of scope V1 is about three actions, from the next request on", async () => {
    await under.setRegistryPolicy(create);
    expect(await under.answer(rootOf(OTHER), "ecr:BatchGetImage")).toBe("allowed");
    await under.core.registry.settings.put(under.core.key, "REGISTRY_POLICY_SCOPE", "V1");
    expect(await under.answer(rootOf(OTHER), "ecr:BatchGetImage")).toBe(noResource("ecr:BatchGetImage"));
    expect(await under.answer(rootOf(OTHER), "ecr:CreateRepository")).toBe("allowed");
    await under.core.registry.settings.put(under.core.key, "REGISTRY_POLICY_SCOPE", "V2");
    expect(await under.answer(rootOf(OTHER), "ecr:BatchGetImage")).toBe("allowed");
  });

  it("governs what is asked of the registry as a whole, in its region", async () => {
    const user = await under.people.user("ann", { inline: { all: policyText({ Action: "*", Resource: "*" }) } });
    await under.setRegistryPolicy({ Effect: "Deny", Principal: "*", Action: "ecr:DescribeRegistry", Resource: "*" });
    expect(await under.answer(user, "ecr:DescribeRegistry", "*")).toBe(
      "with an explicit deny in a resource-based policy",
    );
    expect(await under.answer(user, "ecr:DescribeRegistry", "*", { requestedRegion: "us-east-1" })).toBe("allowed");
  });
});

describe("callers without credentials", () => {
  const nobody: Principal = {
    kind: "anonymous",
    accountId: "123456789012" as RegistryId,
    arn: "anonymous",
    userId: "anonymous",
    identityArn: "anonymous",
  };
  const open_ = policyText({ Principal: "*", Action: "ecr:*" });

  it("get in nowhere unless the installation says so", async () => {
    await under.setPolicyText(open_);
    expect(await under.answer(nobody, "ecr:BatchGetImage")).toBe(noResource("ecr:BatchGetImage"));
  });

  it("pull where a repository policy lets everyone, and do nothing else", async () => {
    await under.reopen({ anonymousPull: true });
    expect(await under.answer(nobody, "ecr:BatchGetImage")).toBe(noResource("ecr:BatchGetImage"));
    await under.setPolicyText(open_);
    for (const action of ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:ListImages"] as const) {
      expect(await under.answer(nobody, action)).toBe("allowed");
    }
    for (const action of ["ecr:PutImage", "ecr:DescribeImages", "ecr:SetRepositoryPolicy"] as const) {
      expect(await under.answer(nobody, action)).toBe(noResource(action));
    }
    await under.setPolicy({ Principal: { AWS: nobody.accountId }, Action: "ecr:*" });
    expect(await under.answer(nobody, "ecr:BatchGetImage")).toBe(noResource("ecr:BatchGetImage"));
  });

  it("are not let in by a registry policy, but kept out", async () => {
    await under.reopen({ anonymousPull: true });
    await under.setRegistryPolicy({ Principal: "*", Action: "ecr:*", Resource: "*" });
    expect(await under.answer(nobody, "ecr:BatchGetImage")).toBe(noResource("ecr:BatchGetImage"));
    await under.setPolicyText(open_);
    await under.setRegistryPolicy({ Effect: "Deny", Principal: "*", Action: "ecr:BatchGetImage", Resource: "*" });
    expect(await under.answer(nobody, "ecr:BatchGetImage")).toBe("with an explicit deny in a resource-based policy");
    expect(await under.answer(nobody, "ecr:ListImages")).toBe("allowed");
  });
});

describe("under --open", () => {
  it("everything is allowed, and policies are not asked", async () => {
    await under.reopen({ enforce: false });
    await under.setPolicy({ Effect: "Deny", Principal: "*", Action: "*" });
    const someone = { ...rootOf(OTHER), kind: "open" } as const;
    expect(await under.answer(someone, "ecr:PutImage")).toBe("allowed");
    expect(await under.core.registry.access.explain(request(someone, "ecr:PutImage"))).toEqual({
      decision: "allowed",
      reason: "notEnforced",
      statements: [],
    });
  });
});

describe("a stored policy that cannot be read", () => {
  it("of a repository denies everything to everyone, until the owner takes it away", async () => {
    await under.setPolicyText("{");
    const root = rootOf(under.core.key.registryId);
    expect(await under.answer(root, "ecr:BatchGetImage")).toBe("with an explicit deny in a resource-based policy");
    expect(under.unreadable).toEqual([`repository policy of ${APP}`]);
    expect(await under.answer(root, "ecr:DeleteRepositoryPolicy")).toBe("allowed");
    expect(await under.answer(root, "ecr:BatchGetImage", `${APP}2`)).toBe("allowed");
  });

  it("of an identity, a session or a boundary denies everything to it", async () => {
    const text = policyText({ Action: "ecr:*", Resource: "*" });
    const broken = await under.people.user("ann", { inline: { all: text, broken: '{"Statement":[]}' } });
    expect(await under.answer(broken, "ecr:BatchGetImage")).toBe("with an explicit deny in an identity-based policy");
    expect(under.unreadable).toEqual([`inline policy broken of ${broken.arn}`]);
    const boundaryArn = await under.people.managedPolicy("edge", "");
    const bounded = await under.people.user("bob", { inline: { all: text }, boundaryArn });
    expect(await under.answer(bounded, "ecr:BatchGetImage")).toBe("with an explicit deny in a permissions boundary");
    const role = await under.people.role("ci", { inline: { all: text }, trustPolicy: "nonsense" });
    const session = await under.people.session(role, "s", { policies: [{ name: "1", text: "[]" }] });
    expect(await under.answer(session, "ecr:BatchGetImage")).toBe("with an explicit deny in a session policy");
    expect(await under.answer(rootOf(under.core.key.registryId), "sts:AssumeRole", role.arn)).toBe("");
  });
});

describe("a change", () => {
  it("of any policy counts from the next request on", async () => {
    const user = await under.people.user("ann");
    const ask = () => under.answer(user, "ecr:BatchGetImage");
    const write = (work: Parameters<typeof under.core.metadata.transaction>[0]) =>
      under.core.metadata.transaction(work);
    const steps: readonly (readonly [() => Promise<unknown>, boolean])[] = [
      [() => write((rows) => rows.identities.putInlinePolicy(user.arn, { name: "a", text: policyText(READ) })), true],
      [() => write((rows) => rows.identities.deleteInlinePolicy(user.arn, "a")), false],
      [
        () => write((rows) => rows.identities.attachPolicy(user.arn, "arn:aws:iam::aws:policy/AdministratorAccess")),
        true,
      ],
      [() => under.setPolicy({ Effect: "Deny", Principal: "*", Action: "*" }), false],
      [() => under.core.registry.policies.deleteOfRepository(under.core.key, under.core.name), true],
      [() => under.setRegistryPolicy({ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }), false],
      [() => under.core.registry.policies.deleteOfRegistry(under.core.key), true],
      [() => write((rows) => rows.identities.delete(user.arn)), false],
    ];
    expect(await ask()).not.toBe("allowed");
    for (const [step, isAllowed] of steps) {
      await step();
      expect((await ask()) === "allowed").toBe(isAllowed);
    }
  });

  it("while a decision is made does not leave the old policy behind", async () => {
    const user = await under.people.user("ann", { inline: { read: policyText(READ) } });
    const asked = under.core.registry.access.allowed(request(user, "ecr:BatchGetImage"));
    await under.core.metadata.transaction((rows) => rows.identities.deleteInlinePolicy(user.arn, "read"));
    await asked;
    expect(await under.answer(user, "ecr:BatchGetImage")).toBe(noIdentity("ecr:BatchGetImage"));
  });
});

describe("an explanation", () => {
  it("tells of every statement whether it matched, and why not", async () => {
    const Condition = { StringEquals: { "ecr:ResourceTag/env": "test" } };
    const inline = { read: policyText({ Sid: "Read", ...READ, Condition }, { Action: "ecr:PutImage", Resource: "*" }) };
    const user = await under.people.user("ann", { inline });
    await under.setPolicy({ Principal: { AWS: OTHER }, Action: "ecr:*" });
    await under.core.registry.repositories.tagResource(under.core.key, under.core.name, [
      { key: "env", value: "prod" },
    ]);
    expect(await under.core.registry.access.explain(request(user, "ecr:BatchGetImage"))).toEqual({
      decision: "implicitDeny",
      reason: "noIdentityAllow",
      statements: [
        {
          source: "identity",
          policy: `inline policy read of ${user.arn}`,
          index: 0,
          sid: "Read",
          effect: "Allow",
          matched: false,
          because: "StringEquals of ecr:ResourceTag/env wants test; the request has prod.",
        },
        {
          source: "identity",
          policy: `inline policy read of ${user.arn}`,
          index: 1,
          effect: "Allow",
          matched: false,
          because: "It is about other actions.",
        },
        {
          source: "resource",
          policy: `repository policy of ${APP}`,
          index: 0,
          effect: "Allow",
          matched: false,
          because: "It is about other principals.",
        },
      ],
    });
  });

  it("of one who is gone has no statements", async () => {
    const gone = { ...rootOf(OTHER), kind: "user", arn: "x", identityArn: "x" } as const;
    expect(await under.core.registry.access.explain(request(gone, "ecr:PutImage"))).toMatchObject({
      decision: "implicitDeny",
      statements: [],
    });
  });
});
