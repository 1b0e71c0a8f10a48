import type { RegistryId } from "@stowage/model";
import { openTestRegistry, policyText, Population, rootOf, type TestRegistry } from "@stowage/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AccessRequest, Action, Principal } from "./authoriser.ts";

const OTHER = "222222222222" as RegistryId;
const APP = "arn:aws:ecr:eu-west-1:123456789012:repository/team/app";
const unreadable: string[] = [];
let core: TestRegistry;
let people: Population;

beforeEach(() => open());
afterEach(() => core.close());

async function open(options: Parameters<typeof openTestRegistry>[0] = {}): Promise<void> {
  unreadable.length = 0;
  core = await openTestRegistry({ onUnreadablePolicy: (policy) => unreadable.push(policy), ...options });
  people = new Population(core.metadata, { account: core.key.registryId, now: () => core.clock.now() });
}

async function reopen(options: Parameters<typeof openTestRegistry>[0]): Promise<void> {
  await core.close();
  await open(options);
}

function request(
  principal: Principal,
  action: Action,
  resource = APP,
  more: AccessRequest["context"] = {},
): AccessRequest {
  return { principal, action, resource, context: { requestedRegion: "eu-west-1", ...more } };
}

/** `allowed`, or the text of the refusal from its reason on. */
async function answer(...asked: Parameters<typeof request>): Promise<string> {
  const [principal, action, resource = APP] = asked;
  const { access } = core.registry;
  const refused = await access.authorise(request(...asked)).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(await access.allowed(request(...asked))).toBe(refused === undefined);
  if (!(refused instanceof Error)) return "allowed";
  expect(refused.name).toBe("AccessDeniedException");
  const begins = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  expect(refused.message.slice(0, begins.length)).toBe(begins);
  return refused.message.slice(begins.length + 1);
}

async function setPolicy(text: string): Promise<void> {
  const repository = await core.registry.repositories.find(core.key, core.name);
  await core.metadata.transaction(({ access }) => access.putRepositoryPolicy(repository.id, text));
}

async function setRegistryPolicy(text: string): Promise<void> {
  await core.metadata.transaction(({ access }) => access.putRegistryPolicy(core.key, text));
}

const READ = { Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], Resource: "*" };
const NO_IDENTITY = (action: Action) => `because no identity-based policy allows the ${action} action`;
const NO_RESOURCE = (action: Action) => `because no resource-based policy allows the ${action} action`;

describe("the root of an account", () => {
  it("does everything at home and nothing elsewhere", async () => {
    const root = rootOf(core.key.registryId);
    for (const action of ["ecr:PutImage", "stowage:GetStatus"] as const)
      expect(await answer(root, action)).toBe("allowed");
    expect(await answer(root, "ecr:PutRegistryPolicy", "*")).toBe("allowed");
    expect(await answer(rootOf(OTHER), "ecr:PutImage")).toBe(NO_RESOURCE("ecr:PutImage"));
  });

  it("is stopped by an explicit deny of a resource, which it can take away", async () => {
    const root = rootOf(core.key.registryId);
    const denyAll = { Effect: "Deny", Principal: "*", Action: "*" } as const;
    await setPolicy(policyText(denyAll));
    expect(await answer(root, "ecr:BatchGetImage")).toBe("with an explicit deny in a resource-based policy");
    expect(await answer(root, "ecr:DeleteRepositoryPolicy")).toBe("allowed");
    await setRegistryPolicy(policyText({ ...denyAll, Resource: "*" }));
    expect(await answer(root, "ecr:PutRegistryPolicy", "*")).toBe("with an explicit deny in a resource-based policy");
    expect(await answer(root, "ecr:DeleteRegistryPolicy", "*")).toBe("allowed");
    expect(await answer(rootOf(OTHER), "ecr:DeleteRepositoryPolicy")).toContain("with an explicit deny");
  });

  it("is let in from another account by a repository policy", async () => {
    await setPolicy(policyText({ Principal: { AWS: OTHER }, Action: "ecr:BatchGetImage" }));
    expect(await answer(rootOf(OTHER), "ecr:BatchGetImage")).toBe("allowed");
    expect(await answer(rootOf(OTHER), "ecr:PutImage")).toBe(NO_RESOURCE("ecr:PutImage"));
  });
});

describe("a user", () => {
  it("without policies may do nothing, and learns nothing of what there is", async () => {
    const user = await people.user("nobody");
    expect(await answer(user, "ecr:BatchGetImage")).toBe(NO_IDENTITY("ecr:BatchGetImage"));
    expect(await answer(user, "ecr:BatchGetImage", `${APP}/none`)).toBe(NO_IDENTITY("ecr:BatchGetImage"));
    expect(await answer(user, "ecr:GetAuthorizationToken", "*")).toBe(NO_IDENTITY("ecr:GetAuthorizationToken"));
  });

  it("may do what inline, attached and group policies allow together, where they say", async () => {
    const scoped = await people.managedPolicy("push", policyText({ Action: "ecr:PutImage", Resource: APP }));
    const user = await people.user("ann", { inline: { read: policyText(READ) }, attached: [scoped] });
    await people.group("auditors", [user], { inline: { list: policyText({ Action: "ecr:List*", Resource: "*" }) } });
    for (const action of ["ecr:BatchGetImage", "ecr:PutImage", "ecr:ListImages"] as const) {
      expect(await answer(user, action)).toBe("allowed");
    }
    expect(await answer(user, "ecr:PutImage", `${APP}2`)).toBe(NO_IDENTITY("ecr:PutImage"));
    expect(await answer(user, "ecr:DeleteRepository")).toBe(NO_IDENTITY("ecr:DeleteRepository"));
  });

  it.each([
    ["PullOnly", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
    ["ReadOnly", "ecr:BatchCheckLayerAvailability", "ecr:PutImage"],
    ["PowerUser", "ecr:PutImage", "ecr:BatchDeleteImage"],
    ["FullAccess", "ecr:DeleteRepository", "stowage:GetStatus"],
  ] as const)("with AmazonEC2ContainerRegistry%s may %s and not %s", async (name, may, mayNot) => {
    const user = await people.user("ann", { attached: [`arn:aws:iam::aws:policy/AmazonEC2ContainerRegistry${name}`] });
    expect(await answer(user, "ecr:GetAuthorizationToken", "*")).toBe("allowed");
    expect(await answer(user, may)).toBe("allowed");
    expect(await answer(user, mayNot)).toBe(NO_IDENTITY(mayNot));
  });

  it("administers with AdministratorAccess, its own account alone", async () => {
    const user = await people.user("ann", { attached: ["arn:aws:iam::aws:policy/AdministratorAccess"] });
    const admin = (account: string) => `arn:aws:stowage::${account}:installation`;
    expect(await answer(user, "stowage:GetStatus", admin(core.key.registryId))).toBe("allowed");
    expect(await answer(user, "stowage:GetStatus", admin(OTHER))).toBe(NO_RESOURCE("stowage:GetStatus"));
  });

  it("gets nothing from an attachment to a policy that is gone", async () => {
    const user = await people.user("ann", { attached: ["arn:aws:iam::123456789012:policy/gone"] });
    expect(await answer(user, "ecr:BatchGetImage")).toBe(NO_IDENTITY("ecr:BatchGetImage"));
  });

  it("is held back by its boundary, which allows nothing when it is gone", async () => {
    const boundaryArn = await people.managedPolicy("edge", policyText({ Action: "ecr:BatchGetImage", Resource: "*" }));
    const inline = { all: policyText({ Action: "ecr:*", Resource: "*" }) };
    const user = await people.user("ann", { inline, boundaryArn });
    expect(await answer(user, "ecr:BatchGetImage")).toBe("allowed");
    expect(await answer(user, "ecr:PutImage")).toBe("because no permissions boundary allows the ecr:PutImage action");
    const lost = await people.user("bob", { inline, boundaryArn: `${boundaryArn}-gone` });
    expect(await answer(lost, "ecr:BatchGetImage")).toContain("because no permissions boundary allows");
    const denying = await people.managedPolicy("no", policyText({ Effect: "Deny", Action: "*", Resource: "*" }));
    const denied = await people.user("cem", { inline, boundaryArn: denying });
    expect(await answer(denied, "ecr:BatchGetImage")).toBe("with an explicit deny in a permissions boundary");
  });

  it("is stopped by an explicit deny, wherever it stands", async () => {
    const deny = policyText({ Effect: "Deny", Action: "ecr:PutImage", Resource: "*" });
    const all = policyText({ Action: "ecr:*", Resource: "*" });
    const user = await people.user("ann", { inline: { all, deny } });
    expect(await answer(user, "ecr:PutImage")).toBe("with an explicit deny in an identity-based policy");
    expect(await answer(user, "ecr:BatchGetImage")).toBe("allowed");
    const free = await people.user("bob", { inline: { all } });
    await setPolicy(policyText({ Effect: "Deny", Principal: { AWS: free.arn }, Action: "ecr:PutImage" }));
    expect(await answer(free, "ecr:PutImage")).toBe("with an explicit deny in a resource-based policy");
  });

  it("needs both sides across accounts", async () => {
    const local = await people.user("ann", { account: OTHER, inline: { read: policyText(READ) } });
    const poor = await people.user("bob", { account: OTHER });
    expect(await answer(local, "ecr:BatchGetImage")).toBe(NO_RESOURCE("ecr:BatchGetImage"));
    await setPolicy(policyText({ Principal: { AWS: `arn:aws:iam::${OTHER}:root` }, Action: "ecr:BatchGetImage" }));
    expect(await answer(local, "ecr:BatchGetImage")).toBe("allowed");
    expect(await answer(local, "ecr:GetDownloadUrlForLayer")).toBe(NO_RESOURCE("ecr:GetDownloadUrlForLayer"));
    expect(await answer(poor, "ecr:BatchGetImage")).toBe(NO_IDENTITY("ecr:BatchGetImage"));
  });

  it("at home is let in by a repository policy alone", async () => {
    const user = await people.user("ann");
    await setPolicy(policyText({ Principal: { AWS: user.arn }, Action: "ecr:BatchGetImage" }));
    expect(await answer(user, "ecr:BatchGetImage")).toBe("allowed");
    expect(await answer(user, "ecr:BatchGetImage", `${APP}2`)).toBe(NO_IDENTITY("ecr:BatchGetImage"));
  });

  it("who is gone may do nothing, though a policy names them", async () => {
    const user = await people.user("ann");
    await setPolicy(policyText({ Principal: { AWS: user.arn }, Action: "ecr:BatchGetImage" }));
    expect(await answer(user, "ecr:BatchGetImage")).toBe("allowed");
    await core.metadata.transaction(({ identities }) => identities.delete(user.arn));
    expect(await answer(user, "ecr:BatchGetImage")).toBe(NO_IDENTITY("ecr:BatchGetImage"));
  });
});

describe("a role's session", () => {
  it("has the role's policies, less what its own leave out", async () => {
    const role = await people.role("ci", {
      path: "/build/",
      inline: { all: policyText({ Action: "ecr:*", Resource: "*" }) },
    });
    const free = await people.session(role, "free");
    const policies = [{ name: "1", text: policyText(READ) }];
    const limited = await people.session(role, "limited", { policies });
    expect(await answer(free, "ecr:PutImage")).toBe("allowed");
    expect(await answer(limited, "ecr:BatchGetImage")).toBe("allowed");
    expect(await answer(limited, "ecr:PutImage")).toBe("because no session policy allows the ecr:PutImage action");
    const deny = [{ name: "1", text: policyText({ Effect: "Deny", Action: "*", Resource: "*" }) }];
    const denied = await people.session(role, "denied", { policies: deny });
    expect(await answer(denied, "ecr:PutImage")).toBe("with an explicit deny in a session policy");
  });

  it("is limited by managed policies too, and by none that is gone", async () => {
    const role = await people.role("ci", { inline: { all: policyText({ Action: "ecr:*", Resource: "*" }) } });
    const pull = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly";
    const limited = await people.session(role, "a", { policyArns: [pull] });
    expect(await answer(limited, "ecr:BatchGetImage")).toBe("allowed");
    expect(await answer(limited, "ecr:PutImage")).toContain("because no session policy allows");
    const lost = await people.session(role, "b", { policyArns: ["arn:aws:iam::123456789012:policy/gone"] });
    expect(await answer(lost, "ecr:BatchGetImage")).toContain("because no session policy allows");
  });

  it("is named in policies by its role, with the role's path", async () => {
    const role = await people.role("ci", { path: "/build/" });
    const session = await people.session(role, "s");
    await setPolicy(policyText({ Principal: { AWS: role.arn }, Action: "ecr:BatchGetImage" }));
    expect(await answer(session, "ecr:BatchGetImage")).toBe("allowed");
  });

  it("has the tags of its role, and its own over them", async () => {
    const Condition = { StringEquals: { "aws:PrincipalTag/team": "red", "aws:PrincipalTag/Level": "2" } };
    const inline = { tagged: policyText({ ...READ, Condition }) };
    const tags = [
      { key: "team", value: "red" },
      { key: "level", value: "1" },
    ];
    const role = await people.role("ci", { inline, tags });
    expect(await answer(await people.session(role, "a"), "ecr:BatchGetImage")).toBe(NO_IDENTITY("ecr:BatchGetImage"));
    const session = await people.session(role, "b", { tags: [{ key: "level", value: "2" }] });
    expect(await answer(session, "ecr:BatchGetImage")).toBe("allowed");
  });

  it("that is over and swept may do nothing, whoever it was", async () => {
    const role = await people.role("ci", { inline: { all: policyText({ Action: "ecr:*", Resource: "*" }) } });
    const session = await people.session(role, "s");
    const root = { ...rootOf(core.key.registryId), sessionKeyId: session.sessionKeyId ?? "" };
    expect(await answer(session, "ecr:PutImage")).toBe("allowed");
    expect(await answer(root, "ecr:PutImage")).toBe("allowed");
    core.clock.advance(3_600_000);
    await core.metadata.transaction(({ sessions }) => sessions.deleteExpired(core.clock.now(), 10));
    expect(await answer(session, "ecr:PutImage")).toBe(NO_IDENTITY("ecr:PutImage"));
    expect(await answer(root, "ecr:PutImage")).toBe(NO_IDENTITY("ecr:PutImage"));
  });
});

describe("AssumeRole", () => {
  const trust = (principal: object | string, more: object = {}) =>
    policyText({ Principal: principal, Action: "sts:AssumeRole", ...more });
  const assume = (Resource: string) => ({ assume: policyText({ Action: "sts:AssumeRole", Resource }) });

  it("needs the role's trust, and tells no reasons", async () => {
    const user = await people.user("ann", { inline: assume("*") });
    const role = await people.role("ci", { trustPolicy: trust({ AWS: OTHER }) });
    expect(await answer(user, "sts:AssumeRole", role.arn)).toBe("");
    expect(await answer(user, "sts:AssumeRole", `${role.arn}-gone`)).toBe("");
    const mine = await people.role("mine", { trustPolicy: trust({ AWS: core.key.registryId }) });
    expect(await answer(user, "sts:AssumeRole", mine.arn)).toBe("allowed");
    expect(await answer(await people.user("bob"), "sts:AssumeRole", mine.arn)).toBe("");
  });

  it("of one who is named needs no other policy at home, and one across accounts", async () => {
    const [user, local, stranger] = [
      await people.user("ann"),
      await people.user("bob", { account: OTHER, inline: assume("*") }),
      await people.user("cem", { account: OTHER }),
    ];
    const role = await people.role("ci", { trustPolicy: trust({ AWS: [user.arn, local.arn, stranger.arn] }) });
    expect(await answer(user, "sts:AssumeRole", role.arn)).toBe("allowed");
    expect(await answer(local, "sts:AssumeRole", role.arn)).toBe("allowed");
    expect(await answer(stranger, "sts:AssumeRole", role.arn)).toBe("");
  });

  it("may hang on the external id and the session's name", async () => {
    const user = await people.user("ann");
    const Condition = { StringEquals: { "sts:ExternalId": "x1", "sts:RoleSessionName": "${aws:username}" } };
    const role = await people.role("ci", { trustPolicy: trust({ AWS: user.arn }, { Condition }) });
    expect(await answer(user, "sts:AssumeRole", role.arn)).toBe("");
    const given = { externalId: "x1", roleSessionName: "ann" };
    expect(await answer(user, "sts:AssumeRole", role.arn, given)).toBe("allowed");
    expect(await answer(user, "sts:AssumeRole", role.arn, { ...given, externalId: "x2" })).toBe("");
  });
});

describe("a registry policy", () => {
  const create = {
    Principal: { AWS: OTHER },
    Action: ["ecr:CreateRepository", "ecr:BatchGetImage"],
    Resource: "arn:aws:ecr:eu-west-1:123456789012:repository/*",
  };

  it("of scope V2 has a say in every action", async () => {
    await setRegistryPolicy(policyText(create));
    const stranger = rootOf(OTHER);
    expect(await answer(stranger, "ecr:CreateRepository", `${APP}/new`)).toBe("allowed");
    expect(await answer(stranger, "ecr:BatchGetImage")).toBe("allowed");
    expect(await answer(stranger, "ecr:PutImage")).toBe(NO_RESOURCE("ecr:PutImage"));
    expect(await answer(stranger, "ecr:BatchGetImage", APP.replace("eu-west-1", "us-east-1"))).toBe(
      NO_RESOURCE("ecr:BatchGetImage"),
    );
  });

  it("of scope V1 is about three actions, from the next request on", async () => {
    await setRegistryPolicy(policyText(create));
    expect(await answer(rootOf(OTHER), "ecr:BatchGetImage")).toBe("allowed");
    await core.registry.settings.put(core.key, "REGISTRY_POLICY_SCOPE", "V1");
    expect(await answer(rootOf(OTHER), "ecr:BatchGetImage")).toBe(NO_RESOURCE("ecr:BatchGetImage"));
    expect(await answer(rootOf(OTHER), "ecr:CreateRepository")).toBe("allowed");
    await core.registry.settings.put(core.key, "REGISTRY_POLICY_SCOPE", "V2");
    expect(await answer(rootOf(OTHER), "ecr:BatchGetImage")).toBe("allowed");
  });

  it("governs what is asked of the registry as a whole, in its region", async () => {
    const user = await people.user("ann", { inline: { all: policyText({ Action: "*", Resource: "*" }) } });
    await setRegistryPolicy(
      policyText({ Effect: "Deny", Principal: "*", Action: "ecr:DescribeRegistry", Resource: "*" }),
    );
    expect(await answer(user, "ecr:DescribeRegistry", "*")).toBe("with an explicit deny in a resource-based policy");
    expect(await answer(user, "ecr:DescribeRegistry", "*", { requestedRegion: "us-east-1" })).toBe("allowed");
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
    await setPolicy(open_);
    expect(await answer(nobody, "ecr:BatchGetImage")).toBe(NO_RESOURCE("ecr:BatchGetImage"));
  });

  it("pull where a repository policy lets everyone, and do nothing else", async () => {
    await reopen({ anonymousPull: true });
    expect(await answer(nobody, "ecr:BatchGetImage")).toBe(NO_RESOURCE("ecr:BatchGetImage"));
    await setPolicy(open_);
    for (const action of ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:ListImages"] as const) {
      expect(await answer(nobody, action)).toBe("allowed");
    }
    for (const action of ["ecr:PutImage", "ecr:DescribeImages", "ecr:SetRepositoryPolicy"] as const) {
      expect(await answer(nobody, action)).toBe(NO_RESOURCE(action));
    }
    await setPolicy(policyText({ Principal: { AWS: nobody.accountId }, Action: "ecr:*" }));
    expect(await answer(nobody, "ecr:BatchGetImage")).toBe(NO_RESOURCE("ecr:BatchGetImage"));
  });

  it("are not let in by a registry policy, but kept out", async () => {
    await reopen({ anonymousPull: true });
    await setRegistryPolicy(policyText({ Principal: "*", Action: "ecr:*", Resource: "*" }));
    expect(await answer(nobody, "ecr:BatchGetImage")).toBe(NO_RESOURCE("ecr:BatchGetImage"));
    await setPolicy(open_);
    await setRegistryPolicy(policyText({ Effect: "Deny", Principal: "*", Action: "ecr:BatchGetImage", Resource: "*" }));
    expect(await answer(nobody, "ecr:BatchGetImage")).toBe("with an explicit deny in a resource-based policy");
    expect(await answer(nobody, "ecr:ListImages")).toBe("allowed");
  });
});

describe("under --open", () => {
  it("everything is allowed, and policies are not asked", async () => {
    await reopen({ enforce: false });
    await setPolicy(policyText({ Effect: "Deny", Principal: "*", Action: "*" }));
    const someone = { ...rootOf(OTHER), kind: "open" } as const;
    expect(await answer(someone, "ecr:PutImage")).toBe("allowed");
    expect(await core.registry.access.explain(request(someone, "ecr:PutImage"))).toEqual({
      decision: "allowed",
      reason: "notEnforced",
      statements: [],
    });
  });
});

describe("a stored policy that cannot be read", () => {
  it("of a repository denies everything to everyone, until the owner takes it away", async () => {
    await setPolicy("{");
    const root = rootOf(core.key.registryId);
    expect(await answer(root, "ecr:BatchGetImage")).toBe("with an explicit deny in a resource-based policy");
    expect(unreadable).toEqual([`repository policy of ${APP}`]);
    expect(await answer(root, "ecr:DeleteRepositoryPolicy")).toBe("allowed");
    expect(await answer(root, "ecr:BatchGetImage", `${APP}2`)).toBe("allowed");
  });

  it("of an identity, a session or a boundary denies everything to it", async () => {
    const text = policyText({ Action: "ecr:*", Resource: "*" });
    const broken = await people.user("ann", { inline: { all: text, broken: '{"Statement":[]}' } });
    expect(await answer(broken, "ecr:BatchGetImage")).toBe("with an explicit deny in an identity-based policy");
    expect(unreadable).toEqual([`inline policy broken of ${broken.arn}`]);
    const boundaryArn = await people.managedPolicy("edge", "");
    const bounded = await people.user("bob", { inline: { all: text }, boundaryArn });
    expect(await answer(bounded, "ecr:BatchGetImage")).toBe("with an explicit deny in a permissions boundary");
    const role = await people.role("ci", { inline: { all: text }, trustPolicy: "nonsense" });
    const session = await people.session(role, "s", { policies: [{ name: "1", text: "[]" }] });
    expect(await answer(session, "ecr:BatchGetImage")).toBe("with an explicit deny in a session policy");
    expect(await answer(rootOf(core.key.registryId), "sts:AssumeRole", role.arn)).toBe("");
  });
});

describe("a change", () => {
  it("of any policy counts from the next request on", async () => {
    const user = await people.user("ann");
    const ask = () => answer(user, "ecr:BatchGetImage");
    const write = (work: Parameters<typeof core.metadata.transaction>[0]) => core.metadata.transaction(work);
    const steps: readonly (readonly [() => Promise<unknown>, boolean])[] = [
      [() => write((rows) => rows.identities.putInlinePolicy(user.arn, { name: "a", text: policyText(READ) })), true],
      [() => write((rows) => rows.identities.deleteInlinePolicy(user.arn, "a")), false],
      [
        () => write((rows) => rows.identities.attachPolicy(user.arn, "arn:aws:iam::aws:policy/AdministratorAccess")),
        true,
      ],
      [() => setPolicy(policyText({ Effect: "Deny", Principal: "*", Action: "*" })), false],
      [() => core.registry.policies.deleteOfRepository(core.key, core.name), true],
      [() => setRegistryPolicy(policyText({ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" })), false],
      [() => core.registry.policies.deleteOfRegistry(core.key), true],
      [() => write((rows) => rows.identities.delete(user.arn)), false],
    ];
    expect(await ask()).not.toBe("allowed");
    for (const [step, isAllowed] of steps) {
      await step();
      expect((await ask()) === "allowed").toBe(isAllowed);
    }
  });

  it("while a decision is made does not leave the old policy behind", async () => {
    const user = await people.user("ann", { inline: { read: policyText(READ) } });
    const asked = core.registry.access.allowed(request(user, "ecr:BatchGetImage"));
    await core.metadata.transaction((rows) => rows.identities.deleteInlinePolicy(user.arn, "read"));
    await asked;
    expect(await answer(user, "ecr:BatchGetImage")).toBe(NO_IDENTITY("ecr:BatchGetImage"));
  });
});

describe("an explanation", () => {
  it("tells of every statement whether it matched, and why not", async () => {
    const Condition = { StringEquals: { "ecr:ResourceTag/env": "test" } };
    const inline = { read: policyText({ Sid: "Read", ...READ, Condition }, { Action: "ecr:PutImage", Resource: "*" }) };
    const user = await people.user("ann", { inline });
    await setPolicy(policyText({ Principal: { AWS: OTHER }, Action: "ecr:*" }));
    await core.registry.repositories.tagResource(core.key, core.name, [{ key: "env", value: "prod" }]);
    expect(await core.registry.access.explain(request(user, "ecr:BatchGetImage"))).toEqual({
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
    expect(await core.registry.access.explain(request(gone, "ecr:PutImage"))).toMatchObject({
      decision: "implicitDeny",
      statements: [],
    });
  });
});
