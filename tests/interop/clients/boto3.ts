import { join } from "node:path";
import { CommandFailure } from "../process.ts";
import { type Context, lines, type Program, type Scenario } from "../scenario.ts";

const SCRIPT = join(import.meta.dirname, "boto3_flow.py");

export const boto3: Scenario = {
  name: "boto3",
  tools: ["boto3"],
  async run(context) {
    const python = context.program("boto3", { env: { ...context.registry.account.environment } });
    await runScript(context, { program: python, script: SCRIPT });
  },
};

interface Script {
  readonly program: Program;
  readonly script: string;
}

/** Runs a script that is told where its repositories belong and that prints its steps. */
export async function runScript(context: Context, { program, script }: Script): Promise<void> {
  try {
    const prefix = context.repository("").replace(/\/$/, "");
    recordSteps(context, await program.run([script, prefix], { timeoutMs: 180_000 }));
  } catch (error) {
    if (error instanceof CommandFailure) recordSteps(context, error.output.stdout);
    throw error;
  }
}

/** Takes over the steps that the script printed; one that began and did not end is the one that failed. */
function recordSteps(context: Context, output: string): void {
  for (const line of lines(output)) {
    const [, word, name, seconds] = line.match(/^(begin|end) (.*?)(?: ([0-9.]+))?$/) ?? [];
    if (word === "begin" && name) context.currentStep = name;
    if (word === "end" && name) context.record({ name, seconds: Number(seconds) });
  }
}
