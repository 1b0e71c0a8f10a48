import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MISSING_REPOSITORY, type Scenario } from "../scenario.ts";

export const helm: Scenario = {
  name: "helm",
  tools: ["helm"],
  async run(context) {
    const { registry } = context;
    const helm = context.program("helm", {
      env: {
        HELM_CACHE_HOME: context.path("cache"),
        HELM_CONFIG_HOME: context.path("config"),
        HELM_DATA_HOME: context.path("data"),
      },
    });
    const repository = await context.newRepository("demo"); // helm adds the chart's name to where it pushes
    const [parent, chart] = [
      `oci://${registry.host}/${context.repository("")}`.replace(/\/$/, ""),
      `oci://${registry.host}/${repository}`,
    ];
    const login = ["registry", "login", registry.host, "-u", registry.user, "--plain-http"];

    await context.step("package a chart", async () => {
      await writeChart(context.path("demo"));
      await helm.run(["package", "demo", "--version", "1.2.3+build.4"]);
    });
    await context.step("login", async () => {
      await helm.refused([...login, "-p", "wrong"], /401|unauthorized/i);
      await helm.run([...login, "--password-stdin"], { input: await registry.password() });
    });
    const digest = await context.step("push", async () => {
      const { stdout, stderr } = await helm.output(["push", "demo-1.2.3+build.4.tgz", parent, "--plain-http"]);
      const [pushed] = `${stdout}${stderr}`.match(/sha256:[0-9a-f]{64}/) ?? [];
      assert.ok(pushed, "helm push names no digest");
      await registry.expectManifest(repository, "1.2.3_build.4", pushed); // a tag has no plus sign
      return pushed;
    });
    await context.step("list and show", async () => {
      await registry.expectTags(repository, ["1.2.3_build.4"]);
      assert.match(await helm.run(["show", "chart", chart, "--plain-http"]), /version: 1\.2\.3\+build\.4/); // by its list of tags
      assert.match(
        await helm.run(["show", "values", chart, "--version", "1.2.3+build.4", "--plain-http"]),
        /greeting: hello/,
      );
      assert.match(
        await helm.run(["template", "demo", chart, "--version", "^1.0.0", "--plain-http"]),
        /greeting: "hello"/,
      );
    });
    await context.step("pull and compare", async () => {
      await mkdir(context.path("pulled"));
      await helm.run(["pull", chart, "--version", "1.2.3+build.4", "--plain-http", "-d", "pulled"]);
      const name = "demo-1.2.3+build.4.tgz";
      assert.ok((await readFile(context.path(name))).equals(await readFile(context.path(join("pulled", name)))));
    });
    await context.step("push to a missing repository", async () => {
      const target = `oci://${registry.host}/${context.repository("missing")}`;
      await helm.refused(["push", "demo-1.2.3+build.4.tgz", target, "--plain-http"], MISSING_REPOSITORY);
    });
    await context.step("deleted chart is gone", async () => {
      await registry.deleteImage(repository, { imageDigest: digest });
      await helm.refused(["pull", chart, "--version", "1.2.3+build.4", "--plain-http"], /not found/i);
      await helm.run(["registry", "logout", registry.host]);
    });
  },
};

async function writeChart(folder: string): Promise<void> {
  await mkdir(join(folder, "templates"), { recursive: true });
  await writeFile(
    join(folder, "Chart.yaml"),
    "apiVersion: v2\nname: demo\nversion: 0.0.0\ndescription: made on the spot\n",
  );
  await writeFile(join(folder, "values.yaml"), "greeting: hello\n");
  const template = [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata: { name: demo }",
    "data:",
    "  greeting: {{ .Values.greeting | quote }}",
    "",
  ].join("\n");
  await writeFile(join(folder, "templates/config.yaml"), template);
}
