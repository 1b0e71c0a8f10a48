import { APP, OTHER, READ, noIdentity, noResource, openAccessEach, policyText, rootOf } from "@stowage/testkit";
import { describe, expect, it } from "vitest";

const under = openAccessEach();

describe("the root of an account", () => {
  it("does everything at home and nothing elsewhere", async () => {
    const root = rootOf(under.core.key.registryId);
    for (const action of ["ecr:PutImage", "stowage:GetStatus"] as const)
      expect(await under.answer(root, action)).toBe("allowed");
    expect(await under.answer(root, "ecr:PutRegistryPolicy", "*")).toBe("allowed");
    expect(await under.answer(rootOf(OTHER), "ecr:PutImage")).toBe(noResource("ecr:PutImage"));
  });

  it("is stopped by an explicit deny of a resource, which it can take away", async () => {
    const root = rootOf(under.core.key.registryId);
    const denyAll = { Effect: "Deny", Principal: "*", Action: "*" } as const;
    await under.setPolicy(denyAll);
    expect(await under.answer(root, "ecr:BatchGetImage")).toBe("with an explicit deny in a resource-based policy");
    expect(await under.answer(root, "ecr:DeleteRepositoryPolicy")).toBe("allowed");
    await under.setRegistryPolicy({ ...denyAll, Resource: "*" });
    expect(await under.answer(root, "ecr:PutRegistryPolicy", "*")).toBe(
      "with an explicit deny in a resource-based policy",
    );
    expect(await under.answer(root, "ecr:DeleteRegistryPolicy", "*")).toBe("allowed");
    expect(await under.answer(rootOf(OTHER), "ecr:DeleteRepositoryPolicy")).toContain("with an explicit deny");
  });

  it("is let in from another account by a repository policy", async () => {
    await under.setPolicy({ Principal: { AWS: OTHER }, Action: "ecr:BatchGetImage" });
    expect(await under.answer(rootOf(OTHER), "ecr:BatchGetImage")).toBe("allowed");
    expect(await under.answer(rootOf(OTHER), "ecr:PutImage")).toBe(noResource("ecr:PutImage"));
  });
});

describe("a user", () => {
  it("without policies may do nothing, and learns nothing of what there is", async () => {
    const user = await under.people.user("nobody");
    expect(await under.answer(user, "ecr:BatchGetImage")).toBe(noIdentity("ecr:BatchGetImage"));
    expect(await under.answer(user, "ecr:BatchGetImage", `${APP}/none`)).toBe(noIdentity("ecr:BatchGetImage"));
    expect(await under.answer(user, "ecr:GetAuthorizationToken", "*")).toBe(noIdentity("ecr:GetAuthorizationToken"));
  });

  it("may do what inline, attached and group policies allow together, where they say", async () => {
    const scoped = await under.people.managedPolicy("push", policyText({ Action: "ecr:PutImage", Resource: APP }));
    const user = await under.people.user("ann", { inline: { read: policyText(READ) }, attached: [scoped] });
    await under.people.group("auditors", [user], {
      inline: { list: policyText({ Action: "ecr:List*", Resource: "*" }) },
    });
    for (const action of ["ecr:BatchGetImage", "ecr:PutImage", "ecr:ListImages"] as const) {
      expect(await under.answer(user, action)).toBe("allowed");
    }
    expect(await under.answer(user, "ecr:PutImage", `${APP}2`)).toBe(noIdentity("ecr:PutImage"));
    expect(await under.answer(user, "ecr:DeleteRepository")).toBe(noIdentity("ecr:DeleteRepository"));
  });

  it.each([
    ["PullOnly", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
    ["ReadOnly", "ecr:BatchCheckLayerAvailability", "ecr:PutImage"],
    ["PowerUser", "ecr:PutImage", "ecr:BatchDeleteImage"],
    ["FullAccess", "ecr:DeleteRepository", "stowage:GetStatus"],
  ] as const)("with AmazonEC2ContainerRegistry%s may %s and not %s", async (name, may, mayNot) => {
    const user = await under.people.user("ann", {
      attached: [`arn:aws:iam::aws:policy/AmazonEC2ContainerRegistry${name}`],
    });
    expect(await under.answer(user, "ecr:GetAuthorizationToken", "*")).toBe("allowed");
    expect(await under.answer(user, may)).toBe("allowed");
    expect(await under.answer(user, mayNot)).toBe(noIdentity(mayNot));
  });

  it("administers with AdministratorAccess, its own account alone", async () => {
    const user = await under.people.user("ann", { attached: ["arn:aws:iam::aws:policy/AdministratorAccess"] });
    const admin = (account: string) => `arn:aws:stowage::${account}:installation`;
    expect(await under.answer(user, "stowage:GetStatus", admin(under.core.key.registryId))).toBe("allowed");
    expect(await under.answer(user, "stowage:GetStatus", admin(OTHER))).toBe(noResource("stowage:GetStatus"));
  });

  it("gets nothing from an attachment to a policy that is gone", async () => {
    const user = await under.people.user("ann", { attached: ["arn:aws:iam::123456789012:policy/gone"] });
    expect(await under.answer(user, "ecr:BatchGetImage")).toBe(noIdentity("ecr:BatchGetImage"));
  });

  it("is held back by its boundary, which allows nothing when it is gone", async () => {
    const boundaryArn = await under.people.managedPolicy(
      "edge",
      policyText({ Action: "ecr:BatchGetImage", Resource: "*" }),
    );
    const inline = { all: policyText({ Action: "ecr:*", Resource: "*" }) };
    const user = await under.people.user("ann", { inline, boundaryArn });
    expect(await under.answer(user, "ecr:BatchGetImage")).toBe("allowed");
    expect(await under.answer(user, "ecr:PutImage")).toBe(
      "because no permissions boundary allows the ecr:PutImage action",
    );
    const lost = await under.people.user("bob", { inline, boundaryArn: `${boundaryArn}-gone` });
    expect(await under.answer(lost, "ecr:BatchGetImage")).toContain("because no permissions boundary allows");
    const denying = await under.people.managedPolicy("no", policyText({ Effect: "Deny", Action: "*", Resource: "*" }));
    const denied = await under.people.user("cem", { inline, boundaryArn: denying });
    expect(await under.answer(denied, "ecr:BatchGetImage")).toBe("with an explicit deny in a permissions boundary");
  });

  it("is stopped by an explicit deny, wherever it stands", async () => {
    const deny = policyText({ Effect: "Deny", Action: "ecr:PutImage", Resource: "*" });
    const all = policyText({ Action: "ecr:*", Resource: "*" });
    const user = await under.people.user("ann", { inline: { all, deny } });
    expect(await under.answer(user, "ecr:PutImage")).toBe("with an explicit deny in an identity-based policy");
    expect(await under.answer(user, "ecr:BatchGetImage")).toBe("allowed");
    const free = await under.people.user("bob", { inline: { all } });
    await under.setPolicy({ Effect: "Deny", Principal: { AWS: free.arn }, Action: "ecr:PutImage" });
    expect(await under.answer(free, "ecr:PutImage")).toBe("with an explicit deny in a resource-based policy");
  });

  it("needs both sides across accounts", async () => {
    const local = await under.people.user("ann", { account: OTHER, inline: { read: policyText(READ) } });
    const poor = await under.people.user("bob", { account: OTHER });
    expect(await under.answer(local, "ecr:BatchGetImage")).toBe(noResource("ecr:BatchGetImage"));
    await under.setPolicy({ Principal: { AWS: `arn:aws:iam::${OTHER}:root` }, Action: "ecr:BatchGetImage" });
    expect(await under.answer(local, "ecr:BatchGetImage")).toBe("allowed");
    expect(await under.answer(local, "ecr:GetDownloadUrlForLayer")).toBe(noResource("ecr:GetDownloadUrlForLayer"));
    expect(await under.answer(poor, "ecr:BatchGetImage")).toBe(noIdentity("ecr:BatchGetImage"));
  });

  it("at home is let in by a repository policy alone", async () => {
    const user = await under.people.user("ann");
    await under.setPolicy({ Principal: { AWS: user.arn }, Action: "ecr:BatchGetImage" });
    expect(await under.answer(user, "ecr:BatchGetImage")).toBe("allowed");
    expect(await under.answer(user, "ecr:BatchGetImage", `${APP}2`)).toBe(noIdentity("ecr:BatchGetImage"));
  });

  it("who is gone may do nothing, though a policy names them", async () => {
    const user = await under.people.user("ann");
    await under.setPolicy({ Principal: { AWS: user.arn }, Action: "ecr:BatchGetImage" });
    expect(await under.answer(user, "ecr:BatchGetImage")).toBe("allowed");
    await under.core.metadata.transaction(({ identities }) => identities.delete(user.arn));
    expect(await under.answer(user, "ecr:BatchGetImage")).toBe(noIdentity("ecr:BatchGetImage"));
  });
});

describe("a role's session", () => {
  it("has the role's policies, less what its own leave out", async () => {
    const role = await under.people.role("ci", {
      path: "/build/",
      inline: { all: policyText({ Action: "ecr:*", Resource: "*" }) },
    });
    const free = await under.people.session(role, "free");
    const policies = [{ name: "1", text: policyText(READ) }];
    const limited = await under.people.session(role, "limited", { policies });
    expect(await under.answer(free, "ecr:PutImage")).toBe("allowed");
    expect(await under.answer(limited, "ecr:BatchGetImage")).toBe("allowed");
    expect(await under.answer(limited, "ecr:PutImage")).toBe(
      "because no session policy allows the ecr:PutImage action",
    );
    const deny = [{ name: "1", text: policyText({ Effect: "Deny", Action: "*", Resource: "*" }) }];
    const denied = await under.people.session(role, "denied", { policies: deny });
    expect(await under.answer(denied, "ecr:PutImage")).toBe("with an explicit deny in a session policy");
  });

  it("is limited by managed policies too, and by none that is gone", async () => {
    const role = await under.people.role("ci", { inline: { all: policyText({ Action: "ecr:*", Resource: "*" }) } });
    const pull = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly";
    const limited = await under.people.session(role, "a", { policyArns: [pull] });
    expect(await under.answer(limited, "ecr:BatchGetImage")).toBe("allowed");
    expect(await under.answer(limited, "ecr:PutImage")).toContain("because no session policy allows");
    const lost = await under.people.session(role, "b", { policyArns: ["arn:aws:iam::123456789012:policy/gone"] });
    expect(await under.answer(lost, "ecr:BatchGetImage")).toContain("because no session policy allows");
  });

  it("is named in policies by its role, with the role's path", async () => {
    const role = await under.people.role("ci", { path: "/build/" });
    const session = await under.people.session(role, "s");
    await under.setPolicy({ Principal: { AWS: role.arn }, Action: "ecr:BatchGetImage" });
    expect(await under.answer(session, "ecr:BatchGetImage")).toBe("allowed");
  });

  it("has the tags of its role, and its own over them", async () => {
    const Condition = { StringEquals: { "aws:PrincipalTag/team": "red", "aws:PrincipalTag/Level": "2" } };
    const inline = { tagged: policyText({ ...READ, Condition }) };
    const tags = [
      { key: "team", value: "red" },
      { key: "level", value: "1" },
    ];
    const role = await under.people.role("ci", { inline, tags });
    expect(await under.answer(await under.people.session(role, "a"), "ecr:BatchGetImage")).toBe(
      noIdentity("ecr:BatchGetImage"),
    );
    const session = await under.people.session(role, "b", { tags: [{ key: "level", value: "2" }] });
    expect(await under.answer(session, "ecr:BatchGetImage")).toBe("allowed");
  });

  it("that is over and swept may do nothing, whoever it was", async () => {
    const role = await under.people.role("ci", { inline: { all: policyText({ Action: "ecr:*", Resource: "*" }) } });
    const session = await under.people.session(role, "s");
    const root = { ...rootOf(under.core.key.registryId), sessionKeyId: session.sessionKeyId ?? "" };
    expect(await under.answer(session, "ecr:PutImage")).toBe("allowed");
    expect(await under.answer(root, "ecr:PutImage")).toBe("allowed");
    under.core.clock.advance(3_600_000);
    await under.core.metadata.transaction(({ sessions }) => sessions.deleteExpired(under.core.clock.now(), 10));
    // A swept session changes no decision that credentials could still ask for: it is seen with the next change.
    await under.people.role("other");
    expect(await under.answer(session, "ecr:PutImage")).toBe(noIdentity("ecr:PutImage"));
    expect(await under.answer(root, "ecr:PutImage")).toBe(noIdentity("ecr:PutImage"));
  });
});

describe("AssumeRole", () => {
  const trust = (principal: object | string, more: object = {}) =>
    policyText({ Principal: principal, Action: "sts:AssumeRole", ...more });
  const assume = (Resource: string) => ({ assume: policyText({ Action: "sts:AssumeRole", Resource }) });

  it("needs the role's trust, and tells no reasons", async () => {
    const user = await under.people.user("ann", { inline: assume("*") });
    const role = await under.people.role("ci", { trustPolicy: trust({ AWS: OTHER }) });
    expect(await under.answer(user, "sts:AssumeRole", role.arn)).toBe("");
    expect(await under.answer(user, "sts:AssumeRole", `${role.arn}-gone`)).toBe("");
    const mine = await under.people.role("mine", { trustPolicy: trust({ AWS: under.core.key.registryId }) });
    expect(await under.answer(user, "sts:AssumeRole", mine.arn)).toBe("allowed");
    expect(await under.answer(await under.people.user("bob"), "sts:AssumeRole", mine.arn)).toBe("");
  });

  it("of one who is named needs no other policy at home, and one across accounts", async () => {
    const [user, local, stranger] = [
      await under.people.user("ann"),
      await under.people.user("bob", { account: OTHER, inline: assume("*") }),
      await under.people.user("cem", { account: OTHER }),
    ];
    const role = await under.people.role("ci", { trustPolicy: trust({ AWS: [user.arn, local.arn, stranger.arn] }) });
    expect(await under.answer(user, "sts:AssumeRole", role.arn)).toBe("allowed");
    expect(await under.answer(local, "sts:AssumeRole", role.arn)).toBe("allowed");
    expect(await under.answer(stranger, "sts:AssumeRole", role.arn)).toBe("");
  });

  it("may hang on the external id and the session's name", async () => {
    const user = await under.people.user("ann");
    const Condition = { StringEquals: { "sts:ExternalId": "x1", "sts:RoleSessionName": "${aws:username}" } };
    const role = await under.people.role("ci", { trustPolicy: trust({ AWS: user.arn }, { Condition }) });
    expect(await under.answer(user, "sts:AssumeRole", role.arn)).toBe("");
    const given = { externalId: "x1", roleSessionName: "ann" };
    expect(await under.answer(user, "sts:AssumeRole", role.arn, given)).toBe("allowed");
    expect(await under.answer(user, "sts:AssumeRole", role.arn, { ...given, externalId: "x2" })).toBe("");
  });
});
