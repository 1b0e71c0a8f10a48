import assert from "node:assert/strict";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { SetRepositoryPolicyCommand, DeleteRepositoryPolicyCommand } from "@aws-sdk/client-ecr";
import { containersProgram } from "../containers.ts";
import { startDocker } from "../docker-engine.ts";
import { checkLayout, makeImage, writeLayout } from "../images.ts";
import { Registry, type Credentials } from "../registry.ts";
import { type Context, type Program, type Scenario } from "../scenario.ts";
import { startStowage, stowage } from "../stowage.ts";

const SCRIPT = join(import.meta.dirname, "iam_profile.py");
const HOME_ACCOUNT = "000000000000";
const GUEST_ACCOUNT = "111111111111";
const ROLE = "deployer";

/** Users, roles and policies as teams have them: a role that a profile assumes, and guests of another account. */
export const iam: Scenario = {
  name: "iam",
  tools: ["aws-v1", "boto3", "docker", "dockerd", "containerd", "runc", "skopeo"],
  ownServer: true,
  async run(context) {
    const registry = await startOwn(context);
    const [own, other] = [await context.newRepository("app"), await context.newRepository("other")];
    const image = makeImage();
    const skopeo = await containersProgram(context, "skopeo");
    await writeLayout(context.path("layout"), { v1: image });
    await context.step("push as the root", async () => {
      for (const name of [own, other]) {
        const root = ["--dest-creds", `${registry.user}:${await registry.password()}`];
        await skopeo.run(["copy", ...root, "oci:layout:v1", `docker://${registry.host}/${name}:v1`]);
      }
    });
    const { deployer, guest } = await context.step("declare users, roles and policies", () => declare(context, own));
    const aws = await awsProgram(context, deployer);
    await context.step("AWS CLI by a profile with role_arn", () => useProfile(aws, { own, other }));
    await context.step("boto3 by a profile with role_arn", async () => {
      const python = context.program("boto3", { env: environmentOf(context) });
      const arn = await python.run([SCRIPT, ROLE, own, other]);
      assert.match(arn, new RegExp(`^arn:aws:sts::${HOME_ACCOUNT}:assumed-role/${ROLE}/`));
    });
    await context.step("docker pulls what the role may, and nothing else", () =>
      pullAsRole(context, aws, { own, other }),
    );
    await context.step("another account pulls what it is let to", () => pullAcross(context, skopeo, { own, guest }));
    await context.step("what was revoked is refused", () => revoke(context, skopeo, { aws, own }));
    await context.step("the layers came whole", () => checkLayout(context.path("returned"), image));
  },
};

interface Repositories {
  readonly own: string;
  readonly other: string;
}

/** A server whose identities are this scenario's alone. */
async function startOwn(context: Context): Promise<Registry> {
  const dataFolder = context.path("data");
  const server = await startStowage({ dataFolder, listen: "127.0.0.1:0", cleanups: context.cleanups });
  context.serverLog = server.daemon.log;
  context.registry = new Registry(server.origin, server.account);
  return context.registry;
}

function policy(...statements: readonly object[]): object {
  return { Version: "2012-10-17", Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })) };
}

/** @returns keys of the user who assumes the role, and of the guest of another account */
async function declare(context: Context, own: string): Promise<{ deployer: Credentials; guest: Credentials }> {
  const at = ["--data", context.path("data"), "--output", "json"];
  const Resource = `arn:aws:ecr:*:${HOME_ACCOUNT}:repository/${own}`;
  const pull = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:DescribeImages"];
  const login = { Action: "ecr:GetAuthorizationToken", Resource: "*" };
  const declared = {
    users: { ann: {} },
    roles: {
      [ROLE]: {
        trustPolicy: policy({ Principal: { AWS: `arn:aws:iam::${HOME_ACCOUNT}:user/ann` }, Action: "sts:AssumeRole" }),
        inlinePolicies: { app: policy({ Action: pull, Resource }, login) },
      },
    },
    accounts: {
      [GUEST_ACCOUNT]: { users: { bob: { inlinePolicies: { pull: policy({ Action: pull, Resource: "*" }, login) } } } },
    },
  };
  await context.writeFile("iam.json", JSON.stringify(declared));
  await stowage("iam", "apply", "-f", context.path("iam.json"), ...at);
  const keyOf = async (user: string, ...more: readonly string[]): Promise<Credentials> =>
    JSON.parse(await stowage("iam", "keys", "create", "--user", user, ...more, ...at));
  return { deployer: await keyOf("ann"), guest: await keyOf("bob", "--account", GUEST_ACCOUNT) };
}

/** Endpoints and region; the keys stand in the shared files. */
function environmentOf(context: Context): Record<string, string> {
  const found = Object.entries(context.registry.account.environment).filter(([name]) => !/KEY/.test(name));
  return { ...Object.fromEntries(found), AWS_EC2_METADATA_DISABLED: "true", AWS_PAGER: "" };
}

async function awsProgram(context: Context, { accessKeyId, secretAccessKey }: Credentials): Promise<Program> {
  await mkdir(context.path("home/.aws"), { recursive: true });
  const keys = ["[ann]", `aws_access_key_id = ${accessKeyId}`, `aws_secret_access_key = ${secretAccessKey}`];
  await context.writeFile("home/.aws/credentials", `${keys.join("\n")}\n`);
  const roleArn = `arn:aws:iam::${HOME_ACCOUNT}:role/${ROLE}`;
  const profile = [`[profile ${ROLE}]`, `role_arn = ${roleArn}`, "source_profile = ann"];
  await context.writeFile("home/.aws/config", `${profile.join("\n")}\n`);
  return context.program("aws-v1", { globals: ["--output", "json"], env: environmentOf(context) });
}

async function useProfile(aws: Program, { own, other }: Repositories): Promise<void> {
  const as = ["--profile", ROLE];
  const { Arn: arn } = JSON.parse(await aws.run(["sts", "get-caller-identity", ...as]));
  assert.match(String(arn), new RegExp(`^arn:aws:sts::${HOME_ACCOUNT}:assumed-role/${ROLE}/`));
  await aws.run(["ecr", "describe-images", "--repository-name", own, ...as]);
  await aws.refused(
    ["ecr", "describe-images", "--repository-name", other, ...as],
    /\(AccessDeniedException\).*assumed-role\/deployer\/\S+ is not authorized to perform: ecr:DescribeImages on resource: \S+ because no identity-based policy allows/,
  );
  const elsewhere = `arn:aws:iam::${HOME_ACCOUNT}:role/nobody`;
  const assume = ["sts", "assume-role", "--role-session-name", "nobody", "--role-arn", elsewhere, "--profile", "ann"];
  await aws.refused(
    assume,
    /\(AccessDenied\).*user\/ann is not authorized to perform: sts:AssumeRole on resource: \S+nobody/,
  );
  await aws.run(["sts", "get-session-token", "--duration-seconds", "900", "--profile", "ann"]);
}

async function pullAsRole(context: Context, aws: Program, { own, other }: Repositories): Promise<void> {
  const { registry } = context;
  const docker = await startDocker(context);
  const password = await aws.run(["ecr", "get-login-password", "--profile", ROLE]);
  await docker.run(["login", "-u", registry.user, "--password-stdin", registry.host], { input: password });
  await docker.run(["pull", `${registry.host}/${own}:v1`]);
  const denied = /not authorized to perform: ecr:BatchGetImage|denied/i;
  await docker.refused(["pull", `${registry.host}/${other}:v1`], denied);
  await docker.refused(["pull", `${registry.host}/${context.repository("none")}:v1`], denied);
  await docker.run(["tag", `${registry.host}/${own}:v1`, `${registry.host}/${own}:v2`]);
  await docker.refused(["push", `${registry.host}/${own}:v2`], /not authorized|denied/i);
}

async function pullAcross(
  context: Context,
  skopeo: Program,
  { own, guest }: { readonly own: string; readonly guest: Credentials },
): Promise<void> {
  const { registry } = context;
  const env = {
    ...environmentOf(context),
    AWS_ACCESS_KEY_ID: guest.accessKeyId,
    AWS_SECRET_ACCESS_KEY: guest.secretAccessKey,
  };
  const aws = context.program("aws-v1", { env });
  const ask = ["ecr", "get-authorization-token", "--registry-ids", HOME_ACCOUNT, "--output", "text"];
  const token = await aws.run([...ask, "--query", "authorizationData[0].authorizationToken"]);
  const creds = ["--creds", Buffer.from(token, "base64").toString()];
  const inspect = ["inspect", ...creds, `docker://${registry.host}/${own}:v1`];
  const refused = /not authorized to perform: ecr:BatchGetImage .* because no resource-based policy allows|denied/;
  await skopeo.refused(inspect, refused);
  const Principal = { AWS: `arn:aws:iam::${GUEST_ACCOUNT}:root` };
  const Action = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
  const policyText = JSON.stringify(policy({ Principal, Action }));
  await registry.ecr.send(new SetRepositoryPolicyCommand({ repositoryName: own, policyText }));
  const [flag, value] = ["--src-creds", creds[1] ?? ""];
  await skopeo.run(["copy", flag, value, `docker://${registry.host}/${own}:v1`, "oci:returned:v1"]);
  await registry.ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName: own }));
  await skopeo.refused(inspect, refused);
}

async function revoke(
  context: Context,
  skopeo: Program,
  { aws, own }: { readonly aws: Program; readonly own: string },
): Promise<void> {
  const { registry } = context;
  const list = ["ecr", "describe-images", "--repository-name", own, "--profile", ROLE];
  const login = async (): Promise<string> => aws.run(["ecr", "get-login-password", "--profile", ROLE]);
  const inspect = (password: string): readonly string[] => [
    "inspect",
    "--creds",
    `${registry.user}:${password}`,
    `docker://${registry.host}/${own}:v1`,
  ];
  const password = await login();
  const roleArn = `arn:aws:iam::${HOME_ACCOUNT}:role/${ROLE}`;
  await skopeo.run(inspect(password));
  await stowage("iam", "revoke", "--principal", roleArn, "--data", context.path("data"));
  await skopeo.refused(inspect(password), /unauthorized|invalid username\/password|401/i);
  await aws.refused(list, /UnrecognizedClientException/);
  await rm(context.path("home/.aws/cli"), { recursive: true });
  await skopeo.run(inspect(await login()));
}
