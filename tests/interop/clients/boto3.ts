import { join } from "node:path";
import { CommandFailure } from "../process.ts";
import { type Context, lines, type Scenario } from "../scenario.ts";

const SCRIPT = join(import.meta.dirname, "boto3_flow.py");

export const boto3: Scenario = {
  name: "boto3",
  tools: ["boto3"],
  async run(context) {
    const python = context.program("boto3", { env: { ...context.registry.account.environment } });
    try {
      recordSteps(
        context,
        await python.run([SCRIPT, context.repository("").replace(/\/$/, "")], { timeoutMs: 180_000 }),
      );
    } catch (error) {
      if (error instanceof CommandFailure) recordSteps(context, error.output.stdout);
      throw error;
    }
  },
};

/** Takes over the steps that the script printed; one that began and did not end is the one that failed. */
function recordSteps(context: Context, output: string): void {
  for (const line of lines(output)) {
    const [, word, name, seconds] = line.match(/^(begin|end) (.*?)(?: ([0-9.]+))?$/) ?? [];
    if (word === "begin" && name) context.currentStep = name;
    if (word === "end" && name) context.record({ name, seconds: Number(seconds) });
  }
}
