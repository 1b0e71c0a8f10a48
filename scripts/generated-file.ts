import { readFile, writeFile } from "node:fs/promises";
import { format, type FormatConfig } from "oxfmt";

const root = new URL("../", import.meta.url);

/** Writes a derived file, formatted; in a check only tells its name when it is not what it should be. */
export async function generatedFile(path: string, source: string, check: boolean): Promise<readonly string[]> {
  const options = JSON.parse(await readFile(new URL(".oxfmtrc.json", root), "utf8")) as FormatConfig;
  const { code, errors } = await format(path, source, options);
  if (errors.length > 0) throw new Error(`${path} cannot be formatted: ${errors[0]?.message ?? ""}`);
  const present = await readFile(new URL(path, root), "utf8").catch(() => undefined);
  if (present === code) return [];
  if (!check) await writeFile(new URL(path, root), code);
  return [path];
}
