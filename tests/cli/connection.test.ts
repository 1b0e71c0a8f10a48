import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Workplace, named } from "./command.ts";

/** A workplace whose home and default data directory are its own. */
async function openPlace(place: Workplace) {
  const home = join(place.folder, "home");
  await mkdir(join(home, ".aws"), { recursive: true });
  const run = (line: readonly string[], environment: Record<string, string> = {}) =>
    place.begin(line, { environment: { HOME: home, ...environment } }).exited;
  const local = { STOWAGE_DATA: place.data };
  return { home, run, local };
}

const LIST = ["repositories", "list", "--output", "text"];

describe("the registry that a command means", () => {
  it("is the server on --data, or on the default data directory", async () => {
    await using place = await Workplace.open();
    const { run, local } = await openPlace(place);
    await place.serve();
    expect((await place.run("repositories", "create", "app")).code).toBe(0);
    expect((await run([...LIST, "--data", place.data])).out).toMatch(/^app\t/);
    expect((await run(LIST, local)).out).toMatch(/^app\t/);
  });

  it("is what the variables of AWS clients say, before the default data directory", async () => {
    await using place = await Workplace.open();
    const { run, local } = await openPlace(place);
    await place.serve();
    const { accessKeyId, secretAccessKey, endpoint } = await place.credentials();
    const environment = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_ECR: endpoint,
    };
    await run(["repositories", "create", "here"], environment);
    expect((await run(LIST, environment)).out).toMatch(/^here\t/);
    expect((await run([...LIST, "--region", "eu-west-1"], environment)).out).toBe("");
    const wrong = await run(LIST, { ...local, ...environment, AWS_SECRET_ACCESS_KEY: "wrong" });
    expect(wrong).toMatchObject({ code: 4, out: "" });
    expect(wrong.err).toContain('eval "$(stowage env)"');
    expect((await run([...LIST, "--endpoint", "http://127.0.0.1:1"], environment)).err).toContain("stowage serve");
  });

  it("is a profile's, when one is named, and never the default profile's otherwise", async () => {
    await using place = await Workplace.open();
    const { home, run, local } = await openPlace(place);
    await place.serve();
    const { accessKeyId, secretAccessKey, endpoint } = await place.credentials();
    const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    const settings = `region = us-east-1\nendpoint_url = ${endpoint}\n`;
    await writeFile(join(home, ".aws/credentials"), `[default]\n${keys}[team]\n${keys}`);
    await writeFile(join(home, ".aws/config"), `[default]\n${settings}[profile team]\n${settings}`);
    await place.run("repositories", "create", "app");
    expect((await run([...LIST, "--profile", "team"])).out).toMatch(/^app\t/);
    expect((await run(LIST, { AWS_PROFILE: "team" })).out).toMatch(/^app\t/);
    expect((await run([...LIST, "--profile", "team", "--data", place.data])).code).toBe(2);
    const elsewhere = await run(LIST, { STOWAGE_DATA: join(place.folder, "empty") });
    expect(elsewhere).toMatchObject({ code: 3, out: "" });
    expect((await run([...LIST, "--profile", "none"], local)).code).toBe(2);
  });

  it("that is not there is missed with what to do next", async () => {
    await using place = await Workplace.open();
    const { run } = await openPlace(place);
    const missing = join(place.folder, "missing");
    const none = await run(LIST, { STOWAGE_DATA: missing });
    expect(none).toMatchObject({ code: 3, out: "" });
    expect(none.err).toMatch(/^stowage: There is no installation in .*\n {2}Start one with: stowage serve\n/);
    await place.run("env");
    const stopped = await run([...LIST, "--data", place.data]);
    expect(stopped).toMatchObject({ code: 3, out: "" });
    expect(stopped.err).toBe(
      `stowage: No server runs on ${place.data}.\n  Start one with: stowage serve --data ${place.data}\n`,
    );
  });
});

describe("stowage copy between registries", () => {
  it("logs in to the other one with what docker has", async () => {
    await using source = await Workplace.open();
    await using target = await Workplace.open();
    const from = await source.serve();
    await target.serve();
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [],
    });
    await source.run("repositories", "create", "app");
    const { accessKeyId, secretAccessKey, endpoint, region } = await source.credentials();
    const { create } = await import("@stowage/client");
    await create({ accessKeyId, secretAccessKey, endpoint, region }).putImage({
      repositoryName: "app",
      imageManifest: manifest,
      imageTag: "1",
    });
    const host = new URL(named(from.endpoint)).host;
    const environment = { DOCKER_CONFIG: join(target.folder, "docker") };
    const line = [
      "copy",
      `${host}/app:1`,
      "mirror/app",
      "--create",
      "--quiet",
      "--output",
      "json",
      "--data",
      target.data,
    ];
    const refused = await target.begin(line, { environment }).exited;
    expect(refused).toMatchObject({ code: 4, out: "" });
    expect(refused.err).toContain("docker login");
    for (const helper of [[], ["--helper"]]) {
      await target.begin(["login", ...helper, "--data", source.data], { environment }).exited;
      const { code, out, err } = await target.begin(line, { environment }).exited;
      expect([code, err]).toEqual([0, ""]);
      expect(JSON.parse(out)).toMatchObject({ image: "mirror/app:1" });
    }
    expect((await target.run("images", "pull-manifest", "mirror/app:1")).out).toBe(manifest);
  });
});
