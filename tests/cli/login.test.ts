import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { named, Workplace, type Outcome } from "./command.ts";

const HELPER = join(import.meta.dirname, "../../packages/cli/bin/docker-credential-stowage.js");

interface DockerConfig {
  readonly auths?: Record<string, { readonly auth?: string }>;
  readonly credHelpers?: Record<string, string>;
  readonly [other: string]: unknown;
}

/** A workplace with docker settings of its own and a server. */
async function openPlace(place: Workplace) {
  const folder = join(place.folder, "docker");
  const configPath = join(folder, "config.json");
  const server = await place.serve();
  const host = new URL(named(server.endpoint)).host;
  const environment = { DOCKER_CONFIG: folder };
  return {
    folder,
    configPath,
    host,
    environment,
    endpoint: server.endpoint,
    run: (...line: string[]): Promise<Outcome> => place.begin(line, { environment }).exited,
    config: async (): Promise<DockerConfig> => JSON.parse(await readFile(configPath, "utf8")) as DockerConfig,
    write: async (config: object, mode = 0o600): Promise<void> => {
      await mkdir(folder, { recursive: true });
      await writeFile(configPath, JSON.stringify(config));
      await chmod(configPath, mode);
    },
  };
}

/** Runs the credential helper as docker does. */
async function helper(
  action: string,
  input: string,
  environment: Record<string, string>,
): Promise<{ readonly code: number; readonly out: string }> {
  const { PATH = "", HOME = "" } = process.env;
  const running = promisify(execFile)(process.execPath, [HELPER, action], { env: { PATH, HOME, ...environment } });
  running.child.stdin?.end(input);
  return running.then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { readonly code: number; readonly stdout: string }) => ({ code: error.code, out: error.stdout }),
  );
}

async function ping(endpoint: string, basic: string): Promise<number> {
  return (await fetch(`${endpoint}/v2/`, { headers: { authorization: `Basic ${basic}` } })).status;
}

describe("stowage login", () => {
  it("writes a token that the registry takes, and keeps what else is there", async () => {
    await using place = await Workplace.open();
    const docker = await openPlace(place);
    await docker.write({ auths: { "other.example.com": { auth: "b3RoZXI=" } }, detachKeys: "ctrl-e,e" }, 0o640);
    const outcome = await docker.run("login", "--data", place.data);
    expect(outcome).toMatchObject({ code: 0, err: "" });
    expect(outcome.out).toMatch(new RegExp(`^Logged in to ${docker.host}; the token ends in 1[12] hours, at 20`));
    const config = await docker.config();
    expect(config).toEqual({
      auths: { "other.example.com": { auth: "b3RoZXI=" }, [docker.host]: { auth: expect.any(String) as string } },
      detachKeys: "ctrl-e,e",
    });
    const auth = config.auths?.[docker.host]?.auth ?? "";
    expect(Buffer.from(auth, "base64").toString()).toMatch(/^AWS:./);
    expect(await ping(docker.endpoint, auth)).toBe(200);
    expect(outcome.out).not.toContain(auth);
    expect((await stat(docker.configPath)).mode & 0o777).toBe(0o640);
    expect(await readdir(docker.folder)).toEqual(["config.json"]);
  });

  it("makes the file for its owner alone, and follows a link to it", async () => {
    await using place = await Workplace.open();
    const docker = await openPlace(place);
    const target = join(place.folder, "dotfiles.json");
    await mkdir(docker.folder);
    await symlink(target, docker.configPath);
    await writeFile(target, "{}");
    await chmod(target, 0o600);
    expect((await docker.run("login", "registry.example.com", "--data", place.data)).code).toBe(0);
    expect(Object.keys((JSON.parse(await readFile(target, "utf8")) as DockerConfig).auths ?? {})).toEqual([
      "registry.example.com",
    ]);
    const fresh = join(place.folder, "fresh");
    const line = ["login", "--data", place.data];
    expect((await place.begin(line, { environment: { DOCKER_CONFIG: fresh } }).exited).code).toBe(0);
    expect((await stat(join(fresh, "config.json"))).mode & 0o777).toBe(0o600);
  });

  it("leaves a file alone that it cannot read", async () => {
    await using place = await Workplace.open();
    const docker = await openPlace(place);
    await mkdir(docker.folder);
    await writeFile(docker.configPath, "{ not json");
    const outcome = await docker.run("login", "--data", place.data);
    expect(outcome).toMatchObject({ code: 1, out: "" });
    expect(outcome.err).toContain("is no JSON and was left alone");
    expect(await readFile(docker.configPath, "utf8")).toBe("{ not json");
  });

  it("hands the token to the store that docker keeps credentials in, and takes it back", async () => {
    await using place = await Workplace.open();
    const docker = await openPlace(place);
    await docker.write({ credsStore: "fake" });
    const kept = join(place.folder, "kept");
    const bin = join(place.folder, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "docker-credential-fake"), `#!/bin/sh\n{ echo "$1"; cat; echo; } >> '${kept}'\n`);
    await chmod(join(bin, "docker-credential-fake"), 0o755);
    const environment = { ...docker.environment, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
    expect(await place.begin(["login", "--data", place.data], { environment }).exited).toMatchObject({
      code: 0,
      err: "",
    });
    expect(await docker.config()).toEqual({ credsStore: "fake", auths: { [docker.host]: {} } });
    const [action, stored = ""] = (await readFile(kept, "utf8")).split("\n");
    const { ServerURL, Username, Secret } = JSON.parse(stored) as Record<string, string>;
    expect([action, ServerURL, Username]).toEqual(["store", docker.host, "AWS"]);
    expect(await ping(docker.endpoint, Buffer.from(`AWS:${Secret ?? ""}`).toString("base64"))).toBe(200);
    expect((await place.begin(["logout", docker.host], { environment }).exited).code).toBe(0);
    expect((await readFile(kept, "utf8")).trimEnd().split("\n").slice(-2)).toEqual(["erase", docker.host]);
    expect(await docker.config()).toEqual({ credsStore: "fake", auths: {} });
  });

  it("says what to do when that store is missing", async () => {
    await using place = await Workplace.open();
    const docker = await openPlace(place);
    await docker.write({ credsStore: "no-such-store" });
    const outcome = await docker.run("login", "--data", place.data);
    expect(outcome.code).toBe(1);
    expect(outcome.err).toContain("stowage login --helper");
    expect(await docker.config()).toEqual({ credsStore: "no-such-store" });
  });

  it("is taken back by logout, which touches nothing else", async () => {
    await using place = await Workplace.open();
    const docker = await openPlace(place);
    await docker.write({ auths: { "other.example.com": { auth: "b3RoZXI=" } } });
    await docker.run("login", "--data", place.data);
    expect(await docker.run("logout", "--data", place.data)).toMatchObject({
      code: 0,
      out: `Logged out of ${docker.host}.\n`,
    });
    expect(await docker.config()).toEqual({ auths: { "other.example.com": { auth: "b3RoZXI=" } } });
    expect((await docker.run("logout", docker.host)).out).toBe(`There was no login to ${docker.host}.\n`);
  });
});

describe("docker-credential-stowage", () => {
  it("answers for a login with --helper, from anywhere, with a token that the registry takes", async () => {
    await using place = await Workplace.open();
    const docker = await openPlace(place);
    await docker.write({ credHelpers: { "gcr.example.com": "gcloud" } });
    const { out } = await docker.run("login", "--helper", "--data", place.data);
    expect(out).toContain(`docker now asks stowage for a token of ${docker.host}`);
    expect(await docker.config()).toEqual({ credHelpers: { "gcr.example.com": "gcloud", [docker.host]: "stowage" } });
    const files = await Promise.all(
      (await readdir(docker.folder)).map((name) => readFile(join(docker.folder, name), "utf8")),
    );
    const got = await helper("get", `${docker.host}\n`, docker.environment);
    const { ServerURL, Username, Secret = "" } = JSON.parse(got.out) as Record<string, string>;
    expect([got.code, ServerURL, Username]).toEqual([0, docker.host, "AWS"]);
    expect(await ping(docker.endpoint, Buffer.from(`AWS:${Secret}`).toString("base64"))).toBe(200);
    expect(files.join("")).not.toContain(Secret);
    expect(JSON.parse((await helper("list", "", docker.environment)).out)).toEqual({ [docker.host]: "AWS" });
    const stored = JSON.stringify({ ServerURL: docker.host, Username: "AWS", Secret: "any" });
    expect(await helper("store", stored, docker.environment)).toEqual({ code: 0, out: "" });
    expect(await helper("erase", docker.host, docker.environment)).toEqual({ code: 0, out: "" });
    expect((await helper("get", docker.host, docker.environment)).code).toBe(1);
    expect(JSON.parse((await helper("list", "", docker.environment)).out)).toEqual({});
  });

  it("answers by the environment for that registry's host, under each name of this machine, and for no other", async () => {
    await using place = await Workplace.open();
    const docker = await openPlace(place);
    const { accessKeyId, secretAccessKey, endpoint } = await place.credentials();
    const environment = {
      ...docker.environment,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_ECR: endpoint,
    };
    const { port } = new URL(endpoint);
    for (const server of [docker.host, `127.0.0.1:${port}`, `http://localhost:${port}/v2/`]) {
      const { code, out } = await helper("get", server, environment);
      expect([code, (JSON.parse(out) as Record<string, string>)["ServerURL"]]).toEqual([0, server]);
    }
    for (const server of [
      "evil.example.com",
      `localhost:${Number(port) + 1}`,
      "111122223333.dkr.ecr.us-east-1.evil.com",
    ]) {
      expect(await helper("get", server, environment)).toEqual({
        code: 1,
        out: "credentials not found in native keychain\n",
      });
    }
  });

  it("answers for hosts in AWS's form of a registry that has them, for the account and Region in the host", async () => {
    await using place = await Workplace.open();
    const { endpoint } = await place.serve("--uri-style", "registry.test");
    const { accessKeyId, secretAccessKey } = await place.credentials();
    const environment = {
      DOCKER_CONFIG: join(place.folder, "docker"),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_ECR: endpoint,
    };
    const server = "000000000000.dkr.ecr.eu-west-1.registry.test";
    const { code, out } = await helper("get", server, environment);
    expect([code, out]).toEqual([0, expect.stringContaining(server)]);
    expect((await helper("get", server.replace("registry.test", "other.test"), environment)).code).toBe(1);
  });

  it("refuses to store what it would lose", async () => {
    await using place = await Workplace.open();
    const docker = await openPlace(place);
    const { code, out } = await helper(
      "store",
      JSON.stringify({ ServerURL: "hub.example.com", Username: "u", Secret: "p" }),
      docker.environment,
    );
    expect(code).toBe(1);
    expect(out).toContain("stowage keeps no credentials, and makes none for hub.example.com");
  });
});
