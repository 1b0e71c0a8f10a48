import { createReadStream } from "node:fs";
import { Failure, UsageError, exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { printItem, type View } from "./output.ts";

/** No policy that a registry takes is near it. */
const MAX_DOCUMENT_BYTES = 1024 * 1024;

/** The text of a file, or of standard input for `-`. @throws Failure it cannot be read */
export async function readDocument(io: Io, path: string): Promise<string> {
  if (path === "-") {
    if (io.readInput === undefined) throw new UsageError("There is no standard input to read.");
    return io.readInput();
  }
  try {
    return await readWhole(path);
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new Failure(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      exitCode: isMissing ? exitCodes.notFound : exitCodes.failed,
      hints: ["Give - to read standard input."],
      cause,
    });
  }
}

/** A pipe tells no size: its bytes are counted as they come. */
async function readWhole(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_DOCUMENT_BYTES) throw new RangeError(`it is over ${MAX_DOCUMENT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Prints a policy as a document of its own, so that it can be edited and put back; or the answer that it came in. */
export function printDocument(io: Io, view: View, answer: object, document: string | undefined): void {
  if (view.output === "json" || view.output === "ndjson") printItem(io, view, answer, []);
  else io.stdout.write(`${view.output === "text" ? (document ?? "") : indented(document ?? "")}\n`);
}

function indented(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), undefined, 2);
  } catch {
    // What is no JSON is shown as it is.
    return document;
  }
}
