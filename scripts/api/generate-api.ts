import { readFile, writeFile } from "node:fs/promises";
import { generatedFile } from "../generated-file.ts";
import { openApiFile } from "./openapi-file.ts";
import { referenceFile } from "./reference-file.ts";
import { shapeNamesFile } from "./shape-names-file.ts";
import { textFile } from "./text-file.ts";

const TEXT = "docs/api/ecr.txt";

/** Writes what describes the API to programs, agents and people, or in a check names the files that differ. */
export async function generateApi(check: boolean): Promise<readonly string[]> {
  return [
    ...(await generatedFile("packages/model/src/schema/generated/shape-names.ts", shapeNamesFile(), check)),
    ...(await generatedFile("docs/api/openapi.json", openApiFile(), check)),
    ...(await generatedFile("docs/api/reference.md", referenceFile(), check)),
    ...(await plainFile(TEXT, textFile(), check)),
  ];
}

/** The formatter knows no plain text. */
async function plainFile(path: string, text: string, check: boolean): Promise<readonly string[]> {
  const url = new URL(`../../${path}`, import.meta.url);
  const present = await readFile(url, "utf8").catch(() => undefined);
  if (present === text) return [];
  if (!check) await writeFile(url, text);
  return [path];
}
