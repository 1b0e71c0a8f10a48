import { spawn } from "node:child_process";
import { Failure } from "./exit-codes.ts";
import type { Io } from "./io.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** More than a message is not read. */
const MAX_MESSAGE_LENGTH = 4096;

/** Has another of docker's credential helpers keep or forget something. @throws Failure it cannot be run, or refuses */
export function runDockerStore(
  { environment }: Io,
  name: string,
  { action, input }: { readonly action: "store" | "erase"; readonly input: string },
): Promise<void> {
  const program = `docker-credential-${name}`;
  const failed = (reason: string, cause?: Error): Failure =>
    new Failure(`docker keeps its credentials with ${program}, which did not ${action} this one: ${reason}`, {
      hints: ["Let docker ask stowage instead: stowage login --helper"],
      cause,
    });
  if (!NAME.test(name)) return Promise.reject(failed("that is no name of a helper"));
  return new Promise((resolve, reject) => {
    const child = spawn(program, [action], { env: { ...environment }, stdio: ["pipe", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      if (said.length < MAX_MESSAGE_LENGTH) said += chunk.toString();
    });
    child.on("error", (error) => reject(failed(error.message, error)));
    // One that ended before it read says why by its exit code.
    child.stdin.on("error", () => undefined);
    child.on("close", (code) => (code === 0 ? resolve() : reject(failed(said.trim() || `exit code ${String(code)}`))));
    child.stdin.end(input);
  });
}
