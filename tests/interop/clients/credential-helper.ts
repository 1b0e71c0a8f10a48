import assert from "node:assert/strict";
import { dirname } from "node:path";
import { containersProgram } from "../containers.ts";
import { startDocker } from "../docker-engine.ts";
import { checkLayout, makeImage, writeLayout } from "../images.ts";
import { type Context, type Program, type Scenario } from "../scenario.ts";
import { startStowage } from "../stowage.ts";
import { makeCertificates, withHosts } from "../tls.ts";
import { writeBuildContext } from "./buildah.ts";

const ACCOUNT = "123456789012";
const REGION = "us-east-1";
const API = `api.ecr.${REGION}.amazonaws.com`;
const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
const OTHER_TOOLS = [
  "aws-v2",
  "skopeo",
  "podman",
  "docker",
  "dockerd",
  "containerd",
  "runc",
  "crane",
  "openssl",
] as const;

export const credentialHelper: Scenario = {
  name: "ecr-credential-helper",
  tools: ["ecr-login", ...OTHER_TOOLS],
  ownServer: true,
  run: (context) => drive(context, "ecr-login"),
};

export const credentialHelperDebian: Scenario = {
  name: "ecr-credential-helper-debian",
  tools: ["ecr-login-debian", ...OTHER_TOOLS],
  ownServer: true,
  run: (context) => drive(context, "ecr-login-debian"),
};

/** Where the clients find themselves: AWS's names lead to the loopback address, and its certificates are trusted. */
interface Surroundings {
  readonly wrapper: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function drive(context: Context, tool: "ecr-login" | "ecr-login-debian"): Promise<void> {
  const around = await context.step("serve AWS's names with TLS", () => serve(context, tool));
  const helper = context.program(tool, around);
  const repository = context.repository("app");
  const app = `${REGISTRY}/${repository}`;

  await context.step("create a repository without naming an endpoint", async () => {
    const aws = context.program("aws-v2", around);
    const create = ["ecr", "create-repository", "--repository-name", repository, "--query", "repository.repositoryUri"];
    assert.equal(await aws.run([...create, "--output", "text"]), app);
  });
  await context.step("get credentials", async () => {
    const { Username: user, Secret: secret } = JSON.parse(await helper.run(["get"], { input: REGISTRY }));
    assert.equal(user, "AWS");
    assert.ok(secret.length > 20);
  });
  await context.step("wrong secret", async () => {
    const env = { AWS_SECRET_ACCESS_KEY: "wrong" };
    await helper.refused(["get"], /credentials|InvalidSignature/i, { input: REGISTRY, env });
  });
  await context.writeFile("home/.docker/config.json", JSON.stringify({ credHelpers: { [REGISTRY]: "ecr-login" } }));
  await context.step("skopeo: push, inspect, pull, delete", () => driveSkopeo(context, around, app));
  await context.step("podman: build, push, pull", () => drivePodman(context, around, app));
  await context.step("crane: push, list, pull", () => driveCrane(context, around, app));
  await context.step("docker: build, push, pull", () => driveDocker(context, around, app));
}

async function serve(context: Context, tool: "ecr-login" | "ecr-login-debian"): Promise<Surroundings> {
  const hosts = [API, REGISTRY];
  const { authority, certificate, key } = await makeCertificates(context, hosts);
  const flags = [
    "--tls-cert",
    certificate,
    "--tls-key",
    key,
    "--uri-style",
    "aws",
    "--account",
    ACCOUNT,
    "--region",
    REGION,
  ];
  const dataFolder = context.path("server");
  const server = await startStowage({ dataFolder, listen: "127.0.0.1:443", flags, cleanups: context.cleanups });
  context.serverLog = server.daemon.log;
  return {
    wrapper: await withHosts(context, hosts),
    env: {
      PATH: `${dirname(context.tool(tool))}:${context.env["PATH"]}`,
      AWS_ACCESS_KEY_ID: server.account.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.account.secretAccessKey,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_CA_BUNDLE: authority,
      SSL_CERT_FILE: authority,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ECR_DISABLE_CACHE: "true",
      AWS_PAGER: "",
    },
  };
}

async function driveSkopeo(context: Context, around: Surroundings, app: string): Promise<void> {
  const skopeo = await containersWithHelper(context, "skopeo", around);
  const image = makeImage();
  await writeLayout(context.path("layout"), { v1: image });
  await skopeo.run(["copy", "oci:layout:v1", `docker://${app}:skopeo`]);
  assert.equal(JSON.parse(await skopeo.run(["inspect", `docker://${app}:skopeo`])).Digest, image.manifest.digest);
  await skopeo.run(["copy", `docker://${app}:skopeo`, "oci:returned:v1"]);
  await checkLayout(context.path("returned"), image);
  await skopeo.run(["delete", `docker://${app}:skopeo`]);
  await skopeo.refused(["inspect", `docker://${app}:skopeo`], /manifest unknown|not found/i);
}

async function drivePodman(context: Context, around: Surroundings, app: string): Promise<void> {
  const podman = await containersWithHelper(context, "podman", around);
  await writeBuildContext(context);
  await podman.run(["build", "--isolation", "chroot", "-t", `${app}:podman`, "-f", "ctx/Containerfile", "ctx"]);
  await podman.run(["push", `${app}:podman`]);
  await podman.run(["rmi", "--all", "--force"]);
  await podman.run(["pull", `${app}:podman`]);
}

async function driveCrane(context: Context, around: Surroundings, app: string): Promise<void> {
  const crane = context.program("crane", around);
  const image = makeImage();
  await writeLayout(context.path("crane-layout"), { v1: image });
  await crane.run(["push", "crane-layout", `${app}:crane`]);
  assert.match(await crane.run(["ls", app]), /^crane$/m);
  await crane.run(["pull", "--format=oci", `${app}:crane`, "crane-returned"]);
  await checkLayout(context.path("crane-returned"), image);
}

async function driveDocker(context: Context, around: Surroundings, app: string): Promise<void> {
  const docker = await startDocker(context, around);
  await docker.run(["build", "--tag", `${app}:docker`, "--file", "ctx/Containerfile", "ctx"], {
    env: { DOCKER_BUILDKIT: "0" },
  });
  await docker.run(["push", `${app}:docker`]);
  await docker.run(["rmi", `${app}:docker`]);
  await docker.run(["pull", `${app}:docker`]);
}

function containersWithHelper(
  context: Context,
  tool: "skopeo" | "podman",
  { wrapper, env }: Surroundings,
): Promise<Program> {
  const auth = context.path("home/.docker/config.json");
  return containersProgram(context, tool, { wrapper, env: { ...env, REGISTRY_AUTH_FILE: auth } });
}
