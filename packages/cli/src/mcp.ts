import type { EcrClient } from "@stowage/client";
import type { Command } from "commander";
import { addConnectionOptions, connect, type ConnectionOptions } from "./connection.ts";
import { addText } from "./ecr-command.ts";
import type { Io } from "./io.ts";
import type { Registry } from "./mcp/call.ts";

type McpOptions = ConnectionOptions & { readonly allowWrites?: true };

/** No operation that reads takes more. */
const MAX_READ_MESSAGE_BYTES = 1024 * 1024;
/** A layer part of 20 MiB in base64, and what stands around it. */
const MAX_WRITE_MESSAGE_BYTES = 32 * 1024 * 1024;

export function addMcp(program: Command, io: Io): void {
  const command = addText(program.command("mcp"), {
    usage: "mcp",
    summary: "offer the registry's operations as tools to an agent, by the Model Context Protocol",
    details:
      "Speaks on standard input and output; the program of the agent starts it. Tools are the operations that read, under " +
      "ECR's names. GetAuthorizationToken is never among them: its answer is a password.",
    examples: [
      "stowage mcp",
      "stowage mcp --data ./registry --allow-writes",
      "stowage mcp --profile staging --region eu-west-1",
    ],
  });
  addConnectionOptions(command)
    .optionsGroup("Options:")
    .option("--allow-writes", "offer also the operations that change, replace or delete")
    .action((options: McpOptions) => serve(io, program.version() ?? "", options));
}

async function serve(io: Io, version: string, options: McpOptions): Promise<void> {
  const { allowWrites = false } = options;
  const log = (text: string): void => void io.stderr.write(`stowage mcp: ${text}\n`);
  const registry = new FoundRegistry(io, options);
  await registry.connect();
  // Other commands do not wait for the schemas.
  const { callTool } = await import("./mcp/call.ts");
  const { serveSession } = await import("./mcp/serve.ts");
  const { Session } = await import("./mcp/session.ts");
  const { toolsOf } = await import("./mcp/tools.ts");
  const tools = toolsOf(allowWrites);
  const session = new Session({
    tools,
    version,
    instructions: instructions(allowWrites),
    absentHint: allowWrites ? "" : "Operations that write are offered only by stowage mcp --allow-writes.",
    log,
    async call(operation, input, signal) {
      const result = await callTool(registry, { operation, input, signal });
      log(`${operation}: ${result.isError === true ? "refused" : "done"}`);
      return result;
    },
  });
  log(`${tools.size} tools, ${allowWrites ? "writes among them" : "none of them writes"}`);
  const maxMessageBytes = allowWrites ? MAX_WRITE_MESSAGE_BYTES : MAX_READ_MESSAGE_BYTES;
  try {
    await serveSession(session, { input: process.stdin, write: writeOut }, maxMessageBytes);
  } finally {
    process.stdin.destroy();
  }
}

function instructions(allowWrites: boolean): string {
  return [
    "A container registry with the API of Amazon ECR. Tools are its operations.",
    "Lists come in pages: pass nextToken on to get the next one.",
    "Times are seconds since 1970-01-01T00:00:00Z.",
    allowWrites ? "Some tools delete or replace: their destructiveHint says so." : "All tools only read.",
  ].join(" ");
}

/** Finds the registry once, and again after nobody answered there. */
class FoundRegistry implements Registry {
  readonly #io: Io;
  readonly #options: ConnectionOptions;
  #found: Promise<EcrClient> | undefined;

  constructor(io: Io, options: ConnectionOptions) {
    this.#io = io;
    this.#options = options;
  }

  connect(): Promise<EcrClient> {
    this.#found ??= connect(this.#io, this.#options).then(
      ({ ecr }) => ecr,
      (error: unknown) => {
        this.forget();
        throw error;
      },
    );
    return this.#found;
  }

  forget(): void {
    this.#found = undefined;
  }
}

/** A client that reads no more sends no more. */
function writeOut(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => {
      if (error instanceof Error) process.stdin.destroy(error);
      resolve();
    });
  });
}
