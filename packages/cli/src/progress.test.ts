import { describe, expect, it } from "vitest";
import type { Io } from "./io.ts";
import { createProgress, type Step } from "./progress.ts";

function open(errorColumns?: number) {
  const seen = { text: "", nowMs: 0 };
  const io: Io = {
    stdout: { write: () => true },
    stderr: { write: (text) => (seen.text += text) },
    environment: { NO_COLOR: "1" },
    now: () => new Date(seen.nowMs),
    ...(errorColumns === undefined ? {} : { errorColumns }),
  };
  const progress = createProgress(io);
  return {
    seen,
    progress,
    /** What is written from here on. */
    said(work: () => void): string {
      seen.text = "";
      work();
      return seen.text;
    },
  };
}

/** What a terminal shows after such text. */
function screenOf(text: string): readonly string[] {
  const lines = [""];
  let row = 0;
  for (const [token] of text.replaceAll("\u001B", "^").matchAll(/\^\[(\d*)([AK])|\n|[^^\n]+/g)) {
    const [, count = "", letter] = /^\^\[(\d*)([AK])$/.exec(token) ?? [];
    if (letter === "A") row -= Number(count);
    else if (letter === "K") lines[row] = "";
    else if (token === "\n") {
      row += 1;
      lines[row] ??= "";
    } else lines[row] = token;
  }
  return lines.filter((line) => line !== "");
}

const step = (id: string, doneBytes: number, outcome?: string): Step => ({
  id,
  label: `blob-${id}`,
  doneBytes,
  totalBytes: 2048,
  ...(outcome === undefined ? {} : { outcome }),
});

describe("progress", () => {
  it("without a terminal is a line for each step that ended", () => {
    const { progress, said } = open();
    expect(said(() => progress.show(step("a", 100)))).toBe("");
    expect(said(() => progress.show(step("a", 2048, "copied")))).toBe("blob-a: copied, 2.0 KiB\n");
    expect(said(() => progress.end())).toBe("");
  });

  it("on a terminal is a bar for each step, above them what ended", () => {
    const { progress, seen } = open(80);
    progress.show(step("a", 0));
    seen.nowMs = 100;
    progress.show(step("b", 1024));
    expect(screenOf(seen.text)).toEqual([
      expect.stringMatching(/^blob-a +░{24} 0 B of 2\.0 KiB$/) as string,
      expect.stringMatching(/^blob-b +█{12}░{12} 1\.0 KiB of 2\.0 KiB$/) as string,
    ]);
    seen.nowMs = 200;
    progress.show(step("a", 2048, "copied"));
    expect(screenOf(seen.text)).toEqual(["blob-a: copied, 2.0 KiB", expect.stringMatching(/^blob-b +█{12}/) as string]);
    progress.end();
    expect(screenOf(seen.text)).toEqual(["blob-a: copied, 2.0 KiB"]);
  });

  it("is drawn no more often than an eye can follow, but ends are told at once", () => {
    const { progress, seen, said } = open(80);
    progress.show(step("a", 0));
    seen.nowMs = 79;
    expect(said(() => progress.show(step("a", 1000)))).toBe("");
    seen.nowMs = 80;
    expect(said(() => progress.show(step("a", 1000)))).not.toBe("");
    expect(said(() => progress.show(step("a", 2048, "copied")))).toContain("copied");
  });

  it("shows eight bars, and counts the others", () => {
    const { progress, seen } = open(80);
    for (let i = 0; i < 8; i += 1) {
      seen.nowMs += 100;
      progress.show(step(`${i}`, 0));
    }
    expect(screenOf(seen.text)).toHaveLength(8);
    seen.nowMs += 100;
    progress.show(step("8", 0));
    expect(screenOf(seen.text)).toHaveLength(9);
    expect(screenOf(seen.text).at(-1)).toBe("and 1 more");
  });

  it.each([40, 41, 55, 80, 200])("never writes past column %i", (columns) => {
    const { progress, seen } = open(columns);
    progress.show({ ...step("a", 1000), label: "l".repeat(300) });
    progress.show({ ...step("a", 2048, "copied"), label: "l".repeat(300) });
    for (const line of screenOf(seen.text)) expect(line.length).toBeLessThan(columns);
  });

  it("is plain lines on a terminal too narrow for bars", () => {
    const { progress, said } = open(39);
    expect(said(() => progress.show(step("a", 1)))).toBe("");
  });
});
