import { spawn } from "node:child_process";
import { Failure } from "./exit-codes.ts";
import type { Io } from "./io.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** No credentials are near it. */
const MAX_ANSWER_BYTES = 64 * 1024;

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
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk);
      else {
        reject(failed(`it answers over ${MAX_ANSWER_BYTES} bytes`));
        child.kill();
      }
    });
    child.on("error", (error) => reject(failed(error.message, error)));
    // One that ended before it read says why by its exit code.
    child.stdin.on("error", () => undefined);
    child.on("close", (code) => {
      const said = Buffer.concat(chunks).toString("utf8");
      if (code === 0) resolve(said);
      else reject(failed(said.trim() || `exit code ${String(code)}`));
    });
    child.stdin.end(input);
  });
}
