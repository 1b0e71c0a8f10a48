import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  readonly timeoutMs?: number;
}

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A command that ended otherwise than its caller expected; the message holds the command and what it printed. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly output: CommandOutput;

  constructor(command: readonly string[], output: CommandOutput, complaint: string) {
    super(
      `${complaint}\n$ ${printable(command)}\n${tail(output.stdout, 4_000)}${tail(output.stderr, 8_000)}`.trimEnd(),
    );
    this.output = output;
  }
}

const DEFAULT_TIMEOUT_MS = 60_000;
const OUTPUT_LIMIT_CHARS = 4 * 1024 * 1024;
const GRACE_MS = 10_000;

const children = new Set<ChildProcess>();

/** Ends every child that is still running, with its whole process group. */
export async function endAllChildren(): Promise<void> {
  await Promise.all([...children].map(endProcess));
}

/**
 * Runs one command to its end and returns what it printed, whatever its exit code.
 * @throws CommandFailure it cannot be started, or ran into its time limit (its process group is killed then)
 */
export async function execute(command: readonly string[], options: CommandOptions = {}): Promise<CommandOutput> {
  const child = start(command, options);
  const stdout = collect(child, "stdout");
  const stderr = collect(child, "stderr");
  child.stdin?.on("error", () => undefined); // a client that refuses its arguments never reads its input
  child.stdin?.end(options.input ?? "");
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    signalGroup(child, "SIGKILL");
  }, timeoutMs);
  const exitCode = await ended(child).finally(() => clearTimeout(timer));
  const output = { stdout: stdout(), stderr: stderr(), exitCode };
  if (timedOut) throw new CommandFailure(command, output, `no end within ${timeoutMs / 1000} s`);
  return output;
}

/** Runs one command and returns what it printed. @throws CommandFailure its exit code is not 0 */
export async function run(command: readonly string[], options: CommandOptions = {}): Promise<CommandOutput> {
  const output = await execute(command, options);
  if (output.exitCode !== 0) throw new CommandFailure(command, output, `exit code ${output.exitCode}`);
  return output;
}

/** A process that runs beside the scenarios until it is ended. */
export interface Daemon {
  /** The last lines that it printed, on either stream. */
  log(): string;
  /** Resolves with the first match of `pattern` in what it prints. @throws when it ends before, or after `timeoutMs` */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpMatchArray>;
  readonly running: boolean;
  end(): Promise<void>;
}

const DAEMON_LOG_CHARS = 256 * 1024;

export function startDaemon(command: readonly string[], options: CommandOptions = {}): Daemon {
  const child = start(command, options);
  child.stdin?.end();
  let log = "";
  const listeners = new Set<() => void>();
  const notify = (): void => listeners.forEach((listener) => listener());
  const append = (chunk: Buffer): void => {
    log = (log + chunk.toString("utf8")).slice(-DAEMON_LOG_CHARS);
    notify();
  };
  child.stdout?.on("data", append);
  child.stderr?.on("data", append);
  child.on("exit", notify);
  child.on("error", notify);
  const running = (): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    log: () => log,
    get running() {
      return running();
    },
    end: () => endProcess(child),
    waitFor: (pattern, timeoutMs) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          clearTimeout(timer);
          listeners.delete(look);
          settle();
        };
        const fail = (why: string): void =>
          finish(() => reject(new Error(`${why}\n$ ${printable(command)}\n${tail(log, 8_000)}`)));
        const timer = setTimeout(() => fail(`no ${pattern} within ${timeoutMs / 1000} s`), timeoutMs);
        const look = (): void => {
          const match = log.match(pattern);
          if (match) finish(() => resolve(match));
          else if (!running()) fail(`ended before ${pattern} was seen`);
        };
        listeners.add(look);
        look();
      }),
  };
}

function start(command: readonly string[], options: CommandOptions): ChildProcess {
  const [program, ...args] = command;
  if (program === undefined) throw new Error("a command needs a program");
  // A group of its own, so that what the program starts in turn is ended with it.
  const child = spawn(program, args, {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  children.add(child);
  child.on("close", () => children.delete(child));
  child.on("error", () => children.delete(child));
  return child;
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 128));
  });
}

function collect(child: ChildProcess, stream: "stdout" | "stderr"): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  child[stream]?.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= OUTPUT_LIMIT_CHARS) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  signalGroup(child, "SIGTERM");
  const patience = new AbortController();
  await Promise.race([
    exit.finally(() => patience.abort()),
    delay(GRACE_MS, undefined, { signal: patience.signal }).catch(() => undefined),
  ]);
  signalGroup(child, "SIGKILL"); // what outlived its parent goes too
  await exit;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error; // already gone
  }
}

function tail(text: string, limitChars: number): string {
  return text.length <= limitChars ? text : `…${text.slice(-limitChars)}`;
}

/** Passwords and tokens stay out of what is printed: long words are cut. */
function printable(command: readonly string[]): string {
  return command.map((word) => (word.length > 200 ? `${word.slice(0, 60)}…` : word)).join(" ");
}
