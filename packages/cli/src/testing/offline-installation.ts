import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../program.ts";
import type { Outcome } from "./installation.ts";

/** An installation in a folder that ends with the test, and command lines that run on it in this process. */
export class TestInstallation implements AsyncDisposable {
  readonly folder: string;
  readonly data: string;
  /** What the next command reads. */
  input = "";

  private constructor(folder: string) {
    this.folder = folder;
    this.data = join(folder, "data");
  }

  static async open(): Promise<TestInstallation> {
    const installation = new TestInstallation(await mkdtemp(join(tmpdir(), "stowage-iam-")));
    await installation.run("env");
    return installation;
  }

  async run(...line: string[]): Promise<Outcome> {
    let [out, err] = ["", ""];
    const io = {
      stdout: { write: (text: string) => void (out += text) },
      stderr: { write: (text: string) => void (err += text) },
      readInput: () => Promise.resolve(this.input),
      environment: {},
    };
    const code = await run([...line, "--data", this.data], io);
    return { code, out, err };
  }

  /** Runs a command that prints JSON. */
  async json<T>(...line: string[]): Promise<T> {
    const { code, out, err } = await this.run(...line, "--output", "json");
    if (code !== 0) throw new Error(`${line.join(" ")} exits with ${code}: ${err}`);
    return JSON.parse(out) as T;
  }

  /** Writes a file beside the data. @returns its path */
  async file(name: string, content: string | object): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
