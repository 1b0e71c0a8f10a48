import { generatedFile } from "../generated-file.ts";
import { errorsFile } from "./errors-file.ts";
import { services } from "./service.ts";
import { typesFile } from "./types-file.ts";

/** Writes the types and error classes of each table, or in a check names the files that differ. */
export async function generateModel(check: boolean): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const service of services) {
    stale.push(...(await generatedFile(`${service.directory}/types.ts`, typesFile(service), check)));
    stale.push(...(await generatedFile(`${service.directory}/errors.ts`, errorsFile(service), check)));
  }
  return stale;
}
