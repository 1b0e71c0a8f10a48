import { membersOf } from "../../packages/model/src/table/table.ts";
import type { Scalar, Shape, StructureShape } from "../../packages/model/src/table/table.ts";
import { comment, memberText } from "./comment.ts";
import { HEADER } from "./service.ts";
import type { Service } from "./service.ts";

const SCALAR_TYPES: Readonly<Record<Scalar, string>> = {
  string: "string",
  integer: "number",
  long: "number",
  double: "number",
  boolean: "boolean",
  timestamp: "Date",
  blob: "Uint8Array",
};

/** Enums, structures, requests and responses as plain types, and the map from operations to them. */
export function typesFile(service: Service): string {
  return [HEADER, enums(service), structures(service), operations(service)].join("");
}

function enums(service: Service): string {
  let text = "";
  for (const [name, constraint] of Object.entries(service.constraints)) {
    if (constraint.enum === undefined) continue;
    text += comment(service.sentences.shapes[name] ?? "");
    text += `export type ${name} = ${constraint.enum.map((value) => JSON.stringify(value)).join(" | ")};\n\n`;
  }
  return text;
}

function structures(service: Service): string {
  let text = "";
  const names = Object.keys(service.table.shapes).toSorted();
  for (const name of names) {
    const shape = service.table.shapes[name];
    if (shape !== undefined && typeof shape !== "string" && "structure" in shape) {
      text += structure(service, name, shape);
    }
  }
  return text;
}

function structure(service: Service, name: string, shape: StructureShape): string {
  const members = membersOf(shape);
  const head = comment(structureText(service, name));
  if (members.length === 0) return `${head}export type ${name} = Readonly<Record<string, never>>;\n\n`;
  let text = `${head}export interface ${name} {\n`;
  for (const member of [...members.filter((one) => one.required), ...members.filter((one) => !one.required)]) {
    text += comment(memberText(service, name, member.name, member.shape), "  ");
    const type = typeOf(service, member.shape);
    text += member.required ? `  ${member.name}: ${type};\n` : `  ${member.name}?: ${type} | undefined;\n`;
  }
  return `${text}}\n\n`;
}

function structureText(service: Service, name: string): string {
  for (const [operation, entry] of Object.entries(service.table.operations)) {
    if (entry.input === name) return `What ${operation} takes.`;
    if (entry.output === name) return `What ${operation} answers.`;
  }
  return service.sentences.structures[name] ?? "";
}

export function typeOf(service: Service, shapeName: string): string {
  const shape: Shape | undefined = service.table.shapes[shapeName];
  if (shape === undefined) throw new Error(`The table has no shape named ${shapeName}`);
  if (typeof shape === "string") {
    return service.constraints[shapeName]?.enum === undefined ? SCALAR_TYPES[shape] : shapeName;
  }
  if ("structure" in shape) return shapeName;
  if ("list" in shape) return `readonly ${typeOf(service, shape.list)}[]`;
  const key = typeOf(service, shape.key);
  const value = typeOf(service, shape.map);
  return key === "string" ? `Readonly<Record<string, ${value}>>` : `Readonly<Partial<Record<${key}, ${value}>>>`;
}

function operations(service: Service): string {
  let text = comment("Every operation with what it takes and answers.");
  text += `export interface ${service.operationsType} {\n`;
  for (const [name, entry] of Object.entries(service.table.operations)) {
    text += comment(service.sentences.operations[name] ?? "", "  ");
    text += `  ${name}: { input: ${entry.input}; output: ${entry.output} };\n`;
  }
  return `${text}}\n\nexport type ${service.operationNameType} = keyof ${service.operationsType};\n`;
}
