import assert from "node:assert/strict";
import { makeImage, makeIndex, writeLayout } from "../images.ts";
import { type Context, MISSING_REPOSITORY, type Program, type Scenario } from "../scenario.ts";

export const cosign: Scenario = {
  name: "cosign",
  tools: ["cosign", "crane"],
  async run(context) {
    const { registry } = context;
    const cosign = context.program("cosign", { env: { COSIGN_PASSWORD: "made for this run" } });
    const repositories = [await context.newRepository("tagged"), await context.newRepository("referrers")] as const;
    const [tagged, referring] = repositories.map((name) => `${registry.host}/${name}`);
    assert.ok(tagged && referring);
    const image = makeImage();
    const index = makeIndex();

    await context.step("login", async () => {
      const login = ["login", registry.host, "-u", registry.user];
      await cosign.run([...login, "--password-stdin"], { input: await registry.password() });
    });
    await context.step("generate a key pair", () => cosign.run(["generate-key-pair"]));
    await context.step("push what is to be signed", () =>
      pushBoth(context, [tagged, referring], { v1: image, multi: index }),
    );

    const onTag = `${tagged}@${image.manifest.digest}`;
    await context.step("sign and verify, signature by tag", async () => {
      await cosign.refused(verify(onTag), /no (matching )?signatures/i);
      await cosign.run(sign(onTag));
      const verified = JSON.parse(await cosign.run(verify(onTag)));
      assert.equal(verified[0].critical.image["docker-manifest-digest"], image.manifest.digest);
    });
    await context.step("locate, download, show as a tree", async () => {
      const place = await cosign.run(["triangulate", onTag, "--allow-http-registry"]);
      assert.equal(place, `${tagged}:${image.manifest.digest.replace(":", "-")}.sig`);
      assert.match(await cosign.run(["download", "signature", onTag, "--allow-http-registry"]), /Base64Signature/);
      assert.match(await cosign.run(["tree", onTag, "--allow-http-registry"]), /Signatures/);
    });
    await context.step("sign an index and all its images", async () => {
      const whole = `${tagged}@${index.manifest.digest}`;
      await cosign.run([...sign(whole), "--recursive"]);
      for (const { manifest } of [index, ...index.images]) await cosign.run(verify(`${tagged}@${manifest.digest}`));
    });
    await context.step("sign and verify, signature as an OCI 1.1 referrer", () =>
      signAsReferrer(context, cosign, { name: repositories[1], reference: `${referring}@${image.manifest.digest}` }),
    );
    await context.step("attest and verify the attestation", async () => {
      const flags = ["--key", "cosign.key", "--type", "custom", "--predicate", "cosign.pub.json"];
      await context.writeFile("cosign.pub.json", JSON.stringify({ made: "on the spot" }));
      await cosign.run(["attest", ...flags, "--tlog-upload=false", "--allow-http-registry", "--yes", onTag]);
      const check = ["verify-attestation", "--key", "cosign.pub", "--type", "custom", "--insecure-ignore-tlog"];
      await cosign.run([...check, "--allow-http-registry", onTag]);
    });
    await context.step("copy with signatures", async () => {
      const copy = `${registry.host}/${await context.newRepository("copy")}:v1`;
      await cosign.run(["copy", "--allow-http-registry", `${tagged}:v1`, copy]);
      await cosign.run(verify(copy));
    });
    await context.step("sign in a missing repository", async () => {
      const missing = `${registry.host}/${context.repository("missing")}@${image.manifest.digest}`;
      await cosign.refused(sign(missing), MISSING_REPOSITORY);
    });
    await context.step("wrong password", async () => {
      await cosign.refused(
        [...verify(onTag), "--registry-username", registry.user, "--registry-password", "wrong"],
        /401|unauthorized/i,
      );
    });
    await context.step("clean the signatures away", async () => {
      await cosign.run(["clean", "--force", "--type", "all", "--allow-http-registry", onTag]);
      await cosign.refused(verify(onTag), /no (matching )?signatures/i);
    });
  },
};

function sign(reference: string): readonly string[] {
  return ["sign", "--key", "cosign.key", "--tlog-upload=false", "--allow-http-registry", "--yes", reference];
}

function verify(reference: string): readonly string[] {
  return ["verify", "--key", "cosign.pub", "--insecure-ignore-tlog", "--allow-http-registry", reference];
}

async function signAsReferrer(
  context: Context,
  cosign: Program,
  { name, reference }: { readonly name: string; readonly reference: string },
): Promise<void> {
  const env = { COSIGN_EXPERIMENTAL: "1" };
  await cosign.run([...sign(reference), "--registry-referrers-mode=oci-1-1"], { env });
  await cosign.run([...verify(reference), "--experimental-oci11"], { env });
  const answer = await context.registry.fetch(`/v2/${name}/referrers/${reference.split("@")[1]}`);
  const { manifests } = (await answer.json()) as { manifests: { artifactType: string }[] };
  assert.deepEqual(
    manifests.map(({ artifactType }) => artifactType),
    ["application/vnd.dev.cosign.artifact.sig.v1+json"],
  );
}

async function pushBoth(
  context: Context,
  repositories: readonly string[],
  sources: { readonly v1: ReturnType<typeof makeImage>; readonly multi: ReturnType<typeof makeIndex> },
): Promise<void> {
  const crane = context.program("crane");
  for (const [tag, source] of Object.entries(sources)) {
    await writeLayout(context.path(tag), { [tag]: source });
    for (const repository of repositories) await crane.run(["push", tag, `${repository}:${tag}`]);
  }
}
