import { spawn } from "node:child_process";
import { Failure } from "./exit-codes.ts";
import type { Io } from "./io.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** More than credentials is not read. */
const MAX_ANSWER_LENGTH = 64 * 1024;

/**
 * Has one of docker's credential helpers give, keep or forget something.
 * @returns what it answers
 * @throws Failure it cannot be run, or refuses
 */
export function runDockerStore(
  { environment }: Io,
  name: string,
  { action, input }: { readonly action: "get" | "store" | "erase"; readonly input: string },
): Promise<string> {
  const program = `docker-credential-${name}`;
  const failed = (reason: string, cause?: Error): Failure =>
    new Failure(`docker keeps its credentials with ${program}, which did not ${action} this one: ${reason}`, {
      hints: action === "store" ? ["Let docker ask stowage instead: stowage login --helper"] : [],
      cause,
    });
  if (!NAME.test(name)) return Promise.reject(failed("that is no name of a helper"));
  return new Promise((resolve, reject) => {
    const child = spawn(program, [action], { env: { ...environment }, stdio: ["pipe", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      if (said.length < MAX_ANSWER_LENGTH) said += chunk.toString();
    });
    child.on("error", (error) => reject(failed(error.message, error)));
    // One that ended before it read says why by its exit code.
    child.stdin.on("error", () => undefined);
    child.on("close", (code) => {
      if (code === 0) resolve(said);
      else reject(failed(said.trim() || `exit code ${String(code)}`));
    });
    child.stdin.end(input);
  });
}
