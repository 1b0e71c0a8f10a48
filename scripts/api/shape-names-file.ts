import { ecrTable } from "../../packages/model/src/ecr/table/table.ts";
import { HEADER } from "../model/service.ts";

/** The names of all shapes as a type. */
export function shapeNamesFile(): string {
  const names = Object.keys(ecrTable.shapes).toSorted();
  return `${HEADER}/** Every shape of the ECR API: requests, responses, structures, lists, maps and single values. */
export type ShapeName = ${names.map((name) => JSON.stringify(name)).join(" | ")};\n`;
}
