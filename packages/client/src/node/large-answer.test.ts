import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { LargeAnswer } from "./large-answer.ts";

const socket = { destroy: () => socket, resume: () => socket } as never;
const content = randomBytes(3 * 1024 * 1024);

function headOf(sizeBytes: number): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${sizeBytes}\r\n\r\n`);
}

/** Reads as the runtime does: it asks where the next bytes go as soon as it has told of some, before anybody else runs. */
function fill(answer: LargeAnswer, bytes: Buffer, readBytes: number): void {
  let room = answer.room();
  for (let at = 0; at < bytes.length;) {
    const count = bytes.copy(room, 0, at, at + readBytes);
    at += count;
    answer.received(count);
    room = answer.room();
  }
}

it.each([100, 16 * 1024, 900_000, 1024 * 1024])("finds the head in a first read of %i bytes", async (readBytes) => {
  const answer = new LargeAnswer(true);
  fill(answer, Buffer.concat([headOf(content.length), content]), readBytes);
  expect(await answer.head()).toEqual({ status: 200, headers: { "content-length": String(content.length) } });
  const chunks: Buffer[] = [];
  for await (const chunk of answer.body(socket)) chunks.push(Buffer.from(chunk));
  expect(Buffer.concat(chunks).equals(content)).toBe(true);
});

it("takes a head of 16 KiB that comes in pieces, and leaves a longer one to the common way", async () => {
  const padded = (sizeBytes: number): Buffer => {
    const start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nPadding: ";
    return Buffer.from(`${start}${"x".repeat(sizeBytes - start.length - 4)}\r\n\r\n`);
  };
  for (const [sizeBytes, isTaken] of [
    [16 * 1024, true],
    [16 * 1024 + 2, false],
  ] as const) {
    const answer = new LargeAnswer(true);
    fill(answer, padded(sizeBytes), 1);
    expect([sizeBytes, (await answer.head()) !== undefined]).toEqual([sizeBytes, isTaken]);
  }
});
