import { access, mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execute, run } from "../../tests/interop/process.ts";

export const DISTRIBUTION_VERSION = "3.1.2";
const MODULE = `github.com/distribution/distribution/v3/cmd/registry@v${DISTRIBUTION_VERSION}`;
const BUILD_TIMEOUT_MS = 20 * 60_000;

/** Path of Docker's registry, built once into `$STOWAGE_TOOLS` (default `~/.cache/stowage-tools`), keyed by its version. */
export async function installDistribution(): Promise<string> {
  const bin = join(cacheFolder(), `distribution-${DISTRIBUTION_VERSION}`, "bin");
  const program = join(bin, "registry");
  if (await exists(program)) return program;
  process.stderr.write(`tools: building distribution ${DISTRIBUTION_VERSION}\n`);
  await mkdir(bin, { recursive: true });
  await run(["go", "install", MODULE], { env: { ...inherited(), GOBIN: bin }, timeoutMs: BUILD_TIMEOUT_MS });
  return program;
}

/** Path of wrk, installed from Debian when it is missing. */
export async function installWrk(): Promise<string> {
  const program = "/usr/bin/wrk";
  if (await exists(program)) return program;
  process.stderr.write("tools: installing the Debian package wrk\n");
  const options = { env: { ...inherited(), DEBIAN_FRONTEND: "noninteractive" }, timeoutMs: BUILD_TIMEOUT_MS };
  await run(["apt-get", "update", "-q"], options);
  await run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "wrk"], options);
  return program;
}

export const MOTO_VERSION = "5.2.5";

/** Path of moto's server, installed once into a virtual environment of its own in the folder of the other tools. */
export async function installMoto(): Promise<string> {
  const folder = join(cacheFolder(), `moto-${MOTO_VERSION}`);
  const program = join(folder, "bin/moto_server");
  if (await exists(program)) return program;
  process.stderr.write(`tools: installing moto ${MOTO_VERSION}\n`);
  const options = { env: inherited(), timeoutMs: BUILD_TIMEOUT_MS };
  await run(["python3", "-m", "venv", folder], options);
  const pip = [join(folder, "bin/python"), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"];
  await run([...pip, `moto[server]==${MOTO_VERSION}`], options);
  return program;
}

/** What the figures were measured on. */
export async function describeMachine(): Promise<string> {
  const cpus = await readFile("/proc/cpuinfo", "utf8");
  const model = /^model name\s*: (.*)$/m.exec(cpus)?.[1] ?? "unknown processor";
  const count = cpus.match(/^processor\s*:/gm)?.length ?? 0;
  const memory = Number(/^MemTotal:\s+(\d+)/m.exec(await readFile("/proc/meminfo", "utf8"))?.[1]) / 1024 / 1024;
  const { stdout } = await execute(["uname", "-r"]);
  const load = (await readFile("/proc/loadavg", "utf8")).split(" ").slice(0, 3).join(" ");
  const hashing = /^flags\s*:.*\bsha_ni\b/m.test(cpus) ? "with" : "without";
  return (
    `${count} × ${model} (${hashing} SHA extensions), ${memory.toFixed(1)} GiB, Linux ${stdout.trim()}, ` +
    `Node ${process.version}; load before the run ${load}`
  );
}

/** Variables that other registries or AWS clients would act on stay out of what is started here. */
export function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(AWS|STOWAGE|REGISTRY|OTEL)_/.test(entry[0]),
  );
  return Object.fromEntries(entries);
}

function cacheFolder(): string {
  return process.env["STOWAGE_TOOLS"] ?? join(homedir(), ".cache", "stowage-tools");
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
