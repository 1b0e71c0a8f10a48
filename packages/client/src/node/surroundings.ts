import { ConfigurationError } from "../ecr/failures.ts";
import type { ExpiringCredentials, Surroundings } from "../platform.ts";
import { parseIni } from "./ini.ts";
import type { Ini } from "./ini.ts";

/** Where settings are looked for. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: () => string;
  /** Undefined when there is no such file. */
  readonly readText: (path: string) => Promise<string | undefined>;
}

type Profile = ReadonlyMap<string, string>;

const NOTHING: Profile = new Map();

/** Region, endpoint and retries: environment before the profile of the shared files. */
export async function findSurroundings(machine: Machine, profileName: string | undefined): Promise<Surroundings> {
  const { env } = machine;
  const { profile, serviceEndpoint } = await readProfile(machine, profileName);
  const setting = (variable: string, name: string): string | undefined => filled(env[variable]) ?? profile.get(name);
  const attempts = Number(setting("AWS_MAX_ATTEMPTS", "max_attempts"));
  return {
    region: filled(env["AWS_REGION"]) ?? setting("AWS_DEFAULT_REGION", "region"),
    endpoint: isTrue(setting("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"))
      ? undefined
      : (filled(env["AWS_ENDPOINT_URL_ECR"]) ??
        filled(env["AWS_ENDPOINT_URL"]) ??
        serviceEndpoint ??
        profile.get("endpoint_url")),
    useDualstackEndpoint: isTrue(setting("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")),
    useFipsEndpoint: isTrue(setting("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")),
    maxAttempts: Number.isInteger(attempts) && attempts > 0 ? attempts : undefined,
  };
}

/**
 * Access keys: environment, then the profile. A profile that is named goes before the environment.
 * @throws ConfigurationError neither has any
 */
export async function findCredentials(machine: Machine, profileName: string | undefined): Promise<ExpiringCredentials> {
  const { env } = machine;
  const fromEnvironment = keysOf({
    accessKeyId: filled(env["AWS_ACCESS_KEY_ID"]),
    secretAccessKey: filled(env["AWS_SECRET_ACCESS_KEY"]),
    sessionToken: filled(env["AWS_SESSION_TOKEN"]),
  });
  if (profileName === undefined && fromEnvironment !== undefined) return fromEnvironment;
  const { name, profile, credentials } = await readProfile(machine, profileName);
  for (const keys of [credentials, profile]) {
    const found = keysOf({
      accessKeyId: keys.get("aws_access_key_id"),
      secretAccessKey: keys.get("aws_secret_access_key"),
      sessionToken: keys.get("aws_session_token"),
    });
    if (found !== undefined) return found;
  }
  throw new ConfigurationError(
    `No credentials: give accessKeyId and secretAccessKey or a provider function as options, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the profile ${JSON.stringify(name)} keys of its own`,
  );
}

interface FoundProfile {
  readonly name: string;
  /** Its section of the config file. */
  readonly profile: Profile;
  /** Its section of the credentials file. */
  readonly credentials: Profile;
  /** The endpoint of ECR in its services section. */
  readonly serviceEndpoint: string | undefined;
}

async function readProfile(machine: Machine, profileName: string | undefined): Promise<FoundProfile> {
  const { env } = machine;
  const name = profileName ?? filled(env["AWS_PROFILE"]) ?? "default";
  const directory = `${machine.homeDirectory()}/.aws`;
  const [config, shared] = await Promise.all([
    readIni(machine, filled(env["AWS_CONFIG_FILE"]) ?? `${directory}/config`),
    readIni(machine, filled(env["AWS_SHARED_CREDENTIALS_FILE"]) ?? `${directory}/credentials`),
  ]);
  const profile = config.get(`profile ${name}`) ?? (name === "default" ? config.get(name) : undefined) ?? NOTHING;
  const services = config.get(`services ${profile.get("services") ?? ""}`);
  const serviceEndpoint = services?.get("ecr.endpoint_url");
  return { name, profile, credentials: shared.get(name) ?? NOTHING, serviceEndpoint };
}

async function readIni(machine: Machine, path: string): Promise<Ini> {
  return parseIni((await machine.readText(path)) ?? "");
}

interface PartialKeys {
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly sessionToken: string | undefined;
}

function keysOf({ accessKeyId, secretAccessKey, sessionToken }: PartialKeys): ExpiringCredentials | undefined {
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function filled(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function isTrue(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text.toLowerCase() === "true";
}
