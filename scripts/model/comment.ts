import { memberSentence } from "../../packages/model/src/table/sentences.ts";
import type { Constraint, Shape } from "../../packages/model/src/table/table.ts";
import type { Service } from "./service.ts";

const DEPRECATED = "Deprecated: ";

/** A doc comment, wrapped at 120 columns; nothing for no text. */
export function comment(text: string, indent = ""): string {
  if (text === "") return "";
  const safe = text.replaceAll("*/", "*\\/");
  const single = `${indent}/** ${safe} */`;
  if (single.length <= 120) return `${single}\n`;
  const lines: string[] = [];
  let line = `${indent} *`;
  for (const word of safe.split(" ")) {
    if (line.length + 1 + word.length > 118) {
      lines.push(line);
      line = `${indent} *`;
    }
    line += ` ${word}`;
  }
  lines.push(line);
  return `${indent}/**\n${lines.join("\n")}\n${indent} */\n`;
}

/** The sentence for a member, with its bounds behind. */
export function memberText(service: Service, structure: string, member: string, shapeName: string): string {
  const written = memberSentence(service.sentences, { structure, member, shape: shapeName }) ?? "";
  const sentence = written.startsWith(DEPRECATED) ? `@deprecated ${written.slice(DEPRECATED.length)}` : written;
  const bounds = boundsText(service.table.shapes[shapeName], service.constraints[shapeName]);
  return [sentence, bounds].filter((part) => part !== "").join(" ");
}

function boundsText(shape: Shape | undefined, constraint: Constraint | undefined): string {
  if (shape === undefined || constraint === undefined) return "";
  const { min, max } = constraint;
  const unit = unitOf(shape);
  if (min !== undefined && max !== undefined) return `${count(min)} to ${count(max)}${unit}.`;
  if (max !== undefined) return `At most ${count(max)}${unit}.`;
  return min === undefined ? "" : `At least ${count(min)}${unit}.`;
}

function unitOf(shape: Shape): string {
  if (typeof shape !== "string") return "list" in shape ? " items" : " entries";
  if (shape === "string") return " characters";
  return shape === "blob" ? " bytes" : "";
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
