import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandFailure, type CommandOptions, type CommandOutput, execute, run } from "./process.ts";
import type { Registry } from "./registry.ts";
import type { ToolName } from "./tool-table.ts";
import type { InstalledTool } from "./tools.ts";

/** What one client is put through. */
export interface Scenario {
  readonly name: string;
  /** The tools that it calls; the version of the first one stands in the report, unless `version` says otherwise. */
  readonly tools: readonly ToolName[];
  readonly version?: string;
  /** It starts a server of its own, so it cannot be pointed at a given endpoint. */
  readonly ownServer?: true;
  run(context: Context): Promise<void>;
}

export interface StepResult {
  readonly name: string;
  readonly seconds: number;
}

export interface ContextParts {
  readonly scenario: Scenario;
  readonly folder: string;
  readonly registry: Registry;
  readonly serverLog: () => string;
  readonly tools: ReadonlyMap<ToolName, InstalledTool>;
  readonly cleanups: AsyncDisposableStack;
}

/** A scenario's workplace: a folder and an environment that no other client sees, and a record of its steps. */
export class Context {
  readonly folder: string;
  /** The server under test; a scenario that starts one of its own puts it here. */
  registry: Registry;
  readonly cleanups: AsyncDisposableStack;
  readonly steps: StepResult[] = [];
  /** The step under way; after a failure, the one that failed. */
  currentStep = "setting up";
  /** What the server under test printed, for the report of a failure. */
  serverLog: () => string;
  readonly env: Record<string, string>;
  readonly #scenario: Scenario;
  readonly #tools: ReadonlyMap<ToolName, InstalledTool>;

  constructor({ scenario, folder, registry, serverLog, tools, cleanups }: ContextParts) {
    this.#scenario = scenario;
    this.folder = folder;
    this.registry = registry;
    this.serverLog = serverLog;
    this.cleanups = cleanups;
    this.#tools = tools;
    this.env = {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      LANG: "C.UTF-8",
      HOME: this.path("home"),
      TMPDIR: this.path("tmp"),
      XDG_RUNTIME_DIR: this.path("runtime"),
      DOCKER_CONFIG: this.path("home/.docker"),
    };
  }

  async prepare(): Promise<void> {
    for (const name of ["home/.docker", "tmp", "runtime"])
      await mkdir(this.path(name), { recursive: true, mode: 0o700 });
    this.cleanups.defer(async () => {
      await unmountBelow(this.folder);
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async writeFile(name: string, text: string): Promise<void> {
    await writeFile(this.path(name), text);
  }

  async readFile(name: string): Promise<string> {
    return (await readFile(this.path(name), "utf8")).trim();
  }

  tool(name: ToolName): string {
    const tool = this.#tools.get(name);
    assert.ok(tool, `${this.#scenario.name} calls ${name} without naming it among its tools`);
    return tool.path;
  }

  /** A repository name of this scenario's own. */
  repository(name: string): string {
    return `interop/${this.#scenario.name}/${name}`;
  }

  async newRepository(name: string): Promise<string> {
    const repository = this.repository(name);
    await this.registry.createRepository(repository);
    return repository;
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.currentStep = name;
    const startedMs = performance.now();
    const result = await work();
    this.record({ name, seconds: (performance.now() - startedMs) / 1000 });
    return result;
  }

  record(step: StepResult): void {
    this.steps.push(step);
  }

  /** Runs a program that every machine has. */
  run(command: readonly string[]): Promise<CommandOutput> {
    return run(command, { cwd: this.folder, env: this.env });
  }

  /** A tool as this scenario calls it: in the scenario's folder and environment, with what stands before every argument. */
  program(tool: ToolName, options: ProgramOptions = {}): Program {
    const { wrapper = [], globals = [], env = {} } = options;
    return new Program([...wrapper, this.tool(tool), ...globals], { cwd: this.folder, env: { ...this.env, ...env } });
  }
}

export interface ProgramOptions {
  /** Words before the program, for one that starts others. */
  readonly wrapper?: readonly string[];
  /** Flags that stand before every subcommand. */
  readonly globals?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export class Program {
  readonly #prefix: readonly string[];
  readonly #options: CommandOptions & { readonly env: Readonly<Record<string, string>> };

  constructor(prefix: readonly string[], options: CommandOptions & { readonly env: Readonly<Record<string, string>> }) {
    this.#prefix = prefix;
    this.#options = options;
  }

  /** Runs it and returns its standard output without white space around it. @throws CommandFailure */
  async run(args: readonly string[], options: CommandOptions = {}): Promise<string> {
    return (await this.output(args, options)).stdout.trim();
  }

  async output(args: readonly string[], options: CommandOptions = {}): Promise<CommandOutput> {
    return run([...this.#prefix, ...args], this.#complete(options));
  }

  /** Runs it and expects it to fail, saying something that matches `text`. */
  async refused(args: readonly string[], text: RegExp, options: CommandOptions = {}): Promise<void> {
    const command = [...this.#prefix, ...args];
    const output = await execute(command, this.#complete(options));
    if (output.exitCode === 0) throw new CommandFailure(command, output, `succeeded instead of failing with ${text}`);
    if (!text.test(`${output.stdout}\n${output.stderr}`)) {
      throw new CommandFailure(command, output, `failed without saying ${text}`);
    }
  }

  #complete(options: CommandOptions): CommandOptions {
    return { ...this.#options, ...options, env: { ...this.#options.env, ...options.env } };
  }
}

/** What a client shows of the registry's answer when a repository is missing. */
export const MISSING_REPOSITORY = /repository with name '[^']+' does not exist in the registry with id '\d{12}'/i;

async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounts.toReversed()) await run(["umount", path]);
}

export function lines(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
