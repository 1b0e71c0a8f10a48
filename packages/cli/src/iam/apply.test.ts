import { describe, expect, it } from "vitest";
import { TestInstallation } from "../testing/offline-installation.ts";

const FILE = `
policies:
  push-team-a:
    path: /ci/
    document:
      Version: 2012-10-17
      Statement:
        - Effect: Allow
          Action: ["ecr:PutImage", "ecr:InitiateLayerUpload"]
          Resource: "arn:aws:ecr:*:*:repository/team-a/*"
groups:
  developers:
    policies: [AmazonEC2ContainerRegistryReadOnly]
    inlinePolicies:
      extra: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:TagResource","Resource":"*"}]}'
users:
  ann:
    groups: [developers]
    policies: [push-team-a]
    tags: { team: a, cost: "42" }
    permissionsBoundary: push-team-a
  bob:
roles:
  deployer:
    trustPolicy:
      Version: 2012-10-17
      Statement: { Effect: Allow, Principal: { AWS: "000000000000" }, Action: "sts:AssumeRole" }
    maxSessionDuration: 7200
    policies: [push-team-a]
`;

interface Shown {
  readonly user: { readonly tags: readonly unknown[]; readonly permissionsBoundary?: string };
  readonly groupNames: readonly string[];
  readonly attachedPolicies: readonly string[];
}

const POLICY = "arn:aws:iam::000000000000:policy/ci/push-team-a";

/** Applies a text as a file. */
async function apply(place: TestInstallation, text: string, ...flags: string[]): ReturnType<TestInstallation["run"]> {
  return place.run("iam", "apply", "-f", await place.file("iam.yaml", text), ...flags);
}

describe("a declarative file", () => {
  it("is made so, tells what differed, and the second time nothing does", async () => {
    await using place = await TestInstallation.open();
    const first = await apply(place, FILE);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out).toBe(`+ policy push-team-a
+ group developers
    + policy AmazonEC2ContainerRegistryReadOnly
    + inline policy extra
+ user ann
    + tag team=a
    + tag cost=42
    + boundary push-team-a
    + group developers
    + policy push-team-a
+ user bob
+ role deployer
    + policy push-team-a
5 to add, 0 to change, 0 to remove.
`);
    const ann = await place.json<Shown>("iam", "users", "show", "ann");
    expect(ann).toMatchObject({
      user: { permissionsBoundary: POLICY, tags: [{ key: "team" }, { key: "cost" }] },
      groupNames: ["developers"],
      attachedPolicies: [POLICY],
    });
    expect(await place.json("iam", "roles", "show", "deployer")).toMatchObject({
      role: { maxSessionDuration: 7200 },
      attachedPolicies: [POLICY],
    });
    expect((await apply(place, FILE)).out).toBe("Nothing to change.\n");
    expect(JSON.parse((await apply(place, FILE, "--output", "json")).out)).toEqual([]);
  });

  it("is only told with --dry-run", async () => {
    await using place = await TestInstallation.open();
    expect((await apply(place, FILE, "--dry-run")).out).toContain("5 to add, 0 to change, 0 to remove.");
    expect(await place.json("iam", "users", "list")).toEqual([]);
    expect(await place.json("iam", "policies", "list", "--scope", "Local")).toEqual([]);
  });

  it("changes what differs and takes away what it no longer says", async () => {
    await using place = await TestInstallation.open();
    await apply(place, FILE);
    const changed = FILE.replace('"ecr:InitiateLayerUpload"', '"ecr:UploadLayerPart"')
      .replace("groups: [developers]", "groups: []")
      .replace('team: a, cost: "42"', "team: b, new: c")
      .replace("permissionsBoundary: push-team-a", "permissionsBoundary: AmazonEC2ContainerRegistryFullAccess")
      .replace("7200", "3600")
      .replace('AWS: "000000000000"', 'AWS: "111111111111"')
      .replace(/ {4}inlinePolicies:\n.*\n/, "");
    const { code, out } = await apply(place, changed);
    expect(code).toBe(0);
    expect(out).toBe(`~ policy push-team-a
    ~ document
                "Action": [
                  "ecr:PutImage",
        -         "ecr:InitiateLayerUpload"
        +         "ecr:UploadLayerPart"
                ],
                "Resource": "arn:aws:ecr:*:*:repository/team-a/*"
          …
~ group developers
    - inline policy extra
~ user ann
    ~ tag team: a -> b
    + tag new=c
    - tag cost=42
    ~ boundary: push-team-a -> AmazonEC2ContainerRegistryFullAccess
    - group developers
~ role deployer
    ~ trust policy
              "Effect": "Allow",
              "Principal": {
        -       "AWS": "000000000000"
        +       "AWS": "111111111111"
              },
              "Action": "sts:AssumeRole"
          …
    ~ longest session: 7200 -> 3600 s
0 to add, 4 to change, 0 to remove.
`);
    expect((await apply(place, changed)).out).toBe("Nothing to change.\n");
  });

  it("leaves what it does not name, and removes it from its sections with --prune", async () => {
    await using place = await TestInstallation.open();
    await apply(place, FILE);
    await place.run("keys", "create", "--user", "bob");
    const less =
      "users: { ann: { tags: { team: a, cost: '42' }, groups: [developers], policies: [push-team-a], permissionsBoundary: push-team-a } }\n";
    expect((await apply(place, less)).out).toBe("Nothing to change.\n");
    expect((await apply(place, less, "--prune")).out).toBe("- user bob\n0 to add, 0 to change, 1 to remove.\n");
    expect(await place.json("iam", "users", "list")).toHaveLength(1);
    expect(await place.json("iam", "roles", "list")).toHaveLength(1);
    const none = "users: {}\ngroups: {}\nroles: {}\npolicies: {}\n";
    expect((await apply(place, none, "--prune")).out).toBe(`- group developers
- user ann
- role deployer
- policy push-team-a
0 to add, 0 to change, 4 to remove.
`);
    for (const noun of ["users", "groups", "roles"]) expect(await place.json("iam", noun, "list")).toEqual([]);
    expect(await place.json("iam", "policies", "list", "--scope", "Local")).toEqual([]);
  });

  it("may be JSON on standard input, and about further accounts", async () => {
    await using place = await TestInstallation.open();
    place.input = JSON.stringify({
      users: { ann: {} },
      accounts: { "111111111111": { users: { eve: { policies: ["AmazonEC2ContainerRegistryPullOnly"] } } } },
    });
    const dry = await place.run("iam", "apply", "-f", "-", "--dry-run");
    expect(dry.out).toBe(`+ user ann
+ account 111111111111
+ user eve
    + policy AmazonEC2ContainerRegistryPullOnly
3 to add, 0 to change, 0 to remove.
`);
    expect(await place.json("iam", "accounts", "list")).toHaveLength(1);
    expect((await place.run("iam", "apply", "-f", "-")).code).toBe(0);
    const there = await place.json<Shown>("iam", "users", "show", "eve", "--account", "111111111111");
    expect(there.attachedPolicies).toHaveLength(1);
    expect((await place.run("iam", "apply", "-f", "-")).out).toBe("Nothing to change.\n");
  });

  it("finds room under the limits by taking before giving", async () => {
    await using place = await TestInstallation.open();
    const statement = { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" };
    const document = { Version: "2012-10-17", Statement: [statement] };
    const policies = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, { document }]));
    const names = Object.keys(policies);
    const file = (attached: readonly string[]): string =>
      JSON.stringify({ policies, users: { ann: { policies: attached } } });
    expect((await apply(place, file(names.slice(0, 10)))).code).toBe(0);
    expect((await apply(place, file(names.slice(10)))).code).toBe(0);
    const { attachedPolicies } = await place.json<Shown>("iam", "users", "show", "ann");
    expect(attachedPolicies).toHaveLength(10);
  });
});

describe("a file that is wrong changes nothing and tells every fault", () => {
  it.each([
    ["user: {}", "user: is not known here; there are policies, groups, users, roles, accounts."],
    ["users: { ann: { polices: [] } }", "users.ann.polices: is not known here"],
    ["users: [ann]", "users: must hold keys and values."],
    ["users: { ann: { tags: { cost: 42 } } }", "users.ann.tags.cost: must be text"],
    ["users: { ann: { groups: [none] } }", "users.ann.groups: there is no group none."],
    ["users: { ann: { policies: [none] } }", "users.ann.policies: there is no policy none."],
    ["users: { ann: { policies: [a, a] } }", "users.ann.policies: names something twice."],
    ["users: { ann: {}, Ann: {} }", "users.Ann: another one has this name but for case."],
    ["users: { ann: {}, ann: {} }", "Map keys must be unique"],
    ["users: { 'a b': {} }", "users.a b: Member must satisfy regular expression pattern"],
    ["users: { ann: { path: x } }", "users.ann.path: Member must satisfy"],
    ["users: { ann: { tags: { k: '!' } } }", "users.ann.tags.k: Member must satisfy"],
    ["policies: { p: {} }", "policies.p: lacks its document."],
    ["policies: { p: { document: '{' } }", "policies.p.document: is no JSON."],
    [
      "policies: { p: { document: { Statement: [] } } }",
      "policies.p (Statement): A policy has at least one statement.",
    ],
    ["groups: { g: { inlinePolicies: { i: { Statement: 1 } } } }", "groups.g.inlinePolicies.i (Statement)"],
    ["roles: { r: {} }", "roles.r: lacks its trustPolicy."],
    ["roles: { r: { trustPolicy: { Statement: [] } } }", "roles.r.trustPolicy (Statement)"],
    ["roles: { r: { trustPolicy: '1', maxSessionDuration: 60 } }", "roles.r.maxSessionDuration: Member must"],
    ["accounts: { 1: {} }", "accounts.1: an account has 12 digits; put them in quotes."],
    ['accounts: { "000000000000": {} }', "the top of the file is about this account."],
    ['accounts: { "111111111111": { users: { a: { groups: [g] } } } }', "accounts.111111111111.users.a.groups"],
    ["a: [", "The file is neither YAML nor JSON"],
    ["x", "the file: must hold keys and values."],
  ])("%s", async (text, message) => {
    await using place = await TestInstallation.open();
    const { code, out, err } = await apply(place, `${text}\n`);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, ""]);
    expect(await place.json("iam", "users", "list")).toEqual([]);
  });

  it("and a path that would have to move is one", async () => {
    await using place = await TestInstallation.open();
    await apply(place, FILE);
    const { code, err } = await apply(place, FILE.replace("path: /ci/", "path: /other/"));
    expect(code).toBe(2);
    expect(err).toBe("stowage: policies.push-team-a.path: it stands in /ci/ and cannot move; delete it first.\n");
  });

  it("and so is one about other accounts with --endpoint", async () => {
    await using place = await TestInstallation.open();
    const { code, err } = await apply(place, 'accounts: { "111111111111": {} }', "--endpoint", "http://127.0.0.1:1");
    expect(code).toBe(2);
    expect(err).toContain("needs --data");
  });
});
