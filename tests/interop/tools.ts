import { access, mkdir, rm, unlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { execute, run } from "./process.ts";
import {
  isToolName,
  type GoTool,
  type NpmTool,
  type PythonTool,
  type Tool,
  type ToolName,
  tools,
} from "./tool-table.ts";

export interface InstalledTool {
  readonly path: string;
  readonly version: string;
}

const BUILD_TIMEOUT_MS = 20 * 60_000;

/**
 * Installs what is missing of the named tools and returns where each lies. Go programs, Python environments and
 * packages of JavaScript go to `$STOWAGE_TOOLS` (default `~/.cache/stowage-tools`), one folder per name and version; the
 * rest are Debian packages.
 */
export async function installTools(names: readonly ToolName[]): Promise<ReadonlyMap<ToolName, InstalledTool>> {
  const wanted = [...new Set(names)].map((name): [ToolName, Tool] => [name, tools[name]]);
  const packages = wanted.flatMap(([, tool]) => (tool.kind === "debian" ? [tool.package] : []));
  if (wanted.some(([, tool]) => tool.kind === "python") && !(await pythonMakesEnvironments())) {
    packages.push("python3", "python3-venv");
  }
  const versions = await installPackages([...new Set(packages)]);
  const installed = new Map<ToolName, InstalledTool>();
  for (const [name, tool] of wanted) {
    if (tool.kind === "debian") {
      installed.set(name, { path: tool.program, version: versions.get(tool.package) ?? "unknown" });
    } else {
      const version = tool.version.replace(/^v/, "");
      const path = await installInCache(`${name}-${version}`, tool);
      installed.set(name, { path, version });
    }
  }
  return installed;
}

function cacheFolder(): string {
  return process.env["STOWAGE_TOOLS"] ?? join(homedir(), ".cache", "stowage-tools");
}

async function installInCache(key: string, tool: GoTool | PythonTool | NpmTool): Promise<string> {
  const folder = join(cacheFolder(), key);
  const complete = join(folder, ".complete"); // written last: a build that was cut short is made again
  const program = programOf(tool);
  if (!(await exists(complete))) {
    const startedMs = Date.now();
    progress(`${key}: building`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await build(folder, tool);
    await access(join(folder, program));
    await writeFile(complete, "");
    progress(`${key}: built in ${Math.round((Date.now() - startedMs) / 1000)} s`);
  }
  return join(folder, program);
}

/** Where in its folder lies what is called, or for a package what is imported. */
function programOf(tool: GoTool | PythonTool | NpmTool): string {
  switch (tool.kind) {
    case "go":
      return join("bin", basename(tool.package));
    case "python":
      return tool.program;
    case "npm":
      return join("node_modules", tool.package);
  }
}

async function build(folder: string, tool: GoTool | PythonTool | NpmTool): Promise<void> {
  switch (tool.kind) {
    case "go":
      return buildGoProgram(folder, tool);
    case "python":
      return buildPythonEnvironment(folder, tool);
    case "npm":
      return installNpmPackage(folder, tool);
  }
}

async function installNpmPackage(folder: string, tool: NpmTool): Promise<void> {
  const install = ["npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder];
  const options = { env: inherited(), timeoutMs: BUILD_TIMEOUT_MS };
  await run([...install, `${tool.package}@${tool.version}`], options);
}

async function buildGoProgram(folder: string, tool: GoTool): Promise<void> {
  const bin = join(folder, "bin");
  const options = { cwd: folder, timeoutMs: BUILD_TIMEOUT_MS, env: { ...inherited(), GOBIN: bin } };
  if (tool.inModule) {
    await run(["go", "mod", "init", "stowage.test/tool"], options);
    await run(["go", "get", `${tool.package}@${tool.version}`], options);
    await run(["go", "build", "-o", join(bin, basename(tool.package)), tool.package], options);
  } else {
    await run(["go", "install", `${tool.package}@${tool.version}`], options);
  }
}

async function buildPythonEnvironment(folder: string, tool: PythonTool): Promise<void> {
  const options = { env: inherited(), timeoutMs: BUILD_TIMEOUT_MS };
  await run([await pythonProgram(), "-m", "venv", folder], options);
  const pip = [join(folder, "bin/python"), "-m", "pip", "--disable-pip-version-check", "--quiet"];
  await run([...pip, "install", `${tool.distribution}==${tool.version}`], options);
}

async function pythonProgram(): Promise<string> {
  return (await pythonMakesEnvironments()) ? "python3" : "/usr/bin/python3";
}

async function pythonMakesEnvironments(): Promise<boolean> {
  return succeeds(["python3", "-c", "import ensurepip, venv"]);
}

async function installPackages(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const present = await packageVersions(names);
  const missing = names.filter((name) => !present.has(name));
  if (missing.length === 0) return present;
  progress(`Debian packages: installing ${missing.join(", ")}`);
  const env = { ...inherited(), DEBIAN_FRONTEND: "noninteractive" };
  const options = { env, timeoutMs: BUILD_TIMEOUT_MS };
  await withoutServiceStarts(async () => {
    await run(["apt-get", "update", "-q"], options);
    await run(["apt-get", "install", "-y", "-q", "--no-install-recommends", ...missing], options);
  });
  return packageVersions(names);
}

async function packageVersions(names: readonly string[]): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  if (names.length === 0) return versions;
  const format = "${db:Status-Abbrev}\t${Package}\t${Version}\n";
  // It exits 1 when one of the names is unknown and still lists the others.
  const { stdout } = await execute(["dpkg-query", "-W", "-f", format, ...names], { env: inherited() });
  for (const line of stdout.split("\n")) {
    const [status, name, version] = line.split("\t");
    if (status?.startsWith("ii") && name && version) versions.set(name, version);
  }
  return versions;
}

const SERVICE_POLICY = "/usr/sbin/policy-rc.d";

/** Debian starts the daemons that it installs unless this file says no; a file that stands there already is kept. */
async function withoutServiceStarts(work: () => Promise<void>): Promise<void> {
  if (await exists(SERVICE_POLICY)) return work();
  await writeFile(SERVICE_POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await work();
  } finally {
    await unlink(SERVICE_POLICY);
  }
}

async function succeeds(command: readonly string[]): Promise<boolean> {
  try {
    return (await execute(command, { env: inherited() })).exitCode === 0;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function inherited(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => !!entry[1]));
}

function progress(line: string): void {
  process.stderr.write(`tools: ${line}\n`);
}

if (import.meta.main) {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !isToolName(name));
  if (unknown.length > 0) {
    process.stderr.write(`unknown tools: ${unknown.join(", ")}; known: ${Object.keys(tools).join(", ")}\n`);
    process.exitCode = 2;
  } else {
    const all = Object.keys(tools).filter(isToolName);
    const installed = await installTools(names.length === 0 ? all : names.filter(isToolName));
    for (const [name, tool] of installed) process.stdout.write(`${name} ${tool.version} ${tool.path}\n`);
  }
}
