import { mkdir } from "node:fs/promises";
import type { Context, Program, ProgramOptions } from "./scenario.ts";
import type { ToolName } from "./tool-table.ts";

/**
 * A program that stands on containers/image (podman, buildah, skopeo), with settings, storage and caches of its own. A
 * private mount namespace puts a folder of the scenario where root's storage lies, as the blob cache has no setting.
 */
export async function containersProgram(
  context: Context,
  tool: ToolName,
  options: ProgramOptions = {},
): Promise<Program> {
  const settings = context.path("home/.config/containers");
  const storage = context.path("var-lib-containers");
  await mkdir(settings, { recursive: true });
  await mkdir(storage, { recursive: true });
  const file = async (name: string, text: string): Promise<string> => {
    await context.writeFile(`home/.config/containers/${name}`, text);
    return context.path(`home/.config/containers/${name}`);
  };
  await file("policy.json", JSON.stringify({ default: [{ type: "insecureAcceptAnything" }] }));
  const env = {
    CONTAINERS_REGISTRIES_CONF: await file("registries.conf", registriesSettings(context)),
    CONTAINERS_STORAGE_CONF: await file("storage.conf", storageSettings(context)),
    CONTAINERS_CONF: await file("containers.conf", engineSettings(context)),
    REGISTRY_AUTH_FILE: context.path("home/auth.json"),
  };
  const mount = 'mkdir -p /var/lib/containers && mount --bind "$0" /var/lib/containers && exec "$@"';
  const { wrapper = [], globals = [] } = options;
  return context.program(tool, {
    wrapper: ["unshare", "--mount", "sh", "-c", mount, storage, ...wrapper],
    globals,
    env: { ...env, ...options.env },
  });
}

function registriesSettings({ registry }: Context): string {
  const insecure = registry.origin.startsWith("http:");
  return `[[registry]]\nlocation = "${registry.host}"\ninsecure = ${insecure}\n`;
}

function storageSettings(context: Context): string {
  return `[storage]\ndriver = "vfs"\ngraphroot = "${context.path("graph")}"\nrunroot = "${context.path("run")}"\n`;
}

function engineSettings(context: Context): string {
  const engine = [
    "[engine]",
    'events_logger = "none"',
    'cgroup_manager = "cgroupfs"',
    `tmp_dir = "${context.path("libpod")}"`,
    `static_dir = "${context.path("libpod-static")}"`,
    `volume_path = "${context.path("volumes")}"`,
    "[network]",
    `network_config_dir = "${context.path("networks")}"`,
  ];
  return `${engine.join("\n")}\n`;
}
