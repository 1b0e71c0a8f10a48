import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { checkLayout, makeImage, makeIndex, writeLayout } from "../images.ts";
import { type Context, lines, MISSING_REPOSITORY, type Program, type Scenario } from "../scenario.ts";

const NOTE_TYPE = "application/vnd.example.note.v1";
const MEBIBYTE = 1024 * 1024;

export const regctl: Scenario = {
  name: "regctl",
  tools: ["regctl"],
  async run(context) {
    const { registry } = context;
    const regctl = context.program("regctl", { env: { REGCTL_CONFIG: context.path("regctl.json") } });
    const [first, second] = [await context.newRepository("app"), await context.newRepository("copy")];
    const app = `${registry.host}/${first}`;
    const image = makeImage({ layerSizesBytes: [23 * MEBIBYTE, 100_000] });
    const index = makeIndex();
    await writeLayout(context.path("image"), { v1: image });
    await writeLayout(context.path("index"), { multi: index });

    await context.step("login", async () => {
      await regctl.run(["registry", "set", registry.host, "--tls", "disabled", "--skip-check"]);
      await regctl.refused(["registry", "login", registry.host, "-u", registry.user, "-p", "wrong"], /unauthorized/i);
      const login = ["registry", "login", registry.host, "-u", registry.user, "--pass-stdin"];
      await regctl.run(login, { input: await registry.password() });
    });
    await context.step("push a large layer in chunks of 5 MiB", async () => {
      const sizes = ["--blob-chunk", String(5 * MEBIBYTE), "--blob-max", String(6 * MEBIBYTE)];
      await regctl.run(["registry", "set", registry.host, ...sizes]);
      await regctl.run(["image", "copy", "ocidir://image:v1", `${app}:v1`]);
      await registry.expectManifest(first, "v1", image.manifest.digest);
    });
    await context.step("push an index", async () => {
      await regctl.run(["image", "copy", "ocidir://index:multi", `${app}:multi`]);
      await registry.expectManifest(first, "multi", index.manifest.digest);
    });
    await context.step("list tags and repositories", async () => {
      assert.deepEqual(lines(await regctl.run(["tag", "ls", app])).toSorted(), ["multi", "v1"]);
      assert.deepEqual(lines(await regctl.run(["tag", "ls", "--limit", "1", app])), ["multi"]);
      assert.ok(lines(await regctl.run(["repo", "ls", registry.host])).includes(first));
    });
    await context.step("pull and compare", async () => {
      await regctl.run(["image", "copy", `${app}:v1`, "ocidir://returned:v1"]);
      await checkLayout(context.path("returned"), image);
      await regctl.run(["image", "copy", `${app}:multi`, "ocidir://returned-index:multi"]);
      await checkLayout(context.path("returned-index"), index);
      assert.equal(await regctl.run(["image", "digest", `${app}:multi`]), index.manifest.digest);
    });
    await context.step("copy between repositories", async () => {
      await regctl.run(["image", "copy", `${app}:multi`, `${registry.host}/${second}:multi`]);
      await registry.expectManifest(second, "multi", index.manifest.digest);
    });
    await context.step("make an index of pushed images", async () => {
      const references = ["--ref", `${app}@${image.manifest.digest}`, "--platform", "linux/amd64"];
      await regctl.run(["index", "create", `${app}:made`, ...references]);
      const made = JSON.parse(await regctl.run(["manifest", "get", "--format", "raw-body", `${app}:made`]));
      assert.equal(made.manifests[0].digest, image.manifest.digest);
      await regctl.run(["tag", "delete", `${app}:made`]);
      await registry.expectGone(first, "made");
    });
    await context.step("artifact with a subject, referrers", () => referrers(context, regctl, app));
    await context.step("push to a missing repository", async () => {
      const target = `${registry.host}/${context.repository("missing")}:v1`;
      await regctl.refused(["image", "copy", "ocidir://image:v1", target], MISSING_REPOSITORY);
    });
    await context.step("delete", async () => {
      await regctl.run(["manifest", "delete", `${app}@${index.manifest.digest}`]);
      await regctl.refused(["image", "digest", `${app}:multi`], /not found/i);
      await regctl.run(["manifest", "delete", `${app}@${image.manifest.digest}`]);
      await registry.expectGone(first, "v1");
    });
  },
};

async function referrers(context: Context, regctl: Program, app: string): Promise<void> {
  await writeFile(context.path("note.txt"), "made on the spot");
  const put = ["artifact", "put", "--artifact-type", NOTE_TYPE, "--file-media-type", "text/plain", "-f", "note.txt"];
  await regctl.run([...put, "--subject", `${app}:v1`]);
  const listed = JSON.parse(await regctl.run(["artifact", "list", "--format", "{{json .}}", `${app}:v1`]));
  assert.equal(listed.descriptors.length, 1);
  assert.equal(listed.descriptors[0].artifactType, NOTE_TYPE);
  const get = ["artifact", "get", "--subject", `${app}:v1`, "--filter-artifact-type", NOTE_TYPE];
  assert.equal(await regctl.run(get), "made on the spot");
  await regctl.run(["manifest", "delete", "--referrers", `${app}@${listed.descriptors[0].digest}`]);
  const afterwards = JSON.parse(await regctl.run(["artifact", "list", "--format", "{{json .}}", `${app}:v1`]));
  assert.deepEqual(afterwards.descriptors ?? [], []);
}
