import { describe, expect, it } from "vitest";
import type { Io } from "./io.ts";
import { printItem, printList, type Column, type OutputFormat, type View } from "./output.ts";

interface Thing {
  readonly name: string;
  readonly size: number;
  readonly at: Date;
}

const COLUMNS: readonly Column<Thing>[] = [
  { heading: "NAME", of: ({ name }) => name },
  { heading: "SIZE", of: ({ size }) => size, kind: "bytes" },
  { heading: "AT", of: ({ at }) => at },
];
const now = new Date("2026-11-21T12:00:00Z");
const things: readonly Thing[] = [
  { name: "a", size: 5, at: now },
  { name: "a-much-longer-name-than-the-first", size: 123_456_789, at: new Date("2026-11-21T09:00:00Z") },
];

async function printed(items: AsyncIterable<Thing> | Iterable<Thing>, view: View, columns?: number): Promise<string> {
  let out = "";
  const io: Io = {
    stdout: { write: (text) => (out += text) },
    stderr: { write: () => true },
    environment: {},
    now: () => now,
    ...(columns === undefined ? {} : { columns }),
  };
  await printList(io, view, { items, columns: COLUMNS });
  return out;
}

describe("a table", () => {
  it("has headings, sizes to the right, and ages", async () => {
    expect(await printed(things, { output: "table" })).toBe(
      [
        "NAME                                  SIZE  AT",
        "a                                      5 B  now",
        "a-much-longer-name-than-the-first  118 MiB  3 hours ago",
        "",
      ].join("\n"),
    );
  });

  it("fits the terminal to the column, and not one less than it must", async () => {
    const natural = "a-much-longer-name-than-the-first  118 MiB  3 hours ago".length;
    expect(await printed(things, { output: "table" }, natural)).not.toContain("…");
    const narrower = await printed(things, { output: "table" }, natural - 1);
    expect(narrower).toContain("a-much-longer-name-than-the-fir…  118 MiB  3 hours ago");
    const least = (await printed(things, { output: "table" }, 10)).trimEnd().split("\n");
    expect(least[2]).toBe("a-much-…  118 MiB  3 hours…");
  });

  it("shows all of it when asked, and bytes exactly", async () => {
    const out = await printed(things, { output: "table", wide: true, bytes: true }, 20);
    expect(out).toContain("a-much-longer-name-than-the-first  123456789  2026-11-21T09:00:00.000Z (3 hours ago)");
  });

  it("of nothing is its headings", async () => {
    expect(await printed([], { output: "table" })).toBe("NAME  SIZE  AT\n");
  });

  it("comes before its list has ended, with one line of headings", async () => {
    let out = "";
    const io: Io = { stdout: { write: (text) => (out += text) }, stderr: { write: () => true }, environment: {} };
    let seenBefore = 0;
    async function* many(): AsyncGenerator<Thing> {
      for (let i = 0; i < 1001; i += 1) {
        if (i === 501) seenBefore = out.split("\n").length;
        yield { name: `n${i}`, size: i, at: now };
      }
    }
    await printList(io, { output: "table" }, { items: many(), columns: COLUMNS });
    const lines = out.trimEnd().split("\n");
    expect(seenBefore).toBeGreaterThan(500);
    expect(lines.length).toBe(1002);
    expect(lines.filter((line) => line.startsWith("NAME"))).toHaveLength(1);
  });
});

describe("for programs", () => {
  it.each<OutputFormat>(["json", "ndjson"])("%s holds the things themselves", async (output) => {
    const out = await printed(things, { output });
    const parsed: unknown =
      output === "json"
        ? JSON.parse(out)
        : out
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line) as unknown);
    expect(parsed).toEqual(JSON.parse(JSON.stringify(things)));
    expect(await printed([], { output })).toBe(output === "json" ? "[]\n" : "");
  });

  it("text is the columns, whole and parted by tabs", async () => {
    expect(await printed(things.slice(1), { output: "text" }, 20)).toBe(
      "a-much-longer-name-than-the-first\t123456789\t2026-11-21T09:00:00.000Z\n",
    );
  });

  it("nothing is printed of a list that fails at once", async () => {
    const failing = (): AsyncIterable<Thing> => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("no")) }),
    });
    for (const output of ["table", "json", "ndjson", "text"] as const) {
      let out = "";
      const io: Io = { stdout: { write: (text) => (out += text) }, stderr: { write: () => true }, environment: {} };
      await expect(printList(io, { output }, { items: failing(), columns: COLUMNS })).rejects.toThrow("no");
      expect(out).toBe("");
    }
  });
});

describe("one thing", () => {
  it("is a line a value, or its JSON", () => {
    let out = "";
    const io: Io = {
      stdout: { write: (text) => (out += text) },
      stderr: { write: () => true },
      environment: {},
      now: () => now,
    };
    const [thing] = things;
    if (thing === undefined) throw new Error("no thing");
    printItem(io, { output: "table" }, thing, COLUMNS);
    printItem(io, { output: "ndjson" }, thing, COLUMNS);
    expect(out).toBe(`NAME  a\nSIZE  5 B\nAT    2026-11-21T12:00:00.000Z (now)\n${JSON.stringify(thing)}\n`);
  });
});
