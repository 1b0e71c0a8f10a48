import { join } from "node:path";
import { rolldown } from "rolldown";

const client = join(import.meta.dirname, "../../../packages/client/src");
const ENTRY = "virtual:entry";

export interface Bundle {
  readonly code: string;
  /** Paths of the files that something was taken from. */
  readonly modules: string[];
}

/** One module of JavaScript that holds the program and what it uses of one build of the client. */
export async function bundle(build: "node" | "web", program: string, { minify = false } = {}): Promise<Bundle> {
  const built = await rolldown({
    input: ENTRY,
    external: /^node:/,
    resolve: { conditionNames: ["@stowage/source", "import"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === ENTRY ? id : id === "@stowage/client" ? `${client}/${build}/index.ts` : null),
        load: (id) => (id === ENTRY ? program : null),
      },
    ],
  });
  const { output } = await built.generate({ format: "esm", minify });
  await built.close();
  const [{ code, modules }] = output;
  const used = Object.entries(modules).filter(([, { renderedLength }]) => renderedLength > 0);
  return { code, modules: used.map(([name]) => name) };
}

const here = (name: string): string => JSON.stringify(join(import.meta.dirname, name));

/** Takes its exercise as first argument and prints the outcome as JSON. */
export const commandLineProgram = {
  node: `
import { exercise } from ${here("exercise.ts")};
import { nodeMachine } from ${here("node-machine.ts")};
import process from "node:process";
const given = JSON.parse(process.argv[2]);
console.log(JSON.stringify(await exercise(given, nodeMachine(given.folder))));
`,
  web: `
import { exercise } from ${here("exercise.ts")};
import { webMachine } from ${here("web-machine.ts")};
import process from "node:process";
console.log(JSON.stringify(await exercise(JSON.parse(process.argv[2]), webMachine)));
`,
} as const;

/** Fetches its exercise from where it came from and posts the outcome there. */
export const pageProgram = `
import { exercise } from ${here("exercise.ts")};
import { webMachine } from ${here("web-machine.ts")};
const given = await (await fetch("/exercise.json")).json();
const lines = await exercise(given, webMachine).catch((error) => ["failed " + error]);
await fetch("/outcome", { method: "POST", body: JSON.stringify(lines) });
`;
