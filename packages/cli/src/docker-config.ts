import { chmod, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Failure } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** The part of docker's settings that a login is about; the rest is kept as it is. */
export interface DockerConfig {
  readonly auths?: Readonly<Record<string, object>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** Where docker, and most that read its settings, have them. */
export function dockerFolder({ environment }: Io): string {
  return environment["DOCKER_CONFIG"] || join(environment["HOME"] || homedir(), ".docker");
}

export function dockerConfigPath(io: Io): string {
  return join(dockerFolder(io), "config.json");
}

/**
 * Reads a JSON file that holds an object; an absent one is empty.
 * @throws Failure it holds something else
 */
export async function readJsonFile(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw new Failure(`${path} is no JSON and was left alone: ${String(cause)}`, { cause });
  }
  throw new Failure(`${path} holds no JSON object and was left alone.`, {});
}

/** Replaces a file at once, so that a reader sees the old text or the new; its mode stays, a new one is its owner's. */
export async function writeJsonFile(path: string, value: object): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A link, as of a folder of settings under version control, stays one.
  const target = await realpath(path).catch(() => path);
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  );
  const draft = `${target}.${process.pid}.${Date.now()}`;
  try {
    const file = await open(draft, "wx", mode);
    try {
      await file.writeFile(`${JSON.stringify(value, undefined, "\t")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(draft, mode);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

export async function readDockerConfig(io: Io): Promise<DockerConfig> {
  return (await readJsonFile(dockerConfigPath(io))) as DockerConfig;
}

/** Who docker asks for the credentials of a host; its own file when undefined. */
export function helperOf({ credHelpers = {}, credsStore }: DockerConfig, host: string): string | undefined {
  return (Object.hasOwn(credHelpers, host) ? credHelpers[host] : undefined) || credsStore || undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
