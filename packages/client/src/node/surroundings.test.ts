import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../ecr/failures.ts";
import { findCredentials, findSurroundings } from "./surroundings.ts";
import type { Machine } from "./surroundings.ts";

type Texts = Readonly<Record<string, string>>;

function machine(env: Texts, files: Texts = {}): Machine {
  return { env, homeDirectory: () => "/home/me", readText: (path) => Promise.resolve(files[path]) };
}

const CONFIG = "/home/me/.aws/config";
const CREDENTIALS = "/home/me/.aws/credentials";
const keys = (id: string): string => `aws_access_key_id = ${id}\naws_secret_access_key = secret\n`;

describe("the surroundings", () => {
  it("say nothing on a bare machine", async () => {
    expect(
      Object.values(await findSurroundings(machine({}), undefined)).filter((value) => value !== undefined),
    ).toEqual([]);
  });

  it("are what `stowage env` exports", async () => {
    const env = { AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL_ECR: "http://127.0.0.1:5100" };
    expect(await findSurroundings(machine(env), undefined)).toMatchObject({
      region: "eu-west-1",
      endpoint: "http://127.0.0.1:5100",
    });
  });

  it("take the environment before the shared file, AWS_REGION before AWS_DEFAULT_REGION", async () => {
    const files = { [CONFIG]: "[default]\nregion = file\nmax_attempts = 7\nuse_fips_endpoint = true\n" };
    const all = { AWS_REGION: "first", AWS_DEFAULT_REGION: "second", AWS_MAX_ATTEMPTS: "4" };
    expect(await findSurroundings(machine(all, files), undefined)).toMatchObject({ region: "first", maxAttempts: 4 });
    const some = { AWS_REGION: "", AWS_DEFAULT_REGION: "second", AWS_USE_FIPS_ENDPOINT: "false" };
    expect(await findSurroundings(machine(some, files), undefined)).toMatchObject({
      region: "second",
      maxAttempts: 7,
      useFipsEndpoint: false,
    });
    expect(await findSurroundings(machine({}, files), undefined)).toMatchObject({
      region: "file",
      useFipsEndpoint: true,
    });
  });

  it("take the profile that is named, by option before AWS_PROFILE", async () => {
    const files = {
      [CONFIG]: "[default]\nregion = d\n[profile a]\nregion = a\n[profile b]\nregion = b\n[c]\nregion = c\n",
    };
    const regionOf = async (env: Texts, name?: string): Promise<unknown> =>
      (await findSurroundings(machine(env, files), name)).region;
    expect(await regionOf({})).toBe("d");
    expect(await regionOf({ AWS_PROFILE: "a" })).toBe("a");
    expect(await regionOf({ AWS_PROFILE: "a" }, "b")).toBe("b");
    expect(await regionOf({}, "c")).toBeUndefined();
  });

  it("find endpoints in AWS's order, and none when told to ignore them", async () => {
    const config =
      "[default]\nendpoint_url = http://profile\nservices = mine\n[services mine]\necr =\n  endpoint_url = http://service\n";
    const endpointOf = async (env: Texts, text = config): Promise<unknown> =>
      (await findSurroundings(machine(env, { [CONFIG]: text }), undefined)).endpoint;
    const both = { AWS_ENDPOINT_URL_ECR: "http://one", AWS_ENDPOINT_URL: "http://all" };
    expect(await endpointOf(both)).toBe("http://one");
    expect(await endpointOf({ AWS_ENDPOINT_URL: "http://all" })).toBe("http://all");
    expect(await endpointOf({})).toBe("http://service");
    expect(await endpointOf({}, "[default]\nendpoint_url = http://profile\n")).toBe("http://profile");
    expect(await endpointOf({ ...both, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" })).toBeUndefined();
  });

  it.each(["0", "-1", "2.5", "many"])("take no number of attempts from %j", async (text) => {
    expect((await findSurroundings(machine({ AWS_MAX_ATTEMPTS: text }), undefined)).maxAttempts).toBeUndefined();
  });

  it("read the files that the environment names", async () => {
    const env = { AWS_CONFIG_FILE: "/a", AWS_SHARED_CREDENTIALS_FILE: "/b" };
    const named = machine(env, { "/a": "[default]\nregion = named\n", "/b": `[default]\n${keys("NAMED")}` });
    expect((await findSurroundings(named, undefined)).region).toBe("named");
    expect((await findCredentials(named, undefined)).accessKeyId).toBe("NAMED");
  });
});

describe("credentials", () => {
  const files = {
    [CREDENTIALS]: `[default]\n${keys("FILE")}[a]\n${keys("A")}aws_session_token = session\n`,
    [CONFIG]: `[profile inconfig]\n${keys("CONFIG")}[profile a]\n${keys("UNUSED")}`,
  };
  const env = { AWS_ACCESS_KEY_ID: "ENV", AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "t" };
  const idOf = async (given: Texts, name?: string): Promise<string> =>
    (await findCredentials(machine(given, files), name)).accessKeyId;

  it("come from the environment, then from the profile", async () => {
    expect(await findCredentials(machine(env, files), undefined)).toEqual({
      accessKeyId: "ENV",
      secretAccessKey: "s",
      sessionToken: "t",
    });
    expect(await idOf({})).toBe("FILE");
    expect(await idOf({ AWS_ACCESS_KEY_ID: "half" })).toBe("FILE");
    expect(await idOf({ AWS_PROFILE: "inconfig" })).toBe("CONFIG");
  });

  it("come from the profile that is asked for, whatever the environment has; the credentials file goes first", async () => {
    expect(await findCredentials(machine(env, files), "a")).toEqual({
      accessKeyId: "A",
      secretAccessKey: "secret",
      sessionToken: "session",
    });
  });

  it("that nobody has are missed by name", async () => {
    await expect(idOf({}, "nobody")).rejects.toThrow(ConfigurationError);
    await expect(idOf({}, "nobody")).rejects.toThrow('"nobody"');
  });

  it("are not guessed when a file cannot be read", async () => {
    const broken = { ...machine({}), readText: () => Promise.reject(new Error("EACCES")) };
    await expect(findCredentials(broken, undefined)).rejects.toThrow("EACCES");
  });
});
