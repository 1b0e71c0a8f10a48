import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LAUNCHER = join(import.meta.dirname, "../../packages/cli/bin/stowage.js");

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface CommandOptions {
  readonly node?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** What it reads; nothing unless given. */
  readonly input?: string;
  /** Stands behind a shell that waits for it, as under npm. */
  readonly isInShell?: boolean;
}

/** A run of the real command in a process of its own. */
export class Command {
  readonly child: ChildProcess;
  out = "";
  err = "";
  readonly exited: Promise<Outcome>;

  constructor(line: readonly string[], options: CommandOptions = {}) {
    const { PATH, HOME } = process.env;
    const whole = [options.node ?? process.execPath, LAUNCHER, ...line];
    const [program = "", ...rest] = options.isInShell === true ? ["sh", "-c", `"$@"; exit $?`, "sh", ...whole] : whole;
    this.child = spawn(program, rest, {
      env: { PATH, HOME, ...options.environment },
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    this.child.stdin?.end(options.input);
    this.child.stdout?.on("data", (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.err += chunk.toString()));
    this.exited = once(this.child, "close").then(([code, signal]: unknown[]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      out: this.out,
      err: this.err,
    }));
  }

  /** Resolves with the address on the ready line. */
  async listening(): Promise<string> {
    const { stdout } = this.child;
    for (;;) {
      const [, endpoint] = /^Listening on (https?:\/\/\S+)\n/m.exec(this.out) ?? [];
      if (endpoint !== undefined) return endpoint;
      const isOver = this.exited.then((outcome) => Promise.reject(new Error(`it never listened: ${outcome.err}`)));
      await Promise.race([stdout === null ? isOver : once(stdout, "data"), isOver]);
    }
  }

  /** Waits for text on standard error. */
  async complaint(text: string): Promise<void> {
    const { stderr } = this.child;
    while (!this.err.includes(text)) {
      if (stderr === null || stderr.readableEnded) throw new Error(`it never said ${text}: ${this.err}`);
      await once(stderr, "data");
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** A folder with the commands that work in it; both end with the test. */
export class Workplace implements AsyncDisposable {
  readonly folder: string;
  readonly data: string;
  private readonly commands: Command[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.data = join(folder, "data");
  }

  static async open(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), "stowage-cli-")));
  }

  begin(...parameters: ConstructorParameters<typeof Command>): Command {
    const command = new Command(...parameters);
    this.commands.push(command);
    return command;
  }

  /** Starts a server on a free port; resolves once it listens. */
  async serve(...flags: string[]): Promise<Command & { readonly endpoint: string }> {
    const command = this.begin(["serve", "--data", this.data, "--listen", "127.0.0.1:0", ...flags]);
    return Object.assign(command, { endpoint: await command.listening() });
  }

  /** Runs a command to its end, on this folder's data. */
  run(...line: string[]): Promise<Outcome> {
    return this.begin([...line, "--data", this.data]).exited;
  }

  async credentials(): Promise<{ accessKeyId: string; secretAccessKey: string; endpoint: string; region: string }> {
    const { out } = await this.run("env", "--format", "json");
    const variables = JSON.parse(out) as Record<string, string>;
    return {
      accessKeyId: variables["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: variables["AWS_SECRET_ACCESS_KEY"] ?? "",
      endpoint: variables["AWS_ENDPOINT_URL_ECR"] ?? "",
      region: variables["AWS_REGION"] ?? "",
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const command of this.commands) {
      command.kill("SIGKILL");
      await command.exited;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The address under which `stowage env` and `run.json` name a server of this machine. */
export function named(endpoint: string): string {
  return endpoint.replace("127.0.0.1", "localhost");
}
