import { PutImageTagMutabilityCommand } from "@aws-sdk/client-ecr";
import assert from "node:assert/strict";
import { checkLayout, makeImage, makeIndex, writeLayout } from "../images.ts";
import { type Context, lines, MISSING_REPOSITORY, type Scenario } from "../scenario.ts";

export const crane: Scenario = {
  name: "crane",
  tools: ["crane"],
  async run(context) {
    const { registry } = context;
    const crane = context.program("crane");
    const [first, second] = [await context.newRepository("app"), await context.newRepository("copy")];
    const [app, copy] = [`${registry.host}/${first}`, `${registry.host}/${second}`];
    const image = makeImage();
    const index = makeIndex();
    await writeLayout(context.path("image"), { v1: image });
    await writeLayout(context.path("index"), { v1: index });

    await context.step("login", async () => {
      await crane.refused(["ls", app], /401|unauthorized/i);
      const input = await registry.password();
      await crane.run(["auth", "login", registry.host, "-u", registry.user, "--password-stdin"], { input });
    });
    await context.step("push image and index", async () => {
      await crane.run(["push", "image", `${app}:v1`]);
      await crane.run(["push", "index", `${app}:multi`]);
      await registry.expectManifest(first, "v1", image.manifest.digest);
      await registry.expectManifest(first, "multi", index.manifest.digest);
    });
    await context.step("list tags and catalog", async () => {
      assert.deepEqual(lines(await crane.run(["ls", app])).toSorted(), ["multi", "v1"]);
      const catalog = lines(await crane.run(["catalog", registry.host]));
      assert.ok(catalog.includes(first), `${first} is not in the catalog`);
    });
    await context.step("digest, manifest, config, validate", async () => {
      assert.equal(await crane.run(["digest", `${app}:v1`]), image.manifest.digest);
      assert.equal(await crane.run(["manifest", `${app}:multi`]), Buffer.from(index.manifest.bytes).toString());
      assert.equal(await crane.run(["config", `${app}:v1`]), Buffer.from(image.config.bytes).toString());
      await crane.run(["validate", "--remote", `${app}:v1`]);
    });
    await context.step("pull and compare", async () => {
      await crane.run(["pull", "--format=oci", `${app}:multi`, "pulled"]);
      await checkLayout(context.path("pulled"), index);
    });
    await context.step("copy and tag", async () => {
      await crane.run(["copy", `${app}:multi`, `${copy}:multi`]);
      await registry.expectManifest(second, "multi", index.manifest.digest);
      await crane.run(["tag", `${copy}:multi`, "stable"]);
      await registry.expectManifest(second, "stable", index.manifest.digest);
    });
    await context.step("a child of an index stays", async () => {
      const child = index.images[0]?.manifest.digest ?? "";
      await crane.refused(["delete", `${app}@${child}`], /UNSUPPORTED.*referenced by manifest list/);
      await registry.expectManifest(first, child, child);
    });
    await context.step("an immutable tag stays", () => immutableTag(context, app, first));
    await context.step("push to a missing repository", () => pushToMissing(context));
    await context.step("wrong password", () => wrongPassword(context, app));
    await context.step("delete", async () => {
      await crane.run(["delete", `${app}@${index.manifest.digest}`]);
      await registry.expectGone(first, "multi");
      await crane.run(["delete", `${app}@${image.manifest.digest}`]);
      await crane.refused(["digest", `${app}:v1`], /MANIFEST_UNKNOWN|404/);
    });
  },
};

async function immutableTag(context: Context, app: string, repositoryName: string): Promise<void> {
  const { ecr } = context.registry;
  await writeLayout(context.path("other"), { v1: makeImage() });
  await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }));
  await context.program("crane").refused(["push", "other", `${app}:v1`], /TAG_INVALID.*because the tag is immutable/);
  await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "MUTABLE" }));
}

async function pushToMissing(context: Context): Promise<void> {
  const target = `${context.registry.host}/${context.repository("missing")}:v1`;
  await context.program("crane").refused(["push", "image", target], MISSING_REPOSITORY);
}

async function wrongPassword(context: Context, app: string): Promise<void> {
  const { host, user } = context.registry;
  const stranger = context.program("crane", { env: { DOCKER_CONFIG: context.path("home/stranger") } });
  await stranger.run(["auth", "login", host, "-u", user, "-p", "wrong"]); // crane asks the registry only when it needs to
  await stranger.refused(["ls", app], /401|unauthorized/i);
}
