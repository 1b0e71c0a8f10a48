import { constraints } from "../../packages/model/src/ecr/table/constraints.ts";
import { paginators } from "../../packages/model/src/ecr/table/paginators.ts";
import { ecrSentences } from "../../packages/model/src/ecr/table/sentences/sentences.ts";
import { ecrTable } from "../../packages/model/src/ecr/table/table.ts";
import { waiters } from "../../packages/model/src/ecr/table/waiters.ts";
import { ecrRules } from "../../packages/model/src/ecr/validate.ts";
import { structuresIn } from "../../packages/model/src/schema/reachable.ts";
import { memberSentence } from "../../packages/model/src/table/sentences.ts";
import { operationOf, shapeOf } from "../../packages/model/src/table/table.ts";
import type { Constraint } from "../../packages/model/src/table/table.ts";
import { commonErrorSentences, operationSentence, resources, structureMembers } from "./facts.ts";

/** Errors that nearly all operations share are told once. */
const SHARED = ["InvalidParameterException", "ServerException"];
const SUFFIX = "Exception";

/** Structures that callers send, requests among them. */
const sent = structuresIn(
  ecrTable,
  Object.values(ecrTable.operations).map(({ input }) => input),
);

/** The API in as few words as an agent needs to call it rightly. */
export function textFile(): string {
  const messages = new Set(Object.values(ecrTable.operations).flatMap(({ input, output }) => [input, output]));
  const structures = [...structuresIn(ecrTable, [...messages])].filter((name) => !messages.has(name)).toSorted();
  const shapes = [
    ...resources.flatMap(([resource, operations]) => ["", `## ${resource}`, ...operations.flatMap(operationLines)]),
    "",
    "## Structures",
    ...structures.map((name) => `${name} ${membersText(name)}`),
  ];
  return [
    ...introduction(),
    ...shapes,
    "",
    "## Values",
    ...valueLines(shapes.join("\n")),
    "",
    "## Members of requests",
    ...memberLines(),
    "",
    "## Errors",
    ...Object.entries(ecrSentences.exceptions).map(([name, sentence]) => `${short(name)}: ${sentence}`),
    "",
    "## Errors of every operation (whole names)",
    ...Object.entries(commonErrorSentences).map(([name, sentence]) => `${name}: ${sentence}`),
    "",
  ].join("\n");
}

function introduction(): readonly string[] {
  return [
    `# Amazon ECR API ${ecrTable.apiVersion}, as served by Stowage`,
    "",
    `Call: POST / with Content-Type: application/x-amz-json-1.1, X-Amz-Target: ${ecrTable.targetPrefix}.OPERATION and a JSON`,
    `object as body, signed by AWS Signature Version 4 (service ${ecrTable.signingName}). 200 answers a JSON object; 400 and 500 answer`,
    `{"__type": ERROR, "message": TEXT}. Times are seconds since the epoch, bytes base64. Unknown members are passed over.`,
    "registryId is the account, 12 digits, the caller's own when absent.",
    "",
    "Notation: name!: must be given. [T]: list. {K: V}: map. Limits in parentheses: lengths of strings and lists, values of",
    "numbers. (pages): answers nextToken while there is more; pass it on, with maxResults as size of a page.",
    `Errors leave out the ending ${SUFFIX}, and InvalidParameter and Server, which nearly every operation may answer.`,
    `Polling: ${Object.values(waiters)
      .map(
        ({ operation, path, success, failure, delaySeconds }) =>
          `${operation} every ${delaySeconds} s until ${path} is ${success} or ${failure}`,
      )
      .join("; ")}.`,
  ];
}

function operationLines(name: string): readonly string[] {
  const { input, output, errors } = operationOf(ecrTable, name);
  const own = errors.filter((error) => !SHARED.includes(error)).map(short);
  return [
    `${name}${name in paginators ? " (pages)" : ""}: ${operationSentence(name)}`,
    `  in ${membersText(input)}`,
    `  out ${membersText(output)}`,
    ...(own.length === 0 ? [] : [`  errors ${own.join(", ")}`]),
  ];
}

function membersText(structure: string): string {
  const members = structureMembers(structure);
  if (members.length === 0) return "{}";
  const isSent = sent.has(structure);
  const texts = members.map(({ name, shape, required }) => {
    const pattern = ecrRules.memberPatterns[`${structure}.${name}`];
    const type = `${typeText(shape, isSent)}${pattern === undefined ? "" : ` /${pattern}/`}`;
    return `${name}${required && isSent ? "!" : ""}: ${type}`;
  });
  return `{ ${texts.join(", ")} }`;
}

/** What is only answered has no limits: nobody needs to keep them. */
function typeText(name: string, isSent: boolean): string {
  const shape = shapeOf(ecrTable, name);
  if (typeof shape === "string") {
    const isNamed = isSent ? !isPlain(name) : constraints[name]?.enum !== undefined;
    return isNamed ? name : shape;
  }
  if ("structure" in shape) return name;
  if ("list" in shape) return `[${typeText(shape.list, isSent)}]${isSent ? limits(constraints[name]) : ""}`;
  return `{${typeText(shape.key, isSent)}: ${typeText(shape.map, isSent)}}`;
}

/** Whether its JSON type is all that there is to say of a value. */
function isPlain(name: string): boolean {
  const { min = 0, ...rest } = constraints[name] ?? {};
  return min === 0 && Object.keys(rest).length === 0;
}

function limits({ min = 0, max }: Constraint = {}): string {
  if (max === undefined) return min === 0 ? "" : `(${min}..)`;
  return `(${min}..${max})`;
}

/** @param text what names the values */
function valueLines(text: string): readonly string[] {
  const scalars = Object.entries(ecrTable.shapes).filter(
    ([name, shape]) => typeof shape === "string" && !isPlain(name) && new RegExp(`[:[] ?${name}\\b`, "u").test(text),
  );
  return scalars.map(([name, shape]) => {
    const { pattern, enum: values, ...bounds } = constraints[name] ?? {};
    if (values !== undefined) return `${name}: ${values.join(" | ")}`;
    return `${name}: ${typeof shape === "string" ? shape : ""}${limits(bounds)}${pattern === undefined ? "" : ` /${pattern}/`}`;
  });
}

/** What members mean that a caller writes, each sentence once; by structure where a name does not mean the same everywhere. */
function memberLines(): readonly string[] {
  const meanings = new Map<string, Map<string, string[]>>();
  for (const structure of sent) {
    for (const { name, shape: member } of structureMembers(structure)) {
      const sentence = memberSentence(ecrSentences, { structure, member: name, shape: member }) ?? "";
      const known = meanings.get(name) ?? new Map<string, string[]>();
      known.set(sentence, [...(known.get(sentence) ?? []), structure]);
      meanings.set(name, known);
    }
  }
  return [...meanings]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, known]) => {
      const [commonest = ""] = [...known].toSorted(([, a], [, b]) => b.length - a.length).map(([sentence]) => sentence);
      return [...known].map(([sentence, structures]) =>
        sentence === commonest ? `${name}: ${sentence}` : `${name} of ${structures.join(", ")}: ${sentence}`,
      );
    });
}

function short(error: string): string {
  return error.endsWith(SUFFIX) ? error.slice(0, -SUFFIX.length) : error;
}
