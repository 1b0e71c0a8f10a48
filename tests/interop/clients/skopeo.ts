import assert from "node:assert/strict";
import { containersProgram } from "../containers.ts";
import { checkLayout, makeImage, makeIndex, mediaTypes, writeLayout } from "../images.ts";
import { MISSING_REPOSITORY, type Scenario } from "../scenario.ts";

export const skopeo: Scenario = {
  name: "skopeo",
  tools: ["skopeo"],
  async run(context) {
    const { registry } = context;
    const skopeo = await containersProgram(context, "skopeo");
    const [first, second] = [await context.newRepository("app"), await context.newRepository("copy")];
    await context.newRepository("mirror/app");
    const [app, copy] = [`docker://${registry.host}/${first}`, `docker://${registry.host}/${second}`];
    const image = makeImage();
    const index = makeIndex();
    await writeLayout(context.path("layout"), { v1: image, multi: index });

    await context.step("login", async () => {
      const login = ["login", "-u", registry.user, registry.host];
      await skopeo.refused([...login, "--password-stdin"], /unauthorized|invalid username\/password/i, {
        input: "wrong",
      });
      await skopeo.run([...login, "--password-stdin"], { input: await registry.password() });
    });
    await context.step("push OCI and schema 2", async () => {
      await skopeo.run(["copy", "oci:layout:v1", `${app}:v1`]);
      await registry.expectManifest(first, "v1", image.manifest.digest);
      await skopeo.run(["copy", "--format", "v2s2", "oci:layout:v1", `${app}:s2`]);
      assert.equal((await registry.manifest(first, "s2")).mediaType, mediaTypes.docker.manifest);
    });
    await context.step("push an index with all its images", async () => {
      await skopeo.run(["copy", "--all", "oci:layout:multi", `${app}:multi`]);
      await registry.expectManifest(first, "multi", index.manifest.digest);
    });
    await context.step("list tags, inspect", async () => {
      const { Tags: tags } = JSON.parse(await skopeo.run(["list-tags", app]));
      assert.deepEqual(tags.toSorted(), ["multi", "s2", "v1"]);
      const inspected = JSON.parse(await skopeo.run(["inspect", `${app}:v1`]));
      assert.equal(inspected.Digest, image.manifest.digest);
      assert.deepEqual(
        inspected.Layers,
        image.layers.map(({ digest }) => digest),
      );
      assert.equal(
        await skopeo.run(["inspect", "--raw", `${app}:multi`]),
        Buffer.from(index.manifest.bytes).toString(),
      );
    });
    await context.step("pull and compare", async () => {
      await skopeo.run(["copy", `${app}:v1`, "oci:returned:v1"]);
      await checkLayout(context.path("returned"), image);
      await skopeo.run(["copy", "--all", `${app}:multi`, "oci:returned-index:multi"]);
      await checkLayout(context.path("returned-index"), index);
    });
    await context.step("copy all between repositories, mounting", async () => {
      await registry.withBlobMounting(() => skopeo.run(["copy", "--all", `${app}:multi`, `${copy}:multi`]));
      await registry.expectManifest(second, "multi", index.manifest.digest);
    });
    await context.step("copy between repositories, uploading", async () => {
      await skopeo.run(["copy", `${app}:v1`, `${copy}:v1`]);
      await registry.expectManifest(second, "v1", image.manifest.digest);
    });
    await context.step("sync a repository to another and to a folder", async () => {
      const mirror = `${registry.host}/${context.repository("mirror")}`;
      await skopeo.run(["sync", "--all", "--src", "docker", "--dest", "docker", `${registry.host}/${first}`, mirror]);
      for (const [tag, { manifest }] of [
        ["v1", image],
        ["multi", index],
      ] as const) {
        await registry.expectManifest(context.repository("mirror/app"), tag, manifest.digest);
      }
      await skopeo.run(["sync", "--all", "--src", "docker", "--dest", "dir", `${registry.host}/${first}`, "synced"]);
    });
    await context.step("push to a missing repository", async () => {
      const target = `docker://${registry.host}/${context.repository("missing")}:v1`;
      await skopeo.refused(["copy", "oci:layout:v1", target], MISSING_REPOSITORY);
    });
    await context.step("wrong password", async () => {
      await skopeo.refused(
        ["inspect", "--creds", `${registry.user}:wrong`, `${app}:v1`],
        /unauthorized|invalid username\/password/i,
      );
    });
    await context.step("delete", async () => {
      await skopeo.run(["delete", `${app}:multi`]);
      await registry.expectGone(first, "multi");
      await skopeo.run(["delete", `${app}:v1`]);
      await skopeo.refused(["inspect", `${app}:v1`], /manifest unknown|not found/i);
      await skopeo.run(["logout", registry.host]);
    });
  },
};
