import { policyText } from "@stowage/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashOf } from "../../../packages/server/src/auth/sessions.ts";
import { arnOf, HOME, openInstallation, type Installation, type Login } from "./installation.ts";

const NAME = "team/app";
const PULL = ["ecr:BatchGetImage", "ecr:ListImages"];
let installation: Installation;
let root: Login;
let count = 0;

beforeAll(async () => {
  installation = await openInstallation();
  root = await installation.login(HOME);
  await installation.api("CreateRepository", { repositoryName: NAME }, root);
});
afterAll(() => installation.close());

const nextName = (): string => `user${(count += 1)}`;

/** What the next request is answered, on the one door and on the other. */
async function doors(login: Login, authorization = installation.authorization(login)): Promise<readonly unknown[]> {
  const { status, json } = await installation.api("ListImages", { registryId: HOME, repositoryName: NAME }, login);
  const { status: ociStatus } = await installation.oci("GET", `/v2/${NAME}/tags/list`, authorization);
  return [status === 200 ? 200 : json["__type"], ociStatus];
}

const MAY = [200, 200];
const MAY_NOT = ["AccessDeniedException", 403];
const UNKNOWN = ["UnrecognizedClientException", 401];

type Rows = Parameters<Parameters<Installation["metadata"]["transaction"]>[0]>[0];

function write(work: (rows: Rows) => Promise<unknown>): Promise<unknown> {
  return installation.metadata.transaction(work);
}

describe("a change of a policy counts for the next request, on both doors", () => {
  const allow = policyText({ Action: PULL, Resource: "*" });
  const deny = policyText({ Effect: "Deny", Action: PULL, Resource: "*" });

  it("of an identity, its group and its boundary", async () => {
    const user = await installation.people.user(nextName());
    const login = await installation.login(user);
    const token = installation.authorization(login);
    const arn = await installation.people.managedPolicy(nextName(), allow);
    const group = await installation.people.group(nextName(), [], { inline: { deny } });
    const edit =
      (text: string) =>
      async ({ identities }: Rows) => {
        const found = await identities.findPolicy(arn);
        if (found !== undefined) await identities.putPolicy({ ...found, text });
      };
    expect(await doors(login, token)).toEqual(MAY_NOT);
    const steps: readonly (readonly [(rows: Rows) => Promise<unknown>, readonly unknown[]])[] = [
      [({ identities }) => identities.attachPolicy(user.arn, arn), MAY],
      [edit(deny), MAY_NOT],
      [edit(allow), MAY],
      [({ identities }) => identities.addMember(group.arn, user.arn), MAY_NOT],
      [({ identities }) => identities.removeMember(group.arn, user.arn), MAY],
      [({ identities }) => identities.putInlinePolicy(user.arn, { name: "no", text: deny }), MAY_NOT],
      [({ identities }) => identities.deleteInlinePolicy(user.arn, "no"), MAY],
      [({ identities }) => identities.detachPolicy(user.arn, arn), MAY_NOT],
    ];
    for (const [step, wanted] of steps) {
      await write(step);
      expect(await doors(login, token)).toEqual(wanted);
    }
  });

  it("of a repository and a registry, set through the API", async () => {
    const user = await installation.people.user(nextName());
    const login = await installation.login(user);
    const token = installation.authorization(login);
    const Principal = { AWS: user.arn };
    const grant = policyText({ Principal, Action: PULL });
    const refuse = policyText({ Effect: "Deny", Principal, Action: PULL, Resource: arnOf(NAME) });
    const steps: readonly (readonly [string, object, readonly unknown[]])[] = [
      ["SetRepositoryPolicy", { repositoryName: NAME, policyText: grant }, MAY],
      ["PutRegistryPolicy", { policyText: refuse }, MAY_NOT],
      ["PutAccountSetting", { name: "REGISTRY_POLICY_SCOPE", value: "V1" }, MAY],
      ["PutAccountSetting", { name: "REGISTRY_POLICY_SCOPE", value: "V2" }, MAY_NOT],
      ["DeleteRegistryPolicy", {}, MAY],
      ["DeleteRepositoryPolicy", { repositoryName: NAME }, MAY_NOT],
    ];
    expect(await doors(login, token)).toEqual(MAY_NOT);
    for (const [operation, input, wanted] of steps) {
      expect((await installation.api(operation, input, root)).status).toBe(200);
      expect(await doors(login, token)).toEqual(wanted);
    }
  });

  it("that looks at the repository's tags, when they change", async () => {
    const Condition = { StringEquals: { "aws:ResourceTag/open": "yes" } };
    const inline = { tagged: policyText({ Action: PULL, Resource: "*", Condition }) };
    const login = await installation.login(await installation.people.user(nextName(), { inline }));
    const resourceArn = arnOf(NAME);
    expect(await doors(login)).toEqual(MAY_NOT);
    await installation.api("TagResource", { resourceArn, tags: [{ Key: "open", Value: "yes" }] }, root);
    expect(await doors(login)).toEqual(MAY);
    await installation.api("UntagResource", { resourceArn, tagKeys: ["open"] }, root);
    expect(await doors(login)).toEqual(MAY_NOT);
  });
});

describe("credentials that are taken back are refused by the next request, on both doors", () => {
  const inline = { pull: policyText({ Action: PULL, Resource: "*" }) };
  const userLogin = async (): Promise<Login> =>
    installation.login(await installation.people.user(nextName(), { inline }));

  it("a key that is made inactive, or deleted", async () => {
    const login = await userLogin();
    const token = installation.authorization(login);
    expect(await doors(login, token)).toEqual(MAY);
    await write(({ accessKeys }) => accessKeys.setStatus(login.accessKeyId, "Inactive"));
    expect(await doors(login, token)).toEqual(UNKNOWN);
    await write(({ accessKeys }) => accessKeys.setStatus(login.accessKeyId, "Active"));
    expect(await doors(login, token)).toEqual(MAY);
    await write(({ accessKeys }) => accessKeys.delete(login.accessKeyId));
    expect(await doors(login, token)).toEqual(UNKNOWN);
  });

  it("a user who is deleted, though one of the same name is made again", async () => {
    const login = await userLogin();
    const token = installation.authorization(login);
    expect(await doors(login, token)).toEqual(MAY);
    await write(({ identities }) => identities.delete(login.principal.arn));
    expect(await doors(login, token)).toEqual(UNKNOWN);
    await installation.people.user(login.principal.arn.split("/").at(-1) ?? "", { inline });
    expect(await doors(login, token)).toEqual(UNKNOWN);
  });

  it("a session whose role is deleted, or that is revoked", async () => {
    for (const undo of ["delete", "revoke"]) {
      const name = nextName();
      const role = await installation.people.role(name, { inline });
      const login = await installation.assume(name);
      const token = installation.authorization(login);
      expect(await doors(login, token)).toEqual(MAY);
      installation.clock.advance(1);
      if (undo === "delete") await write(({ identities }) => identities.delete(role.arn));
      else await revoke("principal", role.arn);
      expect(await doors(login, token)).toEqual(UNKNOWN);
    }
  });

  it("a principal's tokens, a key's tokens, and one token alone, but no key that does not end", async () => {
    const login = await userLogin();
    const passwordOf = (token: string) => Buffer.from(token.slice("Basic ".length), "base64").toString().slice(4);
    const subjects = [
      ["principal", () => login.principal.arn],
      ["accessKey", () => login.accessKeyId],
      ["token", (token: string) => hashOf(passwordOf(token))],
    ] as const;
    for (const [kind, subjectOf] of subjects) {
      const token = installation.authorization(login);
      expect(await doors(login, token)).toEqual(MAY);
      installation.clock.advance(1);
      await revoke(kind, subjectOf(token));
      expect(await doors(login, token)).toEqual([200, 401]);
      expect(await doors(login)).toEqual(MAY);
    }
  });

  function revoke(kind: "principal" | "accessKey" | "token", subject: string): Promise<unknown> {
    const before = installation.clock.now();
    const expiresAt = new Date(before.getTime() + 1e9);
    return write(({ access }) => access.putRevocation({ kind, subject, before, expiresAt }));
  }
});
