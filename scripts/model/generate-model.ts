import { readFile, writeFile } from "node:fs/promises";
import { format } from "oxfmt";
import type { FormatConfig } from "oxfmt";
import { errorsFile } from "./errors-file.ts";
import { services } from "./service.ts";
import { typesFile } from "./types-file.ts";

const root = new URL("../../", import.meta.url);

/** Writes the types and error classes of each table, formatted; with `check` only names the files that differ. */
export async function generateModel(check: boolean): Promise<readonly string[]> {
  const options = JSON.parse(await readFile(new URL(".oxfmtrc.json", root), "utf8")) as FormatConfig;
  const stale: string[] = [];
  for (const service of services) {
    const files = { "types.ts": typesFile(service), "errors.ts": errorsFile(service) };
    for (const [name, source] of Object.entries(files)) {
      const path = `${service.directory}/${name}`;
      const { code, errors } = await format(path, source, options);
      if (errors.length > 0) throw new Error(`${path} cannot be formatted: ${errors[0]?.message ?? ""}`);
      const present = await readFile(new URL(path, root), "utf8").catch(() => undefined);
      if (present === code) continue;
      stale.push(path);
      if (!check) await writeFile(new URL(path, root), code);
    }
  }
  return stale;
}
