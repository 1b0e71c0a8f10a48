import { join } from "node:path";
import type { Scenario } from "../scenario.ts";
import { runScript } from "./boto3.ts";
import { PROGRAMS } from "./mcp-js.ts";

const SCRIPT = join(import.meta.dirname, "mcp_flow.py");

/** The protocol's own package of Python. */
export const mcpPython: Scenario = {
  name: "mcp-python",
  tools: ["mcp-python"],
  async run(context) {
    const path = `${PROGRAMS}:${context.env["PATH"]}`;
    const env = { ...context.registry.account.environment, PATH: path };
    await runScript(context, { program: context.program("mcp-python", { env }), script: SCRIPT });
  },
};
