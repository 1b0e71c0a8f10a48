import { generatedFile } from "../generated-file.ts";
import { shapeNamesFile } from "./shape-names-file.ts";

/** Writes what describes the API to programs, agents and people, or in a check names the files that differ. */
export async function generateApi(check: boolean): Promise<readonly string[]> {
  return generatedFile("packages/model/src/schema/generated/shape-names.ts", shapeNamesFile(), check);
}
