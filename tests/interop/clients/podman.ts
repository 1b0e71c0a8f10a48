import assert from "node:assert/strict";
import { containersProgram } from "../containers.ts";
import { makeIndex, writeLayout } from "../images.ts";
import { type Context, lines, MISSING_REPOSITORY, type Program, type Scenario } from "../scenario.ts";
import { writeBuildContext } from "./buildah.ts";

export const podman: Scenario = {
  name: "podman",
  tools: ["podman"],
  async run(context) {
    const { registry } = context;
    const podman = await containersProgram(context, "podman");
    const [first, second] = [await context.newRepository("app"), await context.newRepository("copy")];
    const [app, copy] = [`${registry.host}/${first}`, `${registry.host}/${second}`];

    await context.step("build from scratch", async () => {
      await writeBuildContext(context);
      await podman.run(["build", "--isolation", "chroot", "-t", `${app}:v1`, "-f", "ctx/Containerfile", "ctx"]);
    });
    await context.step("login", async () => {
      const login = ["login", "-u", registry.user, "--password-stdin", registry.host];
      await podman.refused(login, /unauthorized|invalid username\/password/i, { input: "wrong" });
      await podman.run(login, { input: await registry.password() });
      assert.equal(await podman.run(["login", "--get-login", registry.host]), registry.user);
    });
    const digest = await context.step("push", async () => {
      await podman.run(["push", "--digestfile", "digest", `${app}:v1`]);
      const pushed = await context.readFile("digest");
      await registry.expectManifest(first, "v1", pushed);
      return pushed;
    });
    await context.step("list tags and catalog", async () => {
      const [listed] = JSON.parse(await podman.run(["search", "--list-tags", "--format", "json", app]));
      assert.deepEqual(listed.Tags, ["v1"]);
      const found = await podman.run(["search", "--limit", "1000", "--format", "{{.Name}}", `${registry.host}/`]);
      assert.ok(lines(found).includes(app), `${app} is not among what podman search finds`);
    });
    await context.step("pull and compare", async () => {
      const id = async (): Promise<string> => podman.run(["image", "inspect", "--format", "{{.Id}}", `${app}:v1`]);
      const before = await id();
      await podman.run(["rmi", "--all", "--force"]);
      await podman.run(["pull", `${app}@${digest}`]);
      await podman.run(["pull", `${app}:v1`]);
      assert.equal(await id(), before);
    });
    await context.step("push to a second repository", async () => {
      await podman.run(["tag", `${app}:v1`, `${copy}:v1`]);
      await podman.run(["push", `${copy}:v1`]);
      await registry.expectManifest(second, "v1", digest);
    });
    await context.step("push to a missing repository", async () => {
      const target = `${registry.host}/${context.repository("missing")}:v1`;
      await podman.refused(["push", `${app}:v1`, target], MISSING_REPOSITORY);
    });
    await context.step("make, push and pull a multi-architecture index", () => multi(context, podman, { app, first }));
    await context.step("deleted image is gone", async () => {
      await registry.deleteImage(second, { imageTag: "v1" });
      await podman.run(["rmi", "--all", "--force"]);
      await podman.refused(["pull", `${copy}:v1`], /manifest unknown|not found/i);
      await podman.run(["logout", registry.host]);
      await podman.refused(["pull", `${app}:v1`], /unauthorized|authentication required|no basic auth/i);
    });
  },
};

async function multi(
  context: Context,
  podman: Program,
  { app, first }: { readonly app: string; readonly first: string },
): Promise<void> {
  const index = makeIndex();
  const [amd64, arm64] = index.images;
  assert.ok(amd64 && arm64);
  await writeLayout(context.path("layout"), { amd64, arm64 });
  await podman.run(["manifest", "create", `${app}:multi`]);
  for (const name of ["amd64", "arm64"]) await podman.run(["manifest", "add", `${app}:multi`, `oci:layout:${name}`]);
  await podman.run(["manifest", "push", "--all", "--format", "oci", `${app}:multi`, `docker://${app}:multi`]);
  const pushed = JSON.parse((await context.registry.manifest(first, "multi")).bytes.toString());
  assert.deepEqual(
    pushed.manifests.map((child: { digest: string }) => child.digest),
    [amd64.manifest.digest, arm64.manifest.digest],
  );
  await podman.run(["rmi", "--all", "--force"]);
  await podman.run(["pull", "--platform", "linux/arm64", `${app}:multi`]);
  const id = await podman.run(["image", "inspect", "--format", "{{.Id}}", `${app}:multi`]);
  assert.equal(`sha256:${id}`, arm64.config.digest);
}
