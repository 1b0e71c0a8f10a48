import assert from "node:assert/strict";
import { PutImageTagMutabilityCommand } from "@aws-sdk/client-ecr";
import { mediaTypes } from "../images.ts";
import { startDocker } from "../docker-engine.ts";
import { type Context, MISSING_REPOSITORY, type Program, type Scenario } from "../scenario.ts";
import { writeBuildContext } from "./buildah.ts";

export const docker: Scenario = {
  name: "docker",
  tools: ["dockerd", "docker", "containerd", "runc"],
  async run(context) {
    const { registry } = context;
    const docker = await context.step("start the daemon", () => startDocker(context));
    const [first, second] = [await context.newRepository("app"), await context.newRepository("copy")];
    const [app, copy] = [`${registry.host}/${first}`, `${registry.host}/${second}`];

    await context.step("login", async () => {
      const login = ["login", "-u", registry.user, "--password-stdin", registry.host];
      await docker.refused(login, /401|unauthorized/i, { input: "wrong" });
      await docker.run(login, { input: await registry.password() });
    });
    await context.step("build from scratch", () => build(context, docker, `${app}:v1`));
    const digest = await context.step("push", async () => {
      const [pushed] = (await docker.run(["push", `${app}:v1`])).match(/sha256:[0-9a-f]{64}/) ?? [];
      assert.ok(pushed, "docker push names no digest");
      assert.equal((await registry.expectManifest(first, "v1", pushed)).mediaType, mediaTypes.docker.manifest);
      return pushed;
    });
    await context.step("list", () => registry.expectTags(first, ["v1"]));
    await context.step("push again, nothing to send", async () => {
      assert.match(await docker.run(["push", `${app}:v1`]), /Layer already exists/);
    });
    await context.step("mount layers into a second repository", async () => {
      await docker.run(["tag", `${app}:v1`, `${copy}:v1`]);
      const said = await registry.withBlobMounting(() => docker.run(["push", `${copy}:v1`]));
      assert.match(said, /Mounted from/);
      await registry.expectManifest(second, "v1", digest);
    });
    await context.step("pull and compare", async () => {
      const id = async (): Promise<string> => docker.run(["inspect", "--format", "{{.Id}}", `${app}:v1`]);
      const before = await id();
      await docker.run(["rmi", `${app}:v1`, `${copy}:v1`]);
      await docker.refused(["inspect", before], /no such/i);
      await docker.run(["pull", `${app}:v1`]);
      assert.equal(await id(), before);
      await docker.run(["pull", `${copy}@${digest}`]);
    });
    await context.step("build with BuildKit and push", async () => {
      await build(context, docker, `${app}:buildkit`, { DOCKER_BUILDKIT: "1" });
      await docker.run(["push", `${app}:buildkit`]);
    });
    await context.step("make and push a manifest list", () => manifestList(docker, app));
    await context.step("push to a missing repository", async () => {
      const target = `${registry.host}/${context.repository("missing")}:v1`;
      await docker.run(["tag", `${app}:v1`, target]);
      await docker.refused(["push", target], MISSING_REPOSITORY);
    });
    await context.step("immutable tag", () => immutableTag(context, docker, { app, first }));
    await context.step("deleted image is gone", async () => {
      await registry.deleteImage(second, { imageTag: "v1" });
      await docker.refused(["pull", `${copy}:v1`], /manifest unknown|not found/i);
      await docker.run(["logout", registry.host]);
      await docker.refused(["pull", `${app}:v1`], /no basic auth|unauthorized/i);
    });
  },
};

async function build(context: Context, docker: Program, tag: string, env = { DOCKER_BUILDKIT: "0" }): Promise<void> {
  await writeBuildContext(context);
  await docker.run(["build", "--tag", tag, "--file", "ctx/Containerfile", "ctx"], { env });
}

async function manifestList(docker: Program, app: string): Promise<void> {
  const env = { DOCKER_CLI_EXPERIMENTAL: "enabled" };
  const children = [`${app}:v1`, `${app}:buildkit`];
  await docker.run(["manifest", "create", "--insecure", `${app}:list`, ...children], { env });
  await docker.run(["manifest", "annotate", "--arch", "arm64", `${app}:list`, `${app}:buildkit`], { env });
  await docker.run(["manifest", "push", "--insecure", `${app}:list`], { env });
  const list = JSON.parse(await docker.run(["manifest", "inspect", "--insecure", `${app}:list`], { env }));
  assert.equal(list.mediaType, mediaTypes.docker.index);
  assert.deepEqual(
    list.manifests.map((child: { platform: { architecture: string } }) => child.platform.architecture).toSorted(),
    ["amd64", "arm64"],
  );
}

async function immutableTag(
  context: Context,
  docker: Program,
  { app, first }: { readonly app: string; readonly first: string },
): Promise<void> {
  const { ecr } = context.registry;
  await ecr.send(new PutImageTagMutabilityCommand({ repositoryName: first, imageTagMutability: "IMMUTABLE" }));
  await build(context, docker, `${app}:v1`);
  const text = `The image tag 'v1' already exists in the '${first}' repository and cannot be overwritten because the tag is immutable.`;
  await docker.refused(["push", `${app}:v1`], new RegExp(text.replaceAll(".", "\\.")));
}
