import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidContentError } from "../failures.ts";
import type { RandomAccessFile } from "./files.ts";
import { TarReader } from "./tar-reader.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar-writer.ts";

interface File {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Changes the header before its sum is taken again. */
  readonly as?: (header: Buffer) => void;
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

function tarOf(files: readonly File[]): Buffer {
  const parts = files.flatMap(({ name, bytes, as }) => {
    const header = Buffer.from(tarHeader(name, bytes.length));
    as?.(header);
    header.write("        ", 148);
    const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    if (as !== undefined) header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    else return [Buffer.from(tarHeader(name, bytes.length)), bytes, tarPadding(bytes.length)];
    return [header, bytes, tarPadding(bytes.length)];
  });
  return Buffer.concat([...parts, tarEnd()]);
}

function fileOf(bytes: Uint8Array, sizeBytes = bytes.length): RandomAccessFile {
  return {
    sizeBytes,
    async *read(fromByte, lengthBytes) {
      yield bytes.subarray(fromByte, fromByte + lengthBytes);
    },
  };
}

async function contentOf(reader: TarReader, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of reader.read(name, 0)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const type =
  (letter: string, link = "") =>
  (header: Buffer) => {
    header.write(letter, 156);
    header.write(link, 157);
  };

describe("a tar that was written", () => {
  it("is read as it was, whatever its files are called and hold", async () => {
    const files = fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-z0-9]{1,60}(\/[a-z0-9]{1,70}){0,2}$/),
        bytes: fc.uint8Array({ maxLength: 1100 }),
      }),
      { selector: ({ name }) => name, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(files, async (written) => {
        const reader = await TarReader.open(fileOf(tarOf(written)));
        for (const { name, bytes } of written) {
          expect(await reader.sizeBytes(name)).toBe(bytes.length);
          expect(await contentOf(reader, name)).toBe(Buffer.from(bytes).toString());
        }
      }),
      { numRuns: 50 },
    );
  });

  it("tells sizes of 8 GiB and more", async () => {
    const sizeBytes = 8 ** 11;
    const header = tarHeader("large", sizeBytes);
    const reader = await TarReader.open(fileOf(header, 512 + sizeBytes));
    expect(await reader.sizeBytes("large")).toBe(sizeBytes);
    const last = await TarReader.open(fileOf(tarHeader("large", sizeBytes - 1), 512 + sizeBytes));
    expect(await last.sizeBytes("large")).toBe(sizeBytes - 1);
  });
});

describe("a tar of others", () => {
  it("has GNU's long names, and links within itself", async () => {
    const long = `${"n".repeat(150)}/layer.tar`;
    const reader = await TarReader.open(
      fileOf(
        tarOf([
          { name: "././@LongLink", bytes: text(`${long}\0`), as: type("L") },
          { name: "short", bytes: text("long") },
          { name: "b/layer.tar", bytes: text(""), as: type("2", "../short/../a/./one") },
          { name: "a/one", bytes: text("linked") },
          { name: "hard", bytes: text(""), as: type("1", "a/one") },
        ]),
      ),
    );
    expect(await contentOf(reader, long)).toBe("long");
    expect(await contentOf(reader, "b/layer.tar")).toBe("linked");
    expect(await contentOf(reader, "hard")).toBe("linked");
  });

  it("has nothing outside of itself, and no end of a circle", async () => {
    const reader = await TarReader.open(
      fileOf(
        tarOf([
          { name: "../above", bytes: text("x") },
          { name: "out", bytes: text(""), as: type("2", "../../etc/passwd") },
          { name: "root", bytes: text(""), as: type("2", "/etc/passwd") },
          { name: "one", bytes: text(""), as: type("2", "two") },
          { name: "two", bytes: text(""), as: type("2", "one") },
          { name: "pipe", bytes: text(""), as: type("6") },
        ]),
      ),
    );
    for (const name of ["../above", "above", "out", "root", "one", "two", "pipe", "none"]) {
      expect(await reader.sizeBytes(name)).toBeUndefined();
    }
  });

  it("follows eight links and no more", async () => {
    const links = Array.from({ length: 9 }, (_, at) => ({
      name: `l${at}`,
      bytes: text(""),
      as: type("2", at === 8 ? "file" : `l${at + 1}`),
    }));
    const reader = await TarReader.open(fileOf(tarOf([...links, { name: "file", bytes: text("x") }])));
    expect(await reader.sizeBytes("l1")).toBe(1);
    expect(await reader.sizeBytes("l0")).toBeUndefined();
  });

  it.each([
    ["a name of over 1 MiB", [{ name: "x", bytes: new Uint8Array(1024 * 1024 + 1), as: type("L") }]],
    ["an extended header of no length", [{ name: "x", bytes: text("path=x\n"), as: type("x") }]],
    ["an extended header that counts wrong", [{ name: "x", bytes: text("0 path=x\n"), as: type("x") }]],
    [
      "a size below nothing",
      [
        { name: "x", bytes: text("11 size=-1\n"), as: type("x") },
        { name: "y", bytes: text("") },
      ],
    ],
    ["a size beyond its end", [{ name: "x", bytes: text(""), as: (h: Buffer) => h.write("77777777777", 124) }]],
    ["a size that is none", [{ name: "x", bytes: text(""), as: (h: Buffer) => h.write("zzz", 124) }]],
  ] as const)("with %s is refused", async (_, files) => {
    const bytes = tarOf(files as readonly File[]);
    await expect(TarReader.open(fileOf(bytes))).rejects.toThrow(InvalidContentError);
  });

  describe("of many entries", () => {
    const [header, end] = [tarHeader("file", 0), tarEnd().subarray(512)];
    const ofBlocks = (headers: number, ends: number): RandomAccessFile => ({
      sizeBytes: (headers + ends) * 512,
      async *read(fromByte) {
        yield fromByte < headers * 512 ? header : end;
      },
    });

    it("has up to 200,000 of them", async () => {
      expect(await (await TarReader.open(ofBlocks(200_000, 2))).sizeBytes("file")).toBe(0);
    }, 30_000);

    it("is refused with one more, also where no blocks mark its end", async () => {
      await expect(TarReader.open(ofBlocks(200_001, 0))).rejects.toThrow("The archive has more than 200000 entries");
    }, 30_000);
  });

  it("has names of up to 1 MiB", async () => {
    const name = "n".repeat(1024 * 1024 - 1);
    const files = [
      { name: "x", bytes: text(`${name}\0`), as: type("L") },
      { name: "short", bytes: text("long") },
    ];
    const reader = await TarReader.open(fileOf(tarOf(files)));
    expect(await contentOf(reader, name)).toBe("long");
  });

  it("of any bytes opens or is refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 512, maxLength: 1536 }), async (bytes) => {
        const outcome: unknown = await TarReader.open(fileOf(bytes)).catch((error: unknown) => error);
        expect(outcome instanceof TarReader || outcome instanceof InvalidContentError).toBe(true);
      }),
    );
  });
});
