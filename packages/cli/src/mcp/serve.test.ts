import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { ToolResult } from "./call.ts";
import { MAX_RUNNING, serveSession } from "./serve.ts";
import { Session, type Served } from "./session.ts";
import { toolsOf } from "./tools.ts";

const MAX_BYTES = 4096;
const done: ToolResult = { content: [], structuredContent: {} };
const OPEN = '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}\n';

function call(id: number): string {
  return `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"ListImages"}}\n`;
}

function served(callTool: Served["call"]): Session {
  return new Session({
    tools: toolsOf(false),
    absentHint: "",
    instructions: "",
    version: "1",
    call: callTool,
    log: () => undefined,
  });
}

async function replies(input: readonly (string | Uint8Array)[]): Promise<readonly { id: unknown }[]> {
  const lines: string[] = [];
  const stream = new PassThrough();
  for (const part of input) stream.write(part);
  stream.end();
  const write = (text: string): Promise<void> => Promise.resolve(void lines.push(text));
  await serveSession(
    served(() => Promise.resolve(done)),
    { input: stream, write },
    MAX_BYTES,
  );
  return lines.map((line) => JSON.parse(line.endsWith("\n") ? line : "no line") as { id: unknown });
}

describe("serving", () => {
  it("answers each message, then ends", async () => {
    expect((await replies([OPEN, call(1), call(2).trimEnd()])).map(({ id }) => id)).toEqual([0, 1, 2]);
  });

  it("passes over empty lines and refuses what is no JSON in UTF-8", async () => {
    const parse = { id: null, error: { code: -32700 } };
    expect(await replies(["\n \r\n", "{\n", Uint8Array.of(0x22, 0xff, 0x22, 0x0a)])).toMatchObject([parse, parse]);
  });

  it("takes a message of the most bytes, and refuses one more", async () => {
    const padded = (bytes: number): string => `${`${OPEN.trimEnd()}`.padEnd(bytes)}\n`;
    expect(await replies([padded(MAX_BYTES)])).toMatchObject([{ id: 0, result: {} }]);
    expect(await replies([padded(MAX_BYTES + 1), OPEN])).toMatchObject([
      { id: null, error: { code: -32600 } },
      { id: 0, result: {} },
    ]);
  });

  it("reads no further while as many calls as may run do", async () => {
    const waiting: (() => void)[] = [];
    const started: number[] = [];
    const stream = new PassThrough();
    const session = served(() => {
      started.push(started.length);
      return new Promise((resolve) => waiting.push(() => resolve(done)));
    });
    const lines: string[] = [];
    const write = (text: string): Promise<void> => Promise.resolve(void lines.push(text));
    const served1 = serveSession(session, { input: stream, write }, MAX_BYTES);
    stream.write(OPEN);
    for (let id = 1; id <= MAX_RUNNING + 5; id += 1) stream.write(call(id));
    stream.end();
    while (started.length < MAX_RUNNING) await new Promise(setImmediate);
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    expect(started).toHaveLength(MAX_RUNNING);
    while (lines.length < MAX_RUNNING + 6) {
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
    await served1;
    expect(started).toHaveLength(MAX_RUNNING + 5);
  });
});
