import { describe, expect, it } from "vitest";
import { TestInstallation } from "../testing/offline-installation.ts";

const pull = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Pull", Effect: "Allow", Action: "ecr:BatchGetImage", Resource: "*" }],
};
const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "sts:AssumeRole" }],
};
const IAM = "arn:aws:iam::000000000000";
const REPOSITORY = "arn:aws:ecr:us-east-1:000000000000:repository/app";

describe("stowage iam", () => {
  it("manages users with tags, boundaries, policies and keys", async () => {
    await using place = await TestInstallation.open();
    const document = await place.file("pull.json", pull);
    expect((await place.run("iam", "policies", "create", "pull", document)).code).toBe(0);
    const line = ["create", "ci", "--path", "/build/", "--tag", "team=a", "--tag", "x=y=z", "--boundary", "pull"];
    expect((await place.run("iam", "users", ...line)).out).toMatch(
      /^userName +ci\n(.*\n)*permissionsBoundary +arn.*policy\/pull\ntags +team=a, x=y=z\n$/,
    );
    await place.run("iam", "users", "attach", "ci", "AmazonEC2ContainerRegistryReadOnly");
    await place.run("iam", "users", "attach", "ci", "PULL");
    await place.run("iam", "users", "put-policy", "ci", "own", document);
    const shown = await place.json("iam", "users", "show", "ci");
    expect(shown).toMatchObject({
      user: { arn: `${IAM}:user/build/ci` },
      attachedPolicies: [`${IAM}:policy/pull`, "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"],
      inlinePolicies: [{ policyName: "own", policyDocument: JSON.stringify(pull) }],
    });
    expect((await place.run("iam", "users", "show", "ci")).out).toMatch(/\ninlinePolicies +own\n$/);
    const key = await place.json<{ accessKeyId: string; secretAccessKey: string }>("keys", "create", "--user", "ci");
    expect(key.secretAccessKey).toHaveLength(40);
    const listed = await place.run("iam", "keys", "list", "--user", "ci");
    expect(listed.out).toContain(key.accessKeyId);
    expect(listed.out).not.toContain(key.secretAccessKey);
    expect((await place.run("keys", "list")).out).not.toContain(key.accessKeyId);
    expect((await place.run("iam", "keys", "deactivate", key.accessKeyId, "--user", "ci")).code).toBe(0);
    expect((await place.run("iam", "users", "update", "ci", "--boundary", "none", "--tag", "a=b")).out).not.toContain(
      "permissionsBoundary",
    );
    const kept = await place.run("iam", "users", "delete", "ci");
    expect(kept).toMatchObject({ code: 1, err: "stowage: Cannot delete entity, must delete access keys first.\n" });
    expect((await place.run("iam", "users", "delete", "ci", "--force")).code).toBe(0);
    expect(await place.json("iam", "users", "list")).toEqual([]);
    expect(await place.run("iam", "users", "show", "ci")).toMatchObject({ code: 3, out: "" });
  });

  it("manages groups and their members", async () => {
    await using place = await TestInstallation.open();
    await place.run("iam", "groups", "create", "team");
    for (const user of ["ann", "bob"]) await place.run("iam", "users", "create", user);
    expect((await place.run("iam", "groups", "add", "team", "ann", "bob")).code).toBe(0);
    await place.run("iam", "groups", "attach", "team", "AmazonEC2ContainerRegistryPullOnly");
    await place.run("iam", "groups", "remove", "team", "ann");
    const shown = await place.run("iam", "groups", "show", "team");
    expect(shown.out).toMatch(/\nusers +bob\nattachedPolicies +arn:.*PullOnly\n/);
    expect((await place.run("iam", "groups", "list")).out).toMatch(/^groupName +arn +createdAt\nteam /);
    expect((await place.run("iam", "groups", "delete", "team")).code).toBe(1);
    await place.run("iam", "groups", "detach", "team", "AmazonEC2ContainerRegistryPullOnly");
    await place.run("iam", "groups", "remove", "team", "bob");
    expect((await place.run("iam", "groups", "delete", "team")).code).toBe(0);
  });

  it("manages roles, reads documents from standard input, and tells advice on them", async () => {
    await using place = await TestInstallation.open();
    place.input = JSON.stringify(trust);
    const made = await place.run("iam", "roles", "create", "deployer", "--trust", "-", "--max-session", "7200");
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toMatch(/\nmaxSessionDuration +7200\n/);
    place.input = JSON.stringify({ ...trust, Statement: [{ ...trust.Statement[0], Principal: "*" }] });
    const opened = await place.run("iam", "roles", "update", "deployer", "--trust", "-");
    expect(opened).toMatchObject({ code: 0 });
    expect(opened.err).toBe(
      "warning: Statement[0].Principal (line 1, column 38): This allows everyone, the public included.\n",
    );
    expect((await place.run("iam", "roles", "show", "deployer")).out).toContain('"Principal":"*"');
    place.input = JSON.stringify(pull);
    await place.run("iam", "roles", "put-policy", "deployer", "pull", "-");
    expect((await place.run("iam", "roles", "delete-policy", "deployer", "pull")).code).toBe(0);
    expect((await place.run("iam", "roles", "delete-policy", "deployer", "pull")).code).toBe(3);
    expect((await place.run("iam", "roles", "create", "x", "--trust", "-", "--max-session", "1h")).code).toBe(2);
    const bad = await place.run("iam", "roles", "create", "x", "--trust", "-");
    expect(bad.code).toBe(2);
    expect(bad.err).toContain("A trust policy has actions of sts only.");
  });

  it("manages and judges policies", async () => {
    await using place = await TestInstallation.open();
    const document = await place.file("pull.json", pull);
    expect((await place.run("iam", "policies", "create", "pull", document)).out).toContain(`${IAM}:policy/pull`);
    expect((await place.run("iam", "policies", "list")).out).toMatch(/AmazonEC2.*\n(.*\n)*pull +arn:/);
    expect((await place.run("iam", "policies", "list", "--scope", "AWS")).out).not.toContain(":policy/pull");
    expect((await place.run("iam", "policies", "show", "pull")).out).toContain('"Sid":"Pull"');
    const wide = await place.file("wide.json", { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
    const updated = await place.run("iam", "policies", "update", "pull", wide);
    expect(updated.err).toContain("warning: Statement[0].Action");
    expect((await place.run("iam", "policies", "validate", wide)).code).toBe(0);
    place.input = '{"Statement": []}';
    const invalid = await place.run("iam", "policies", "validate", "-");
    expect(invalid).toMatchObject({ code: 2, err: "stowage: The document has an error.\n" });
    expect(invalid.out).toMatch(/^severity +path +line +column +message\nerror +Statement +1 +2 +A policy has/);
    expect((await place.run("iam", "policies", "delete", "pull")).code).toBe(0);
    expect(await place.run("iam", "policies", "delete", "pull")).toMatchObject({
      code: 3,
      err: "stowage: There is no managed policy named pull.\n",
    });
  });

  it("explains who may do what", async () => {
    await using place = await TestInstallation.open();
    await place.run("iam", "users", "create", "ci");
    await place.run("iam", "users", "put-policy", "ci", "pull", await place.file("pull.json", pull));
    const asked = ["iam", "explain", "--principal", `${IAM}:user/ci`, "--resource", REPOSITORY, "--action"];
    const allowed = await place.run(...asked, "ecr:BatchGetImage");
    expect(allowed.out).toMatch(
      /^decision +allowed\nreason +allowedByIdentity\n\neffect +matched .*\nAllow +true +identity /,
    );
    const denied = await place.run(...asked, "ecr:PutImage");
    expect(denied.out).toMatch(/^decision +implicitDeny\n(.*\n)*Allow +false .* Pull +It is about other actions\.\n$/);
    expect(await place.json(...asked, "ecr:PutImage")).toMatchObject({
      decision: "implicitDeny",
      reason: "noIdentityAllow",
    });
    expect((await place.run(...asked, "nonsense")).code).toBe(2);
  });

  it("revokes by principal, key and token, and takes a token on standard input alone", async () => {
    await using place = await TestInstallation.open();
    await place.run("iam", "users", "create", "ci");
    expect((await place.run("iam", "revoke", "--principal", `${IAM}:user/ci`)).out).toMatch(/^revokedBefore +20/);
    expect((await place.run("iam", "revoke", "--principal", `${IAM}:user/nobody`)).code).toBe(3);
    expect((await place.run("iam", "revoke", "--key", "AKIANOSUCHKEY00000000")).code).toBe(3);
    place.input = "a-token\n";
    expect((await place.run("iam", "revoke", "--token", "-")).code).toBe(0);
    const literal = await place.run("iam", "revoke", "--token", "secret");
    expect(literal).toMatchObject({ code: 2, out: "" });
    expect(literal.err).not.toContain("secret");
    expect((await place.run("iam", "revoke")).code).toBe(2);
    expect((await place.run("iam", "revoke", "--token", "-", "--key", "x")).code).toBe(2);
  });

  it("makes accounts, whose identities --account reaches", async () => {
    await using place = await TestInstallation.open();
    expect((await place.run("iam", "accounts", "create", "111111111111")).code).toBe(0);
    expect((await place.run("iam", "accounts", "create", "111111111111")).code).toBe(1);
    expect((await place.run("iam", "accounts", "list")).out).toMatch(/000000000000 .*\n111111111111 /);
    await place.run("iam", "users", "create", "there", "--account", "111111111111");
    expect(await place.json("iam", "users", "list")).toEqual([]);
    expect((await place.run("iam", "users", "list", "--account", "111111111111")).out).toContain("there");
  });

  it("tells of a document that is not there", async () => {
    await using place = await TestInstallation.open();
    const missing = await place.run("iam", "policies", "create", "a", "/no/such/file");
    expect(missing).toMatchObject({ code: 3, err: expect.stringContaining("/no/such/file cannot be read") });
  });

  it.each([
    [["iam", "users", "create", "a", "--tag", "x"], "--tag is KEY=VALUE"],
    [["iam", "users", "create", "a b"], "Invalid parameter at 'userName'"],
    [["iam", "roles", "create", "a"], "required option '--trust <file>'"],
    [["iam", "explain"], "required option '--principal <arn>'"],
    [["iam", "frobnicate"], "unknown command"],
  ])("%j is wrong usage: %s", async (line, text) => {
    await using place = await TestInstallation.open();
    const { code, out, err } = await place.run(...line);
    expect(err).toContain(text);
    expect([code, out]).toEqual([2, ""]);
  });
});
