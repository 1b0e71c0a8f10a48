import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** The unit of times in /proc: Linux tells programs 100 on every machine that Node runs on. */
const TICKS_PER_SECOND = 100;
const KIB = 1024;

/** User and system time that a process has taken so far, all of its threads together; steps of 10 ms. */
export function cpuSeconds(pid: number): number {
  const [user = 0, system = 0] = times(pid);
  return (user + system) / TICKS_PER_SECOND;
}

/** User and system time of this process and of all its children that have ended: what the load cost. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  const [, , childUser = 0, childSystem = 0] = times(process.pid);
  return (user + system) / 1e6 + (childUser + childSystem) / TICKS_PER_SECOND;
}

/** utime, stime, cutime, cstime. Source: proc_pid_stat(5), fields 14 to 17. */
function times(pid: number): number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before may hold spaces
  return fields.slice(11, 15).map(Number);
}

export interface MemoryUse {
  readonly residentBytes: number;
  /** Most that was resident at any moment since the process began or {@link forgetPeakMemory}. */
  readonly peakBytes: number;
}

export function memoryUse(pid: number): MemoryUse {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const bytesOf = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * KIB;
  return { residentBytes: bytesOf("VmRSS"), peakBytes: bytesOf("VmHWM") };
}

/** Lets the kernel measure the peak from now on. Source: proc_pid_clear_refs(5). */
export function forgetPeakMemory(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

export function openFileCount(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
