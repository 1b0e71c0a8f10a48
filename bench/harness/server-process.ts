import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

export interface ServerCommand {
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server that this run started, and ends by its process id. */
export interface ServerProcess {
  readonly pid: number;
  readonly startedAtMs: number;
  readonly running: boolean;
  /** What it printed last, both streams together. */
  log(): string;
  /** Resolves with the first match of `pattern` in what it prints. @throws when it ends before that, or in `timeoutMs` */
  printed(pattern: RegExp, timeoutMs: number): Promise<RegExpMatchArray>;
  signal(name: NodeJS.Signals): void;
  ended(): Promise<Ending>;
  /** SIGTERM, and SIGKILL when it has not ended after `STOP_PATIENCE_MS`. */
  stop(): Promise<Ending>;
  /** SIGKILL. */
  kill(): Promise<Ending>;
}

const LOG_CHARS = 64 * 1024;
const STOP_PATIENCE_MS = 40_000;

export function startProcess({ command, cwd, env }: ServerCommand): ServerProcess {
  const [program = "", ...args] = command;
  const startedAtMs = performance.now();
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
  });
  if (child.pid === undefined) throw new Error(`${program} cannot be started`);
  const pid = child.pid;
  let log = "";
  const listeners = new Set<() => void>();
  const notify = (): void => listeners.forEach((listener) => listener());
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString("utf8")).slice(-LOG_CHARS);
      notify();
    });
  }
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const ended = new Promise<Ending>((resolve) => {
    child.once("exit", (exitCode, signal) => {
      notify();
      resolve({ exitCode, signal });
    });
  });
  const signal = (name: NodeJS.Signals): void => {
    if (running()) process.kill(pid, name);
  };

  return {
    pid,
    startedAtMs,
    get running() {
      return running();
    },
    log: () => log,
    printed: (pattern, timeoutMs) =>
      new Promise((resolve, reject) => {
        const settle = (finish: () => void): void => {
          clearTimeout(timer);
          listeners.delete(look);
          finish();
        };
        const fail = (why: string): void => settle(() => reject(new Error(`${why}\n$ ${command.join(" ")}\n${log}`)));
        const timer = setTimeout(() => fail(`no ${pattern} within ${timeoutMs / 1000} s`), timeoutMs);
        const look = (): void => {
          const match = pattern.exec(log);
          if (match !== null) settle(() => resolve(match));
          else if (!running()) fail(`ended before ${pattern} was printed`);
        };
        listeners.add(look);
        look();
      }),
    signal,
    ended: () => ended,
    async stop() {
      signal("SIGTERM");
      const patience = new AbortController();
      const late = delay(STOP_PATIENCE_MS, undefined, { signal: patience.signal }).then(
        () => signal("SIGKILL"),
        () => undefined,
      );
      const ending = await ended;
      patience.abort();
      await late;
      return ending;
    },
    async kill() {
      signal("SIGKILL");
      return ended;
    },
  };
}
