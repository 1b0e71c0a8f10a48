import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { containersProgram } from "../containers.ts";
import { mediaTypes } from "../images.ts";
import { type Context, MISSING_REPOSITORY, type Program, type Scenario } from "../scenario.ts";

export const buildah: Scenario = {
  name: "buildah",
  tools: ["buildah"],
  async run(context) {
    const { registry } = context;
    const buildah = await containersProgram(context, "buildah");
    const repository = await context.newRepository("app");
    const app = `${registry.host}/${repository}`;

    await context.step("build from scratch", async () => {
      await writeBuildContext(context);
      await buildah.run(["bud", "--isolation", "chroot", "-t", `${app}:v1`, "-f", "ctx/Containerfile", "ctx"]);
    });
    await context.step("login", async () => {
      const login = ["login", "-u", registry.user, "--password-stdin", registry.host];
      await buildah.refused(login, /unauthorized|invalid username\/password/i, { input: "wrong" });
      await buildah.run(login, { input: await registry.password() });
    });
    const digest = await context.step("push OCI and schema 2", async () => {
      await buildah.run(["push", "--digestfile", "digest", `${app}:v1`]);
      const pushed = await context.readFile("digest");
      assert.equal((await registry.expectManifest(repository, "v1", pushed)).mediaType, mediaTypes.oci.manifest);
      await buildah.run(["push", "--format", "v2s2", `${app}:v1`, `docker://${app}:s2`]);
      assert.equal((await registry.manifest(repository, "s2")).mediaType, mediaTypes.docker.manifest);
      return pushed;
    });
    await context.step("list", () => registry.expectTags(repository, ["s2", "v1"]));
    await context.step("pull and compare", () => pullAndCompare(buildah, `${app}:v1`, digest));
    await context.step("commit a second layer and push it", async () => {
      const container = await buildah.run(["from", `${app}:v1`]);
      await buildah.run(["copy", container, "ctx/data.bin", "/second.bin"]);
      await buildah.run(["commit", container, `${app}:v2`]);
      await buildah.run(["push", `${app}:v2`]);
      assert.equal(JSON.parse((await registry.manifest(repository, "v2")).bytes.toString()).layers.length, 2);
    });
    await context.step("push a manifest list", async () => {
      await buildah.run(["manifest", "create", "list"]);
      for (const tag of ["v1", "v2"]) await buildah.run(["manifest", "add", "list", `docker://${app}:${tag}`]);
      await buildah.run(["manifest", "push", "--all", "list", `docker://${app}:multi`]);
      const listed = JSON.parse((await registry.manifest(repository, "multi")).bytes.toString());
      assert.ok(listed.manifests.some((child: { digest: string }) => child.digest === digest));
    });
    await context.step("push to a missing repository", async () => {
      const target = `docker://${registry.host}/${context.repository("missing")}:v1`;
      await buildah.refused(["push", `${app}:v1`, target], MISSING_REPOSITORY);
    });
    await context.step("deleted image is gone", async () => {
      await registry.deleteImage(repository, { imageTag: "multi" });
      await registry.deleteImage(repository, { imageTag: "v2" });
      await buildah.run(["rmi", "--all", "--force"]);
      await buildah.refused(["pull", `${app}:v2`], /manifest unknown|not found/i);
    });
  },
};

async function pullAndCompare(buildah: Program, reference: string, digest: string): Promise<void> {
  const id = async (): Promise<string> => buildah.run(["images", "--no-trunc", "--quiet", reference]);
  const before = await id();
  await buildah.run(["rmi", reference]);
  await buildah.run(["pull", reference]);
  assert.equal(await id(), before);
  const repoDigest = await buildah.run(["images", "--digests", "--format", "{{.Digest}}", reference]);
  assert.equal(repoDigest, digest);
}

/** A folder to build an image from: one file, nothing below it. */
export async function writeBuildContext(context: Context): Promise<void> {
  await mkdir(context.path("ctx"), { recursive: true });
  await writeFile(context.path("ctx/data.bin"), randomBytes(300_000));
  const steps = ["FROM scratch", "COPY data.bin /data.bin", 'CMD ["/data.bin"]', ""];
  await writeFile(context.path("ctx/Containerfile"), steps.join("\n"));
}
