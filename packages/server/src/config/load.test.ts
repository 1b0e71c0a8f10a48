import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ECR_QUOTAS } from "@stowage/registry";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../transport/transport.ts";
import { loadConfig, type ConfigSources, type LoadedConfig } from "./load.ts";
import { settings } from "./settings.ts";

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stowage-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function loadFile(yaml: string, sources: ConfigSources = {}): Promise<LoadedConfig> {
  const path = join(folder, `${files++}.yaml`);
  await writeFile(path, yaml);
  return loadConfig({ ...sources, flags: { config: path, data: folder, ...sources.flags } });
}

async function complaint(loading: Promise<unknown>): Promise<string> {
  const error: unknown = await loading.then(
    () => new Error("no complaint"),
    (reason: unknown) => reason,
  );
  expect(error).toHaveProperty("name", "ConfigError");
  return error instanceof Error ? error.message : "";
}

describe("the configuration", () => {
  it("has the documented defaults", async () => {
    const { config, warnings } = await loadConfig({ flags: { data: "somewhere" } });
    expect(config).toEqual({
      data: resolve("somewhere"),
      listen: { host: "127.0.0.1", port: 5100 },
      account: "000000000000",
      region: "us-east-1",
      open: false,
      openToNetwork: false,
      uriStyle: "local",
      tls: {},
      log: { level: "info", access: true },
      metrics: true,
      cors: { origins: [] },
      anonymous: { pull: false },
      push: { idempotentImmutableTags: false },
      shutdown: { drainSeconds: 30 },
      quotas: {},
      limits: DEFAULT_LIMITS,
    });
    expect(warnings).toEqual([]);
  });

  it("takes a flag before the environment, and that before the file", async () => {
    const yaml = "region: from-file\naccount: '111111111111'\nlisten: 127.0.0.1:1\n";
    const environment = { STOWAGE_REGION: "from-environment", STOWAGE_ACCOUNT: "222222222222" };
    const { config } = await loadFile(yaml, { environment, flags: { region: "from-flag" } });
    expect(config).toMatchObject({
      region: "from-flag",
      account: "222222222222",
      listen: { host: "127.0.0.1", port: 1 },
    });
  });

  it("has a flag and a variable for every setting, and numbers for all that bounds a registry and a listener", () => {
    expect(settings.find(({ key }) => key === "push.idempotentImmutableTags")).toEqual({
      key: "push.idempotentImmutableTags",
      flag: "push-idempotent-immutable-tags",
      variable: "STOWAGE_PUSH_IDEMPOTENT_IMMUTABLE_TAGS",
      kind: "boolean",
    });
    const keys = settings.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(Object.keys(ECR_QUOTAS).map((name) => `quotas.${name}`)));
    expect(keys).toEqual(expect.arrayContaining(Object.keys(DEFAULT_LIMITS).map((name) => `limits.${name}`)));
    expect(new Set(settings.map(({ flag }) => flag)).size).toBe(settings.length);
  });

  it("reads every kind of value from the environment", async () => {
    const environment = {
      STOWAGE_DATA: folder,
      STOWAGE_LISTEN: "[::1]:0",
      STOWAGE_OPEN: "1",
      STOWAGE_URI_STYLE: "Registry.Example.com:8443",
      STOWAGE_TLS_CERT: "cert.pem",
      STOWAGE_TLS_KEY: "key.pem",
      STOWAGE_LOG_ACCESS: "false",
      STOWAGE_SHUTDOWN_DRAIN_SECONDS: "2.5",
      STOWAGE_QUOTAS_MAX_MANIFEST_BYTES: "1000",
      STOWAGE_LIMITS_CONNECTIONS: "10",
    };
    const { config, warnings } = await loadConfig({ environment });
    expect(config).toMatchObject({
      listen: { host: "::1", port: 0 },
      open: true,
      uriStyle: { domain: "registry.example.com:8443" },
      tls: { cert: "cert.pem", key: "key.pem" },
      log: { access: false },
      shutdown: { drainSeconds: 2.5 },
      quotas: { maxManifestBytes: 1000 },
      limits: { ...DEFAULT_LIMITS, connections: 10 },
    });
    expect(warnings).toEqual([]);
  });
});

describe("a configuration file", () => {
  it("takes nested keys, and flags' names at the top", async () => {
    const nested = await loadFile("uriStyle: aws\nlog:\n  access: false\n");
    const flat = await loadFile("uri-style: aws\nlog-access: false\n");
    expect(flat.config).toEqual(nested.config);
    expect(nested.config).toMatchObject({ uriStyle: "aws", log: { access: false } });
  });

  it("is named by a variable too", async () => {
    const path = join(folder, "named.yaml");
    await writeFile(path, "region: eu-west-1\n");
    const { config } = await loadConfig({ environment: { STOWAGE_CONFIG: path }, flags: { data: folder } });
    expect(config.region).toBe("eu-west-1");
  });

  it("gives accounts their digits back when YAML took them for a number", async () => {
    expect((await loadFile("account: 000000000042\n")).config.account).toBe("000000000042");
    expect((await loadFile("account: 123456789012\n")).config.account).toBe("123456789012");
  });

  it("may be empty", async () => {
    expect((await loadFile("")).config.region).toBe("us-east-1");
    expect((await loadFile("# nothing yet\n")).config.region).toBe("us-east-1");
  });

  it.each([
    ["reigon: x", "There is no key reigon. Did you mean region?"],
    ["push:\n  idempotentImutableTags: true", "Did you mean push.idempotentImmutableTags?"],
    ["quotas:\n  maxManifestByte: 1", "Did you mean quotas.maxManifestBytes?"],
    ["zzzzzzzzzzzz: 1", "There is no key zzzzzzzzzzzz."],
    ["tls: yes please", "There is no key tls."],
    ["region: a\nregion: b", "is not valid YAML"],
    ["tls-cert: a\ntls: { cert: b, key: c }", "tls.cert is given twice."],
    ["- a\n- b", "must hold keys and values"],
    ["open: maybe", "open: Invalid input: expected boolean"],
    ["quotas: { maxManifestBytes: 0 }", "must be above 0"],
    ["a: &a [x]\nb: *a", "is not valid YAML"],
  ])("holding %j is refused with %j", async (yaml, text) => {
    expect(await complaint(loadFile(yaml))).toContain(text);
  });

  it("tells all its faults at once, each with its place", async () => {
    const message = await complaint(loadFile("reigon: x\nlisten: nowhere\naccount: 12\n", { flags: { region: "?" } }));
    expect(message.split("\n")).toHaveLength(3);
    expect(message).toContain("--region: must be the name of a region");
  });

  it("that cannot be read is named", async () => {
    expect(await complaint(loadConfig({ flags: { config: join(folder, "none.yaml") } }))).toContain("none.yaml");
  });
});

describe("a value is refused", () => {
  it.each([
    ["listen", "5100", "must be HOST:PORT"],
    ["listen", "127.0.0.1:65536", "must be HOST:PORT"],
    ["listen", "::1:5100", "must be HOST:PORT"],
    ["listen", "[127.0.0.1]:1", "must be HOST:PORT"],
    ["account", "12345678901", "must have 12 digits"],
    ["account", "1234567890123", "must have 12 digits"],
    ["uri-style", "localhost", "must be local, aws or a domain"],
    ["uri-style", "https://registry.example.com", "must be local, aws or a domain"],
    ["shutdown-drain-seconds", "-1", "must be a number"],
    ["shutdown-drain-seconds", "86401", "Too big"],
    ["log-level", "loud", "Invalid option"],
    ["metrics", "perhaps", "must be true or false"],
    ["data", "", "must name a file"],
    ["no-such-flag", "1", "There is no flag --no-such-flag."],
    ["listne", "1", "Did you mean --listen?"],
  ])("--%s %s", async (flag, value, text) => {
    const message = await complaint(loadConfig({ flags: { data: folder, [flag]: value } }));
    expect(message).toContain(text);
    expect(message).toContain(`--${flag}`);
  });

  it("when half of a certificate is given", async () => {
    expect(await complaint(loadConfig({ flags: { data: folder, "tls-cert": "c" } }))).toContain("go together");
  });
});

describe("beyond this machine", () => {
  const flags = { data: "x", listen: "0.0.0.0:5100" };

  it("--open is refused unless it is said twice", async () => {
    expect(await complaint(loadConfig({ flags: { ...flags, open: true } }))).toContain("--open-to-network");
    const { config } = await loadConfig({ flags: { ...flags, open: true, "open-to-network": true } });
    expect(config.open).toBe(true);
  });

  it.each(["127.0.0.1:1", "127.8.8.8:1", "[::1]:1", "localhost:1"])("is not %s", async (listen) => {
    const { config, warnings } = await loadConfig({ flags: { ...flags, listen, open: true } });
    expect(config.open).toBe(true);
    expect(warnings).toEqual([]);
  });

  it("names that repeat the Host of each request are worth a warning", async () => {
    expect((await loadConfig({ flags })).warnings).toHaveLength(1);
    expect((await loadConfig({ flags: { ...flags, "uri-style": "aws" } })).warnings).toEqual([]);
  });
});

it("an unknown variable is worth a warning, with the one that was meant", async () => {
  const environment = {
    STOWAGE_LISTN: "x",
    STOWAGE_PORT_5100_TCP: "tcp://10.0.0.1:5100",
    STOWAGE_MASTER_KEY: "k",
    HOME: "/",
  };
  const { warnings } = await loadConfig({ flags: { data: "x" }, environment });
  expect(warnings).toEqual([
    "There is no environment variable STOWAGE_LISTN. Did you mean STOWAGE_LISTEN?",
    expect.stringContaining("There is no environment variable STOWAGE_PORT_5100_TCP."),
  ]);
});

it("the data directory is beside the sources in a checkout", async () => {
  const { config } = await loadConfig({});
  expect(config.data).toBe(resolve(import.meta.dirname, "../../../../.stowage"));
});
