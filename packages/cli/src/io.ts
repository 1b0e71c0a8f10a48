import type { EcrClient, EcrClientOptions } from "@stowage/client";

/** Policies are the largest thing that a command reads there. */
const MAX_INPUT_BYTES = 1024 * 1024;

/** What a command touches of its process; tests hand in their own. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Standard input to its end, at most 1 MiB; nothing when absent. */
  readonly readInput?: () => Promise<string>;
  /** Width of the terminal that standard output is; absent where it is none. */
  readonly columns?: number;
  /** The same of standard error. */
  readonly errorColumns?: number;
  /** The system's clock when absent. */
  readonly now?: () => Date;
  /** The client's own `create` when absent. */
  readonly createEcr?: (options: EcrClientOptions) => EcrClient;
}

export const processIo: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  readInput,
  ...(process.stdout.isTTY ? { columns: process.stdout.columns } : {}),
  ...(process.stderr.isTTY ? { errorColumns: process.stderr.columns } : {}),
};

async function readInput(): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_INPUT_BYTES) throw new RangeError(`Standard input is over ${MAX_INPUT_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
