import { readLines } from "./lines.ts";
import { errorCodes, errorReply, RpcError } from "./messages.ts";
import type { Reply } from "./messages.ts";
import type { Session } from "./session.ts";

/** Nothing more is read while this many messages are worked on or their answers wait to be taken. */
export const MAX_RUNNING = 16;

export interface Streams {
  readonly input: AsyncIterable<Uint8Array>;
  /** Resolves once the text is taken, so that answers do not pile up. Where it can't be taken any more, the input ends. */
  write(text: string): Promise<void>;
}

/**
 * Answers the messages of a client, one JSON text a line, until its input ends and all is answered.
 * @param maxMessageBytes a longer line is answered with an error and not kept
 */
export async function serveSession(session: Session, streams: Streams, maxMessageBytes: number): Promise<void> {
  const running = new Set<Promise<void>>();
  for await (const line of readLines(streams.input, maxMessageBytes)) {
    const work = serveLine(session, streams, { line, maxMessageBytes }).finally(() => running.delete(work));
    running.add(work);
    if (running.size >= MAX_RUNNING) await Promise.race(running);
  }
  await Promise.all(running);
}

interface Line {
  /** Undefined for one that was too long. */
  readonly line: Uint8Array | undefined;
  readonly maxMessageBytes: number;
}

async function serveLine(session: Session, streams: Streams, line: Line): Promise<void> {
  const reply = await answerLine(session, line);
  if (reply !== undefined) await streams.write(`${JSON.stringify(reply)}\n`);
}

async function answerLine(
  session: Session,
  { line, maxMessageBytes }: Line,
): Promise<Reply | readonly Reply[] | undefined> {
  if (line === undefined) return refusal(errorCodes.invalidRequest, `A message has at most ${maxMessageBytes} bytes`);
  let json: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(line);
    if (text.trim() === "") return undefined;
    json = JSON.parse(text);
  } catch {
    return refusal(errorCodes.parseError, "The message is no JSON text in UTF-8");
  }
  return session.answer(json);
}

function refusal(code: number, message: string): Reply {
  return errorReply(null, new RpcError(code, message));
}
