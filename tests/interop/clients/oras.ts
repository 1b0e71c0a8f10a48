import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { checkLayout, makeIndex, writeLayout } from "../images.ts";
import { type Context, lines, MISSING_REPOSITORY, type Program, type Scenario } from "../scenario.ts";

const REPORT_TYPE = "application/vnd.example.report.v1";

export const oras: Scenario = {
  name: "oras",
  tools: ["oras"],
  async run(context) {
    const { registry } = context;
    const oras = context.program("oras");
    const [first, second] = [await context.newRepository("artifact"), await context.newRepository("copy")];
    const artifact = `${registry.host}/${first}`;
    await writeFile(context.path("data.bin"), randomBytes(3_000_000));
    await writeFile(context.path("report.json"), JSON.stringify({ made: "on the spot" }));

    await context.step("login", async () => {
      await oras.refused(
        ["login", registry.host, "-u", registry.user, "-p", "wrong", "--plain-http"],
        /401|unauthorized/i,
      );
      const login = ["login", registry.host, "-u", registry.user, "--password-stdin", "--plain-http"];
      await oras.run(login, { input: await registry.password() });
    });
    const digest = await context.step("push an artifact", async () => {
      const type = "application/vnd.example.thing.v1";
      const file = "data.bin:application/vnd.example.data";
      await oras.run(["push", "--plain-http", "--artifact-type", type, `${artifact}:v1`, file]);
      const pushed = await oras.run(["resolve", "--plain-http", `${artifact}:v1`]);
      await registry.expectManifest(first, "v1", pushed);
      return pushed;
    });
    await context.step("attach to a subject", async () => {
      const attach = ["attach", "--plain-http", "--artifact-type", REPORT_TYPE, `${artifact}:v1`];
      await oras.run([...attach, "report.json:application/json"]);
    });
    await context.step("discover the referrer", async () => {
      const { manifests } = await discover(oras, `${artifact}:v1`);
      assert.deepEqual(
        manifests.map((found) => found.artifactType),
        [REPORT_TYPE],
      );
      await mkdir(context.path("report"));
      await oras.run(["pull", "--plain-http", "-o", "report", `${artifact}@${manifests[0]?.digest}`]);
      const [sent, received] = [
        await readFile(context.path("report.json")),
        await readFile(context.path("report/report.json")),
      ];
      assert.deepEqual(received, sent);
    });
    await context.step("list tags", async () => {
      const tags = lines(await oras.run(["repo", "tags", "--plain-http", "--exclude-digest-tags", artifact]));
      assert.deepEqual(tags, ["v1"]);
    });
    await context.step("pull and compare", async () => {
      await mkdir(context.path("pulled"));
      await oras.run(["pull", "--plain-http", "-o", "pulled", `${artifact}:v1`]);
      assert.ok((await readFile(context.path("pulled/data.bin"))).equals(await readFile(context.path("data.bin"))));
    });
    await context.step("copy with referrers", async () => {
      const copy = `${registry.host}/${second}:v1`;
      await oras.run(["cp", "-r", "--from-plain-http", "--to-plain-http", `${artifact}:v1`, copy]);
      await registry.expectManifest(second, "v1", digest);
      assert.equal((await discover(oras, copy)).manifests.length, 1);
    });
    await context.step("list repositories", async () => {
      const names = lines(
        await oras.run(["repo", "ls", "--plain-http", `${registry.host}/${context.repository("")}`.replace(/\/$/, "")]),
      );
      assert.deepEqual(names.toSorted(), ["artifact", "copy"]);
    });
    await context.step("multi-architecture index in and out", () => copyIndex(context, oras, second));
    await context.step("push to a missing repository", async () => {
      const target = `${registry.host}/${context.repository("missing")}:v1`;
      await oras.refused(["push", "--plain-http", target, "report.json"], MISSING_REPOSITORY);
    });
    await context.step("delete", async () => {
      const [referrer] = (await discover(oras, `${artifact}:v1`)).manifests;
      await oras.run(["manifest", "delete", "--force", "--plain-http", `${artifact}@${referrer?.digest}`]);
      assert.deepEqual((await discover(oras, `${artifact}:v1`)).manifests, []);
      await oras.run(["manifest", "delete", "--force", "--plain-http", `${artifact}@${digest}`]);
      await oras.refused(["resolve", "--plain-http", `${artifact}:v1`], /not found/i);
      await registry.expectGone(first, digest);
    });
  },
};

interface Discovered {
  readonly manifests: readonly { readonly digest: string; readonly artifactType: string }[];
}

async function discover(oras: Program, reference: string): Promise<Discovered> {
  const answer = JSON.parse(await oras.run(["discover", "--plain-http", "--format", "json", reference]));
  return { manifests: answer.manifests ?? [] };
}

async function copyIndex(context: Context, oras: Program, repository: string): Promise<void> {
  const index = makeIndex();
  const remote = `${context.registry.host}/${repository}:multi`;
  await writeLayout(context.path("index"), { multi: index });
  await oras.run(["cp", "--from-oci-layout", "--to-plain-http", "index:multi", remote]);
  await context.registry.expectManifest(repository, "multi", index.manifest.digest);
  await oras.run(["cp", "--from-plain-http", "--to-oci-layout", remote, "returned:multi"]);
  await checkLayout(context.path("returned"), index);
}
