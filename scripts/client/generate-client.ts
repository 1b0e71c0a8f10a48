import { readFile, writeFile } from "node:fs/promises";
import { format } from "oxfmt";
import type { FormatConfig } from "oxfmt";
import { adminMethodsFile } from "./admin-methods-file.ts";
import { boto3File } from "./boto3-file.ts";
import { clientFile } from "./client-file.ts";
import { indexFile } from "./index-file.ts";
import { listsFile } from "./lists-file.ts";
import { operationsFile, wireFactsFile } from "./operations-file.ts";
import { typeTestFile } from "./type-test-file.ts";

const root = new URL("../../", import.meta.url);
const source = "packages/client/src";
const directory = `${source}/ecr/generated`;

const files: Readonly<Record<string, () => string>> = {
  [`${directory}/wire-facts.ts`]: wireFactsFile,
  [`${directory}/operations.ts`]: operationsFile,
  [`${directory}/lists.ts`]: listsFile,
  [`${directory}/platform-ecr-client.ts`]: clientFile,
  [`${source}/node/index.ts`]: () => indexFile("node"),
  [`${source}/web/index.ts`]: () => indexFile("web"),
  [`${source}/admin/generated/admin-methods.ts`]: adminMethodsFile,
  "docs/boto3.md": boto3File,
  "tests/client/types/generated/every-operation.ts": typeTestFile,
};

/** Writes what the client has of the tables, formatted; with `check` only names the files that differ. */
export async function generateClient(check: boolean): Promise<readonly string[]> {
  const options = JSON.parse(await readFile(new URL(".oxfmtrc.json", root), "utf8")) as FormatConfig;
  const stale: string[] = [];
  for (const [path, write] of Object.entries(files)) {
    const { code, errors } = await format(path, write(), options);
    if (errors.length > 0) throw new Error(`${path} cannot be formatted: ${errors[0]?.message ?? ""}`);
    const present = await readFile(new URL(path, root), "utf8").catch(() => undefined);
    if (present === code) continue;
    stale.push(path);
    if (!check) await writeFile(new URL(path, root), code);
  }
  return stale;
}
