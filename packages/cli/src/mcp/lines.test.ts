import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLines } from "./lines.ts";

async function* chunks(texts: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

async function linesOf(texts: readonly string[], maxBytes: number): Promise<readonly (string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const line of readLines(chunks(texts), maxBytes)) {
    found.push(line === undefined ? undefined : Buffer.from(line).toString());
  }
  return found;
}

describe("lines of a stream", () => {
  it("come whole, however they are cut, the last one without its end too", async () => {
    expect(await linesOf(["a\nb", "c\n\nd"], 10)).toEqual(["a", "bc", "", "d"]);
    expect(await linesOf([], 10)).toEqual([]);
    expect(await linesOf(["a\n"], 10)).toEqual(["a"]);
  });

  it("may have as many bytes as they may, and not one more", async () => {
    expect(await linesOf(["1234\n12345\n12", "34\n1", "2345\n1\n"], 4)).toEqual([
      "1234",
      undefined,
      "1234",
      undefined,
      "1",
    ]);
    expect(await linesOf(["12345"], 4)).toEqual([undefined]);
  });

  it("are the same for every way of cutting", async () => {
    const texts = fc.array(fc.stringMatching(/^[ab\n]{0,6}$/), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(texts, async (cut) => {
        const whole = cut.join("");
        const lines = whole
          .replace(/\n$/, "")
          .split("\n")
          .map((line) => (line.length > 4 ? undefined : line));
        expect(await linesOf(cut, 4)).toEqual(whole === "" ? [] : lines);
      }),
    );
  });
});
