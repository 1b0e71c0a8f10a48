import { startDaemon } from "./process.ts";
import type { Context, Program } from "./scenario.ts";

/**
 * What a mount namespace of dockerd's own prepares: the engine asks for control groups even when no container starts, and
 * a machine without version 1 or 2 mounted gets version 1. All of it goes with the daemon.
 */
const PREPARE = `
if [ ! -e /sys/fs/cgroup/cgroup.controllers ] && [ ! -e /sys/fs/cgroup/devices ]; then
  mount -t tmpfs cgroup /sys/fs/cgroup
  for name in cpu cpuacct cpuset memory devices freezer blkio pids; do
    mkdir -p /sys/fs/cgroup/$name && mount -t cgroup -o $name cgroup /sys/fs/cgroup/$name || rmdir /sys/fs/cgroup/$name
  done
fi
exec "$@"
`;

export interface DockerOptions {
  /** Words before the daemon and its command line, for a namespace of its own. */
  readonly wrapper?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a docker engine in the scenario's folder, without network set-up, and returns its command line. */
export async function startDocker(context: Context, { wrapper = [], env = {} }: DockerOptions = {}): Promise<Program> {
  await context.writeFile("dockerd.json", "{}");
  const socket = `unix://${context.path("d.sock")}`;
  const daemonFlags = {
    "--config-file": context.path("dockerd.json"),
    "--pidfile": context.path("dockerd.pid"),
    "--host": socket,
    "--data-root": context.path("docker-data"),
    "--exec-root": context.path("docker-exec"),
    "--storage-driver": "vfs",
    "--bridge": "none",
  };
  const start = [
    context.tool("dockerd"),
    ...Object.entries(daemonFlags).flat(),
    "--iptables=false",
    "--ip6tables=false",
  ];
  const command = ["unshare", "--mount", ...wrapper, "sh", "-c", PREPARE, "sh", ...start];
  const daemon = startDaemon(command, { env: { ...context.env, ...env }, cwd: context.folder });
  context.cleanups.defer(() => daemon.end());
  await daemon.waitFor(/API listen on/, 60_000);
  return context.program("docker", { wrapper, globals: ["--host", socket], env });
}
