import assert from "node:assert/strict";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../process.ts";
import { type Context, lines, type Scenario } from "../scenario.ts";

const PROGRAMS = join(import.meta.dirname, "../../../node_modules/.bin");
/** A terminal keeps 4096 bytes that nobody has read. */
const LINES_AT_ONCE = 40;

/** What is proposed for the last word of each line, sorted, folders without their slash. */
type Complete = (typed: readonly string[]) => Promise<readonly (readonly string[])[]>;

/** The shells' own completion, as someone meets it who follows the help of `stowage completion` in a home of their own. */
export const completion: Scenario = {
  name: "completion",
  tools: ["zsh", "fish"],
  async run(context) {
    for (const name of ["policy.json", "own policy.json", "folder/inner.json"]) {
      await mkdir(context.path("cwd/folder"), { recursive: true });
      await context.writeFile(`cwd/${name}`, "");
    }
    const fish = await context.step("fish: install as the help says", async () =>
      fishOf(await install(context, "fish")),
    );
    await context.step("fish: names, options, values, files", () => checkCases(fish));
    const everywhere = await context.step("fish: every command", () => walk(fish));
    for (const shell of [BASH, ZSH]) {
      const { name } = shell;
      const complete = await context.step(`${name}: install as the help says`, async () =>
        terminalOf(await install(context, name), shell),
      );
      await context.step(`${name}: names, options, values, files`, () => checkCases(complete));
      await context.step(`${name}: every command`, () => checkSame(complete, everywhere));
    }
    await context.step("zsh: as a file in its function path", () => checkFunctionPath(context));
  },
};

/** What is typed before the tabulator, and what is proposed for its last word; signs of equality stay with the value. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["stowage im", ["images"]],
  ["stowage images pull", ["pull-manifest"]],
  ["stowage registry policy ", ["delete", "get", "set"]],
  ["stowage help images pull", ["pull-manifest"]],
  ["stowage completion ", ["bash", "fish", "zsh"]],
  ["stowage images list --out", ["--output"]],
  ["stowage images list --output ", ["json", "ndjson", "table", "text"]],
  ["stowage images list --output=nd", ["--output=ndjson"]],
  ["stowage images list --wide --output=json --by", ["--bytes"]],
  ["stowage --data images repositories unt", ["untag"]],
  ["stowage repositories set-mutability team/app M", ["MUTABLE", "MUTABLE_WITH_EXCLUSION"]],
  ["stowage repositories create team/app --mutability IMMUTABLE_", ["IMMUTABLE_WITH_EXCLUSION"]],
  ["stowage repositories list ", []],
  ["stowage images list --region ", []],
  ["stowage iam users create --path ", []],
  ["stowage policies set team/app pol", ["policy.json"]],
  ["stowage policies set team/app ", ["folder", "own policy.json", "policy.json"]],
  ["stowage policies set team/app folder/", ["folder/inner.json"]],
  ["stowage push own", ["own policy.json"]],
  ["stowage serve --config p", ["policy.json"]],
  ["stowage serve --config=p", ["--config=policy.json"]],
  ["stowage iam apply -f p", ["policy.json"]],
  ["stowage iam apply -f policy.json --pr", ["--prune"]],
  ["stowage serve --data ", ["folder"]],
  ["stowage serve --data=", ["--data=folder"]],
  ["stowage pull team/app:list --to p", ["policy.json"]],
];

async function checkCases(complete: Complete): Promise<void> {
  const proposed = await complete(CASES.map(([typed]) => typed));
  for (const [index, [typed, expected]] of CASES.entries()) assert.deepEqual(proposed[index], expected, typed);
}

/** What every command proposes, and for its options, as one shell finds them from the top. */
async function walk(complete: Complete): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  let places: readonly (readonly [place: string, parent: string])[] = [["stowage", ""]];
  while (places.length > 0) {
    const typed = places.flatMap(([place]) => [`${place} `, `${place} -`]);
    const proposed = await complete(typed);
    for (const [index, line] of typed.entries()) found.set(line, proposed[index] ?? []);
    places = places.flatMap(([place, parent]) => {
      const children = found.get(`${place} `) ?? [];
      // After a word that is no command, a file for example, a shell is where it was before.
      const isCommand = String(children) !== String(found.get(`${parent} `));
      return isCommand ? children.filter((child) => child !== "help").map((child) => [`${place} ${child}`, place]) : [];
    });
  }
  assert.ok(found.size > 200, `only ${found.size} lines`);
  return found;
}

async function checkSame(complete: Complete, expected: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const typed = [...expected.keys()];
  const proposed = await complete(typed);
  assert.deepEqual(new Map(typed.map((line, index) => [line, proposed[index]])), expected);
}

/** The surroundings of someone who has `stowage` and no file of their own. */
interface Home {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>> & { readonly HOME: string };
}

async function makeHome(context: Context, name: string): Promise<Home> {
  const home = context.path(`home-${name}`);
  await mkdir(home);
  const env = { ...context.env, HOME: home, PATH: `${PROGRAMS}:${context.env["PATH"]}`, TERM: "xterm" };
  return { cwd: context.path("cwd"), env };
}

/** Runs what the help says for a shell, in that shell. */
async function install(context: Context, shell: string): Promise<Home> {
  const home = await makeHome(context, shell);
  const { stdout: help } = await run(["stowage", "completion", "--help"], home);
  const said = lines(help.slice(help.indexOf("Examples:"))).filter((line) => line.includes(`completion ${shell}`));
  assert.ok(said.length > 0, `the help says nothing of ${shell}`);
  for (const line of said) {
    const { stdout, stderr } = await run([shell, "-c", line], home);
    assert.equal(stdout + stderr, "", line);
  }
  return home;
}

function fishOf(home: Home): Complete {
  const script = "for line in $argv; complete -C $line; echo; end";
  return async (typed) => {
    const { stdout, stderr } = await run(["fish", "-c", script, ...typed], home);
    assert.equal(stderr, "");
    const answers = stdout.split(/(?<=^|\n)\n/);
    // A proposal has its sentence beside it.
    return typed.map((_, index) => sorted(lines((answers[index] ?? "").replaceAll(/\t.*/g, ""))));
  };
}

interface TerminalShell {
  readonly name: string;
  readonly file: string;
  /** Lets one key put all proposals on the line, each as a word. */
  readonly settings: readonly string[];
  readonly key: string;
}

const BASH: TerminalShell = { name: "bash", file: ".bashrc", settings: [], key: "\u001b*" };
const ZSH: TerminalShell = {
  name: "zsh",
  file: ".zshrc",
  settings: [
    "zstyle ':completion:*' completer _all_matches _complete",
    "zstyle ':completion:*:all-matches:*' insert true",
    "zstyle ':completion:*' insert-tab false",
    "bindkey '^I' complete-word",
  ],
  key: "\t",
};

/** A shell on a terminal. In place of the program is a function that writes down with what it was called. */
async function terminalOf(home: Home, { name, file, settings, key }: TerminalShell): Promise<Complete> {
  const record = join(home.env.HOME, "record");
  const settingsHere = [...settings, `stowage() { printf '%s\\t' "$@" >> ${record}; echo >> ${record}; }`];
  await appendFile(join(home.env.HOME, file), `${settingsHere.join("\n")}\n`);
  return async (typed) => {
    const answers: string[] = [];
    for (let from = 0; from < typed.length; from += LINES_AT_ONCE) {
      const input = typed.slice(from, from + LINES_AT_ONCE).map((line) => `${line}${key}\n`);
      await rm(record, { force: true });
      await run(["script", "--quiet", "--return", "--command", `${name} -i`, "/dev/null"], {
        ...home,
        input: [...input, "exit\n"].join(""),
      });
      answers.push(...(await readFile(record, "utf8")).split("\n").slice(0, -1));
    }
    assert.equal(answers.length, typed.length);
    return typed.map((line, index) => {
      const before = line.split(" ").slice(1, -1);
      const called = (answers[index] ?? "").split("\t").slice(0, -1);
      assert.deepEqual(called.slice(0, before.length), before);
      // Where nothing is proposed the word stays as it was typed.
      return sorted(called.slice(before.length).filter((word) => word !== line.split(" ").at(-1)));
    });
  };
}

function sorted(words: readonly string[]): readonly string[] {
  return words.map((word) => word.replace(/\/$/, "")).toSorted();
}

/** How those have it who keep such files themselves. */
async function checkFunctionPath(context: Context): Promise<void> {
  const home = await makeHome(context, "zsh-functions");
  await run(["zsh", "-c", "mkdir ~/functions && stowage completion zsh > ~/functions/_stowage"], home);
  await writeFile(join(home.env.HOME, ".zshrc"), "fpath=(~/functions $fpath); autoload -Uz compinit; compinit\n");
  await checkCases(await terminalOf(home, ZSH));
}
