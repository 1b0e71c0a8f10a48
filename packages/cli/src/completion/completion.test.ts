import { execFileSync, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createProgram } from "../program.ts";
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { spotsOf, valuedFlags } from "./tree.ts";
import { zshCompletion } from "./zsh.ts";

const io = { stdout: { write: () => true }, stderr: { write: () => true }, environment: {} };
const spots = spotsOf(createProgram(io));
const folder = mkdtempSync(join(tmpdir(), "stowage-completion-"));
afterAll(() => rmSync(folder, { recursive: true }));

function hasShell(name: string): boolean {
  try {
    execFileSync(name, ["-c", "exit 0"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function runShell(shell: string, script: string, cwd: string): SpawnSyncReturns<string> {
  return spawnSync(shell, ["-N", "-c", script], { cwd, encoding: "utf8" });
}

describe("places of the command tree", () => {
  it("are all its commands, with their options", () => {
    expect(spots.map(({ words }) => words)).toEqual(
      expect.arrayContaining(["", "serve", "repositories create", "registry policy set", "completion"]),
    );
    const create = spots.find(({ words }) => words === "repositories create");
    expect(create?.options).toContainEqual({
      flag: "--scan-on-push",
      summary: expect.any(String) as string,
      value: "none",
    });
    expect(create?.options.find(({ flag }) => flag === "--mutability")?.value).toContain("IMMUTABLE");
    expect(create?.options.find(({ flag }) => flag === "--data")?.value).toBe("directory");
    expect(spots.find(({ words }) => words === "policies set")?.takesFile).toBe(true);
  });

  it("have an option under its short name too", () => {
    const apply = spots.find(({ words }) => words === "iam apply");
    const file = { summary: expect.any(String) as string, value: "file" };
    expect(apply?.options).toEqual(
      expect.arrayContaining([
        { flag: "--file", ...file },
        { flag: "-f", ...file },
      ]),
    );
    expect(valuedFlags(spots)).toContain("-f");
  });

  it("do not take a path of IAM for a file", () => {
    const valueOf = (place: string, name: string): unknown =>
      spots.find(({ words }) => words === place)?.options.find(({ flag }) => flag === name)?.value;
    expect(valueOf("iam users create", "--path")).toBe("any");
    expect(valueOf("pull", "--to")).toBe("file");
  });

  it("agree on which options a value follows, as the scripts skip those anywhere", () => {
    const valued = new Set(valuedFlags(spots));
    const plain = spots.flatMap(({ options }) => options.filter(({ value }) => value === "none"));
    expect(plain.map(({ flag }) => flag).filter((flag) => valued.has(flag))).toEqual([]);
  });
});

describe.runIf(hasShell("bash"))("bash", () => {
  const script = join(folder, "stowage.bash");
  writeFileSync(script, bashCompletion(spots));

  /** What bash proposes for the last word. */
  const complete = (...words: string[]): readonly string[] => {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const lines = [
      `source ${script}`,
      `COMP_WORDS=(stowage ${quoted}); COMP_CWORD=${words.length}`,
      "_stowage",
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ];
    const out = execFileSync("bash", ["--norc", "--noprofile", "-uc", lines.join("\n")], { encoding: "utf8" });
    return out.split("\n").filter((line) => line !== "");
  };

  it.each([
    [["rep"], ["repositories"]],
    [
      ["repositories", "set-"],
      ["set-mutability", "set-scan-on-push"],
    ],
    [["--data", "images", "repositories", "unt"], ["untag"]],
    [
      ["registry", "policy", ""],
      ["get", "set", "delete"],
    ],
    [["repositories", "list", "--out"], ["--output"]],
    [["repositories", "list", "--output", "j"], ["json"]],
    [["repositories", "list", "--output", "=", "nd"], ["ndjson"]],
    [
      ["repositories", "list", "--output", "="],
      ["table", "json", "ndjson", "text"],
    ],
    [["repositories", "create", "team/app", "--mutability", "IMMUTABLE_"], ["IMMUTABLE_WITH_EXCLUSION"]],
    [
      ["repositories", "set-mutability", "team/app", "M"],
      ["MUTABLE", "MUTABLE_WITH_EXCLUSION"],
    ],
    [["help", "images", "pull"], ["pull-manifest"]],
    [["iam", "apply", "-f", "images", "--pr"], ["--prune"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["repositories", "list", "--region", "e"], []],
    [["nothing", "rep"], ["repositories"]],
  ])("proposes for %j %j", (words, proposals) => {
    expect(complete(...words)).toEqual(proposals);
  });

  it("knows every command and option", () => {
    for (const { words, commands, options } of spots) {
      const typed = words === "" ? [] : words.split(" ");
      const proposed = [...complete(...typed, ""), ...complete(...typed, "-")];
      expect(proposed).toEqual(
        expect.arrayContaining([...commands.map(({ name }) => name), ...options.map(({ flag }) => flag)]),
      );
    }
  }, 60_000);
});

describe.runIf(hasShell("fish"))("fish", () => {
  const script = join(folder, "stowage.fish");
  writeFileSync(script, fishCompletion(spots));

  it.each([
    ["after an option", "stowage images list --wide --output=json --by", "--bytes"],
    ["after a short option", "stowage iam apply -f images --pr", "--prune"],
    ["of directories after a sign of equality", "stowage serve --data=", "--data=data/"],
  ])("proposes, without a complaint, %s", (_, line, proposal) => {
    mkdirSync(join(folder, "cwd/data"), { recursive: true });
    const { stdout, stderr } = runShell("fish", `source ${script}; complete -C '${line}'`, join(folder, "cwd"));
    expect({ stderr, proposals: stdout.trim().replace(/\t.*/, "") }).toEqual({ stderr: "", proposals: proposal });
  });
});

describe("scripts", () => {
  it.each([
    ["zsh", zshCompletion],
    ["fish", fishCompletion],
  ])("for %s name every command and option, and parse where that shell is", (shell, make) => {
    const text = make(spots);
    const words = spots.flatMap(({ commands, options }) => [
      ...commands.map(({ name }) => name),
      ...options.map(({ flag }) => flag.replace(/^--?/, "")),
    ]);
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
    if (!hasShell(shell)) return;
    const file = join(folder, shell);
    writeFileSync(file, text);
    execFileSync(shell, ["-n", file]);
  });

  it("quote what is in sentences", () => {
    const spot = {
      words: "",
      commands: [{ name: "x", summary: "it's \\ so" }],
      options: [],
      choices: [],
      takesFile: false,
    };
    expect(zshCompletion([spot])).toContain(String.raw`'x:it'\''s \ so'`);
    expect(fishCompletion([spot])).toContain(String.raw`-d 'it\'s \\ so'`);
  });
});
