import { membersOf, operationOf, shapeOf } from "../../packages/model/src/table/table.ts";
import { memberText } from "../model/comment.ts";
import type { Service } from "../model/service.ts";

const WIDTH = 118;
export const ECR_REFERENCE = "Amazon ECR API reference";

/** What an editor shows of an operation: sentence, members with their limits, errors, source if there is one. */
export function operationDoc(service: Service, name: string, { indent = "", source = "" } = {}): string {
  const { table, sentences } = service;
  const { input, output, errors } = operationOf(table, name);
  return block(indent, [
    sentences.operations[name] ?? "",
    ...membersDoc(service, "Takes", input),
    ...membersDoc(service, "Answers", output),
    ...errors.map((error) => `@throws ${error} ${uncapital(sentences.exceptions[error] ?? "")}`.trimEnd()),
    ...(source === "" ? [] : [`Source: ${source}, ${name}.`]),
  ]);
}

/** Lines of a doc comment, each wrapped with a hanging indent. */
export function block(indent: string, lines: readonly string[]): string {
  const [only] = lines;
  const single = `${indent}/** ${only} */`;
  if (lines.length === 1 && single.length <= WIDTH + 2) return `${single}\n`;
  const text = lines.flatMap((line) => wrapped(line, WIDTH - indent.length - 3));
  return `${indent}/**\n${text.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

function membersDoc(service: Service, word: string, structure: string): readonly string[] {
  const shape = shapeOf(service.table, structure);
  if (typeof shape === "string" || !("structure" in shape)) return [];
  const members = membersOf(shape);
  if (members.length === 0) return [`${word} nothing.`];
  const lines = members.map((member) => {
    const text = memberText(service, structure, member.name, member.shape).replace("@deprecated ", "Deprecated: ");
    return `- \`${member.name}\`${member.required ? " (required)" : ""}: ${text}`;
  });
  return ["", `${word}`, ...lines];
}

function wrapped(line: string, width: number): readonly string[] {
  const hanging = line.startsWith("- ") || line.startsWith("@") ? "  " : "";
  const lines: string[] = [];
  let current = "";
  for (const word of line.replaceAll("*/", "*\\/").split(" ")) {
    if (current !== "" && current.length + 1 + word.length > width) {
      lines.push(current);
      current = `${hanging}${word}`;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

function uncapital(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
