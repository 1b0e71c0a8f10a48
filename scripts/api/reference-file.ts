import { paginators } from "../../packages/model/src/ecr/table/paginators.ts";
import { ecrSentences } from "../../packages/model/src/ecr/table/sentences/sentences.ts";
import { constraints } from "../../packages/model/src/ecr/table/constraints.ts";
import { ecrTable } from "../../packages/model/src/ecr/table/table.ts";
import { structuresIn } from "../../packages/model/src/schema/reachable.ts";
import { operationOf, shapeOf } from "../../packages/model/src/table/table.ts";
import { memberText } from "../model/comment.ts";
import { services } from "../model/service.ts";
import { commonErrorSentences, operationSentence, resources, structureMembers } from "./facts.ts";

const INTRODUCTION = `# Reference of the ECR API

Each operation, by what it is about: what it takes, what it answers and how it may be refused. This page is generated; [openapi.json](openapi.json) says the same to programs and [ecr.txt](ecr.txt) to agents.

A request is a POST to \`/\` with the header \`X-Amz-Target: ${ecrTable.targetPrefix}.OPERATION\`, a JSON object as body and an AWS signature. In JSON times are seconds since the epoch and bytes are base64. Members in **bold** must be given.`;

/** Pages for people. */
export function referenceFile(): string {
  const messages = new Set(Object.values(ecrTable.operations).flatMap(({ input, output }) => [input, output]));
  const structures = [...structuresIn(ecrTable, [...messages])].filter((name) => !messages.has(name)).toSorted();
  return [
    INTRODUCTION,
    contents(),
    ...resources.flatMap(([resource, operations]) => [`## ${resource}`, ...operations.map(operationSection)]),
    "## Structures",
    ...structures.map(
      (name) => `### ${name}\n\n${ecrSentences.structures[name] ?? ""}\n\n${memberList(name) ?? "It has no members."}`,
    ),
    "## Errors of every operation",
    bullets(Object.entries(commonErrorSentences)),
    "",
  ].join("\n\n");
}

function contents(): string {
  return resources
    .map(([resource, operations]) => `- ${resource}: ${operations.map((name) => link(name)).join(", ")}`)
    .join("\n");
}

function operationSection(name: string): string {
  const { input, output, errors } = operationOf(ecrTable, name);
  return [
    `### ${name}`,
    operationSentence(name) + (name in paginators ? " Answers come in pages." : ""),
    ...section("Takes", input),
    ...section("Answers", output),
    "Errors:",
    bullets(errors.map((error) => [error, ecrSentences.exceptions[error] ?? ""])),
  ].join("\n\n");
}

function section(word: string, structure: string): readonly string[] {
  const list = memberList(structure);
  return list === undefined ? [`${word} nothing.`] : [`${word}:`, list];
}

function memberList(structure: string): string | undefined {
  const service = services.find(({ table }) => table === ecrTable);
  const members = structureMembers(structure);
  if (service === undefined || members.length === 0) return undefined;
  const lines = members.map(({ name, shape, required }) => {
    const text = memberText(service, structure, name, shape).replace("@deprecated ", "Deprecated: ");
    const member = required ? `**\`${name}\`**` : `\`${name}\``;
    return `- ${member} (${typeText(shape)}): ${text}${values(shape)}`;
  });
  return lines.join("\n");
}

function typeText(name: string): string {
  const shape = shapeOf(ecrTable, name);
  if (typeof shape === "string") return shape;
  if ("structure" in shape) return link(name);
  if ("list" in shape) return `list of ${typeText(shape.list)}`;
  return `map of ${typeText(shape.map)}`;
}

/** The values of an enum, also of one in a list. */
function values(name: string): string {
  const shape = shapeOf(ecrTable, name);
  if (typeof shape !== "string" && "list" in shape) return values(shape.list);
  const { enum: known } = constraints[name] ?? {};
  return known === undefined ? "" : ` One of ${known.map((value) => `\`${value}\``).join(", ")}.`;
}

function bullets(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, sentence]) => `- \`${name}\`: ${sentence}`).join("\n");
}

function link(name: string): string {
  return `[${name}](#${name.toLowerCase()})`;
}
