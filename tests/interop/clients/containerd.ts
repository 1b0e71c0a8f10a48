import assert from "node:assert/strict";
import { checkLayout, type Image, type ImageIndex, makeImage, makeIndex, writeLayout } from "../images.ts";
import { startDaemon } from "../process.ts";
import { type Context, lines, type Program, type Scenario } from "../scenario.ts";

export const containerd: Scenario = {
  name: "containerd",
  tools: ["containerd", "ctr"],
  async run(context) {
    const { registry } = context;
    const ctr = await context.step("start the daemon", () => startContainerd(context));
    const [first, second] = [await context.newRepository("app"), await context.newRepository("copy")];
    const [app, copy] = [`${registry.host}/${first}`, `${registry.host}/${second}`];
    const user = ["--plain-http", "--user", `${registry.user}:${await registry.password()}`];
    const image = makeImage();
    const index = makeIndex();

    await context.step("import", () => importLayout(context, ctr, { v1: image, multi: index }));
    await context.step("push image and index", async () => {
      await ctr.run(["images", "push", ...user, `${app}:v1`]);
      await registry.expectManifest(first, "v1", image.manifest.digest);
      await ctr.run(["images", "push", ...user, `${app}:multi`]);
      await registry.expectManifest(first, "multi", index.manifest.digest);
    });
    await context.step("pull and compare", async () => {
      await forget(ctr);
      await ctr.run(["images", "pull", ...user, "--snapshotter", "native", `${app}:v1`]);
      await ctr.run(["images", "pull", ...user, "--snapshotter", "native", "--all-platforms", `${app}:multi`]);
      const store = context.path("root/io.containerd.content.v1.content");
      await checkLayout(store, image);
      await checkLayout(store, index);
    });
    await context.step("list", async () => {
      await registry.expectTags(first, ["multi", "v1"]);
      const names = lines(await ctr.run(["images", "list", "--quiet"]));
      assert.deepEqual(names.toSorted(), [`${app}:multi`, `${app}:v1`]);
      assert.match(await ctr.run(["images", "check", "--snapshotter", "native"]), /complete/);
    });
    await context.step("push to a second repository, mounting", async () => {
      await ctr.run(["images", "tag", `${app}:multi`, `${copy}:multi`]);
      await registry.withBlobMounting(() => ctr.run(["images", "push", ...user, `${copy}:multi`]));
      await registry.expectManifest(second, "multi", index.manifest.digest);
    });
    await context.step("push to a missing repository", async () => {
      const target = `${registry.host}/${context.repository("missing")}:v1`;
      await ctr.refused(["images", "push", ...user, target, `${app}:v1`], /404|does not exist/);
    });
    await context.step("wrong password", async () => {
      const wrong = ["--plain-http", "--user", `${registry.user}:wrong`];
      await ctr.refused(["images", "pull", ...wrong, `${app}:v1`], /401|unauthorized|authorization failed/i);
    });
    await context.step("deleted image is gone", async () => {
      await registry.deleteImage(first, { imageDigest: index.manifest.digest });
      await forget(ctr);
      await ctr.refused(["images", "pull", ...user, `${app}:multi`], /not found/i);
    });
  },
};

async function startContainerd(context: Context): Promise<Program> {
  const socket = context.path("c.sock");
  const settings = [
    "version = 2",
    `root = "${context.path("root")}"`,
    `state = "${context.path("state")}"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    "[grpc]",
    `address = "${socket}"`,
    "",
  ];
  await context.writeFile("containerd.toml", settings.join("\n"));
  const command = [context.tool("containerd"), "--config", context.path("containerd.toml")];
  const daemon = startDaemon(command, { env: context.env, cwd: context.folder });
  context.cleanups.defer(() => daemon.end());
  await daemon.waitFor(/containerd successfully booted/, 30_000);
  return context.program("ctr", { globals: ["--address", socket] });
}

async function importLayout(
  context: Context,
  ctr: Program,
  sources: Readonly<Record<string, Image | ImageIndex>>,
): Promise<void> {
  await writeLayout(context.path("layout"), sources);
  await context.run(["tar", "-C", "layout", "-cf", "layout.tar", "."]);
  const base = `${context.registry.host}/${context.repository("app")}`;
  await ctr.run(["images", "import", "--base-name", base, "--all-platforms", "--no-unpack", "layout.tar"]);
}

/** Removes every image and waits until its contents are collected, so that the next pull fetches all of it. */
async function forget(ctr: Program): Promise<void> {
  const names = lines(await ctr.run(["images", "list", "--quiet"]));
  await ctr.run(["images", "remove", "--sync", ...names]);
  assert.equal(await ctr.run(["content", "list", "--quiet"]), "");
}
