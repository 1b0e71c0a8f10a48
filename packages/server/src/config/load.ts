import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { closest } from "./closest.ts";
import { defaultDataDirectory } from "./default-data.ts";
import { configSchema, isLoopback, type Config } from "./schema.ts";
import { OTHER_VARIABLES, settings, type Setting } from "./settings.ts";

/** The settings cannot be used as they are; the message names each fault and where it stands. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export type FlagValue = string | number | boolean;

export interface ConfigSources {
  /** By name without dashes: `{ data: "DIR", "tls-cert": "FILE" }`; `config` names the file. */
  readonly flags?: Readonly<Record<string, FlagValue | undefined>>;
  /** Where `STOWAGE_*` are looked up. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface LoadedConfig {
  readonly config: Config;
  /** What is odd but no fault. */
  readonly warnings: readonly string[];
}

/** Configuration files are small. */
const MAX_CONFIG_BYTES = 1024 * 1024;

interface Given {
  readonly value: unknown;
  /** How the value is called where it came from. */
  readonly source: string;
}

/**
 * Reads all settings: a flag counts before an environment variable, and that before the file.
 * @throws ConfigError unknown keys or flags, values out of bounds, an unreadable file
 */
export async function loadConfig({ flags = {}, environment = {} }: ConfigSources): Promise<LoadedConfig> {
  const { config: flaggedFile, ...settingFlags } = flags;
  const path = flaggedFile ?? environment["STOWAGE_CONFIG"];
  const faults: string[] = [];
  const warnings: string[] = [];
  const given = new Map<string, Given>();
  const layers = [
    path === undefined || path === "" ? [] : await fromFile(String(path), faults),
    fromEnvironment(environment, faults, warnings),
    fromFlags(settingFlags, faults),
  ];
  for (const layer of layers) for (const [key, value] of layer) given.set(key, value);
  if (!given.has("data")) given.set("data", { value: defaultDataDirectory(environment), source: "data" });

  const parsed = configSchema.safeParse(nest(given));
  for (const issue of parsed.error?.issues ?? []) {
    const key = issue.path.join(".");
    faults.push(`${given.get(key)?.source ?? key}: ${issue.message}`);
  }
  if (faults.length > 0 || !parsed.success) throw new ConfigError(faults.join("\n"));
  const config = { ...parsed.data, data: resolve(parsed.data.data) };
  checkTogether(config);
  return { config, warnings: [...warnings, ...oddities(config)] };
}

function checkTogether(config: Config): void {
  if ((config.tls.cert === undefined) !== (config.tls.key === undefined)) {
    throw new ConfigError("--tls-cert and --tls-key go together.");
  }
  if (config.open && !config.openToNetwork && !isLoopback(config.listen.host)) {
    throw new ConfigError(
      `--open gives everyone who reaches ${config.listen.host} full access. ` +
        "Listen on 127.0.0.1, or add --open-to-network if that is meant.",
    );
  }
}

function oddities(config: Config): string[] {
  if (isLoopback(config.listen.host) || config.uriStyle !== "local") return [];
  return [
    "Listening beyond this machine with --uri-style local: names of repositories repeat the Host of each request. " +
      "Set --uri-style to a DOMAIN to make them stable.",
  ];
}

type Layer = readonly (readonly [key: string, given: Given])[];

function fromFlags(flags: Readonly<Record<string, FlagValue | undefined>>, faults: string[]): Layer {
  return Object.entries(flags).flatMap(([flag, value]) => {
    if (value === undefined) return [];
    const setting = settings.find((candidate) => candidate.flag === flag);
    if (setting !== undefined) return [[setting.key, read(setting, value, `--${flag}`, faults)] as const];
    faults.push(
      unknown(
        "flag",
        `--${flag}`,
        settings.map((candidate) => `--${candidate.flag}`),
      ),
    );
    return [];
  });
}

function fromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  faults: string[],
  warnings: string[],
): Layer {
  return Object.entries(environment).flatMap(([variable, value]) => {
    if (!variable.startsWith("STOWAGE_") || OTHER_VARIABLES.includes(variable) || value === undefined) return [];
    const setting = settings.find((candidate) => candidate.variable === variable);
    if (setting !== undefined) return [[setting.key, read(setting, value, variable, faults)] as const];
    warnings.push(
      unknown(
        "environment variable",
        variable,
        settings.map((candidate) => candidate.variable),
      ),
    );
    return [];
  });
}

/** In the file a setting stands under its nested key, or at the top under its flag's name. */
async function fromFile(path: string, faults: string[]): Promise<Layer> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`The configuration file ${path} cannot be read.`, { cause });
  }
  if (text.length > MAX_CONFIG_BYTES) throw new ConfigError(`${path} is longer than ${MAX_CONFIG_BYTES} bytes.`);
  const { parse } = await import("yaml");
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new ConfigError(`${path} is not valid YAML: ${String(error)}`);
  }
  if (document === null) return [];
  if (typeof document !== "object" || Array.isArray(document))
    throw new ConfigError(`${path} must hold keys and values.`);
  const layer = new Map<string, Given>();
  for (const [name, value] of flatten(document, "")) {
    const setting = settings.find(({ key, flag }) => key === name || flag === name);
    if (setting === undefined) {
      faults.push(
        `${path}: ${unknown(
          "key",
          name,
          settings.map(({ key }) => key),
        )}`,
      );
    } else if (layer.has(setting.key)) {
      faults.push(`${path}: ${setting.key} is given twice.`);
    } else {
      layer.set(setting.key, { value, source: `${path}: ${name}` });
    }
  }
  return [...layer];
}

function flatten(value: object, prefix: string): (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const key = `${prefix}${name}`;
    const isGroup = typeof member === "object" && member !== null && !Array.isArray(member);
    return isGroup ? flatten(member, `${key}.`) : [[key, member] as const];
  });
}

function read(setting: Setting, value: FlagValue, source: string, faults: string[]): Given {
  if (typeof value !== "string" || setting.kind === "text") return { value, source };
  if (setting.kind === "boolean") {
    if (["true", "1", "yes", "on"].includes(value.toLowerCase())) return { value: true, source };
    if (["false", "0", "no", "off", ""].includes(value.toLowerCase())) return { value: false, source };
    faults.push(`${source}: must be true or false`);
    return { value: false, source };
  }
  if (!/^[0-9]+(?:\.[0-9]+)?$/.test(value)) faults.push(`${source}: must be a number`);
  return { value: Number.parseFloat(value) || 0, source };
}

function unknown(what: string, name: string, candidates: readonly string[]): string {
  const near = closest(name, candidates);
  return `There is no ${what} ${name}.${near === undefined ? "" : ` Did you mean ${near}?`}`;
}

function nest(given: ReadonlyMap<string, Given>): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [key, { value }] of given) {
    const [first = "", second] = key.split(".");
    if (second === undefined) nested[first] = value;
    else nested[first] = { ...(nested[first] as object | undefined), [second]: value };
  }
  return nested;
}
